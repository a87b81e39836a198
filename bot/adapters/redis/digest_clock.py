"""When digests fall due, in Redis: each is keyed by destination, slot and local date."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec
from redis.asyncio import Redis

from bot.adapters.clock import Clock
from bot.adapters.redis.keys import DAY_MS, Keys
from bot.adapters.redis.scripts import Scripts
from bot.adapters.redis.streams import ARTICLES, digest_due
from bot.domain.stories import DigestDue
from bot.domain.times import to_ms

#: Nobody schedules a digest of a month ago again.
_FIRED_MS: Final = 30 * DAY_MS
#: Slots that nobody plans by the clock.
_ASKED: Final = ("now:", "catch-up")


class RedisDigestClock:
    """Due digests; the port ``DigestClock``."""

    def __init__(self, redis: Redis, keys: Keys, clock: Clock) -> None:
        self._redis = redis
        self._keys = keys
        self._clock = clock
        self._scripts = Scripts(redis, clock)

    async def schedule(self, due: Mapping[DigestDue, datetime]) -> None:
        """Add digests; one already there or already fired keeps its time."""
        args: list[bytes | int] = []
        for digest, moment in due.items():
            args += (msgspec.json.encode(digest), to_ms(moment))
        await self._scripts.run("schedule_digests", self._key_list, args)

    async def forget_unplanned(self, planned: Collection[DigestDue]) -> None:
        """Take off what was planned by times and channels that are not configured any more.

        What is due by now stays, and so does what somebody asked for.
        """
        now = to_ms(self._clock.now())
        waiting: Any = await self._redis.zrangebyscore(self._keys.digests_due, f"({now}", "+inf")
        gone = [
            each
            for each in waiting
            if (due := digest_due(each)) not in planned and not due.slot.startswith(_ASKED)
        ]
        if gone:
            await self._redis.zrem(self._keys.digests_due, *gone)

    async def fire_due(self) -> tuple[DigestDue, ...]:
        """Move every due digest onto ARTICLES in one script; each fires once."""
        keys = [*self._key_list, self._keys.stream(ARTICLES)]
        fired = await self._scripts.run("fire_digests", keys, [_FIRED_MS])
        return tuple(map(digest_due, fired))

    @property
    def _key_list(self) -> list[str]:
        return [self._keys.digests_due, self._keys.digests_fired]
