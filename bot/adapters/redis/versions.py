"""Versions of the configuration in Redis: one counter, one record a version, a bounded history."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate
from typing import Any, Final

from redis.asyncio import Redis

from bot.adapters.clock import Clock
from bot.adapters.redis.codec import decode, encode
from bot.adapters.redis.keys import SIGHT_MS, VERSIONS, VERSIONS_BYTES, Keys
from bot.adapters.redis.scripts import Scripts
from bot.adapters.redis.streams import ARTICLES, configuration_changed
from bot.domain.versions import ConfigurationChanged, Sight, Version

#: Name → content, as one compressed value.
_Files = tuple[tuple[str, bytes], ...]
_BATCH: Final = 50
#: Versions kept however large they are.
_AT_LEAST: Final = 10


class RedisVersions:
    """Implements ``Versions``."""

    def __init__(
        self,
        redis: Redis,
        keys: Keys,
        clock: Clock,
        *,
        kept: int = VERSIONS,
        most_bytes: int = VERSIONS_BYTES,
    ) -> None:
        """Keep the last ``kept`` versions, fewer where their files take more than so much."""
        self._most_bytes = most_bytes
        self._redis = redis
        self._keys = keys
        self._scripts = Scripts(redis, clock)
        self._kept = kept

    async def number(self) -> int:
        """The version in force; 0 before the first."""
        found: Any = await self._redis.get(self._keys.versions)
        return int(found or 0)

    async def publish(self, version: Version, files: Mapping[str, bytes]) -> bool:
        """Put ``version.base`` + 1 in force, with a control record on ARTICLES, in one script.

        Returns False, and writes nothing, when ``version.base`` is not in force any more.
        """
        gone = version.number - self._kept
        written: int = await self._scripts.run(
            "publish_version",
            [
                self._keys.versions,
                self._keys.version(version.number),
                self._keys.version(max(gone, 0)),
                self._keys.stream(ARTICLES),
            ],
            [
                version.base,
                version.number,
                encode(version),
                encode(tuple(sorted(files.items()))),
                configuration_changed(ConfigurationChanged(version=version.number)),
            ],
        )
        if written:
            await self._drop_beyond(version.number)
        return written == 1

    async def _drop_beyond(self, newest: int) -> None:
        """Drop the oldest versions that together with the newer ones take too many bytes."""
        numbers = range(newest, max(newest - self._kept, 0), -1)
        async with self._redis.pipeline(transaction=False) as pipe:
            for number in numbers:
                pipe.hstrlen(self._keys.version(number), "files")
            sizes = accumulate(await pipe.execute())
        gone = [
            self._keys.version(number)
            for place, (number, size) in enumerate(zip(numbers, sizes, strict=True))
            if size > self._most_bytes and place >= _AT_LEAST
        ]
        if gone:
            await self._redis.delete(*gone)

    async def files(self, number: int) -> dict[str, bytes] | None:
        """Name → content of a version; None when it is not, or no longer, stored."""
        stored: Any = await self._redis.hget(self._keys.version(number), "files")
        return None if stored is None else dict(decode(stored, _Files))

    async def history(self) -> tuple[Version, ...]:
        """The versions that are stored, the newest first."""
        newest = await self.number()
        numbers = range(newest, max(newest - self._kept, 0), -1)
        found: list[Version] = []
        for start in range(0, len(numbers), _BATCH):
            async with self._redis.pipeline(transaction=False) as pipe:
                for number in numbers[start : start + _BATCH]:
                    pipe.hget(self._keys.version(number), "about")
                found += [decode(about, Version) for about in await pipe.execute() if about]
        return tuple(found)

    async def sight(self, place: str) -> Sight | None:
        """What a folder showed last; None for one never seen."""
        stored: Any = await self._redis.get(self._keys.sight(place))
        return None if stored is None else decode(stored, Sight)

    async def remember(self, place: str, sight: Sight) -> None:
        """Remember what a folder showed."""
        await self._redis.set(self._keys.sight(place), encode(sight), px=SIGHT_MS)
