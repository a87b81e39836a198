"""Posts that wait for a refused token or channel, and how often one of them is tried.

post refused ─► parked:<where>, waiting:<where> ─► one is tried now and then
└─► went out: open, all are released
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from redis.asyncio import Redis

from bot.adapters.clock import Clock
from bot.adapters.redis.codec import encode
from bot.adapters.redis.keys import MEMORY_MS, Keys
from bot.adapters.redis.outbox import FIRST_TRY_MS, post_of
from bot.adapters.redis.scripts import Scripts
from bot.adapters.redis.streams import DELIVERIES
from bot.domain.channels import Destination
from bot.domain.parked import Parked
from bot.domain.posts import DesiredPost, Post, PostKey
from bot.domain.times import from_ms

#: Between two tries at least, whatever happens there.
SPACING_MS: Final = 5_000


class RedisWaiting:
    """What is parked, and what waits there."""

    def __init__(self, redis: Redis, keys: Keys, clock: Clock) -> None:
        self._redis = redis
        self._keys = keys
        self._scripts = Scripts(redis, clock)

    async def parked(self) -> tuple[Parked, ...]:
        """What is refused, the longest first."""
        names = await self._names()
        async with self._redis.pipeline(transaction=False) as pipe:
            for name in names:
                pipe.hgetall(self._keys.parked_at(name))
                pipe.zcard(self._keys.waiting(name))
            found = await pipe.execute()
        return tuple(
            Parked(
                where=Destination.parse(name),
                since=from_ms(int(fields[b"since"])),
                problem=fields[b"problem"].decode(),
                next_try=from_ms(int(fields[b"next"])),
                works=b"open" in fields,
                waiting=waiting,
            )
            for name, fields, waiting in zip(names, found[::2], found[1::2], strict=True)
            if fields
        )

    async def hasten(self, platform: str | None = None) -> None:
        """Try soon what is parked, of one platform or all: something there has changed."""
        names = [
            name
            for name in await self._names()
            if platform in (None, Destination.parse(name).platform)
        ]
        if names:
            keys = [self._keys.parked_at(name) for name in names]
            await self._scripts.run("parked_hasten", keys, [SPACING_MS, FIRST_TRY_MS])

    async def posts(self, where: Destination, *, limit: int) -> tuple[Post, ...]:
        """What waits there, the oldest first; what was forgotten meanwhile is left out."""
        names: Any = await self._redis.zrange(self._keys.waiting(str(where)), 0, limit - 1)
        keys = [PostKey.parse(name.decode()) for name in names]
        async with self._redis.pipeline(transaction=False) as pipe:
            for key in keys:
                pipe.hgetall(self._keys.post(str(key)))
            records = await pipe.execute()
        return tuple(
            post_of(key, fields) for key, fields in zip(keys, records, strict=True) if fields
        )

    async def probe(self, where: Destination, key: PostKey | None) -> None:
        """Have one post tried; None where nothing waits, which ends the parking."""
        name = "" if key is None else str(key)
        await self._scripts.run("parked_probe", self._at(where), [str(where), name, MEMORY_MS])

    async def release(self, where: Destination, keys: Sequence[PostKey]) -> bool:
        """Put posts back on DELIVERIES once it works; returns whether nothing waits any more."""
        args = [str(where), *map(str, keys)]
        released: int = await self._scripts.run("parked_release", self._at(where), args)
        return released == 1

    async def fold(
        self, where: Destination, digest: DesiredPost, posts: Sequence[tuple[Post, str]]
    ) -> bool:
        """Want ``digest`` in place of posts, each with what it says of it, in one script.

        Returns False, and changes nothing, when one of them has moved on meanwhile.
        """
        args: list[str | bytes | int] = [str(digest.key), encode(digest.brief), MEMORY_MS]
        for post, told in posts:
            args += (str(post.key), post.desired, told)
        folded: int = await self._scripts.run(
            "parked_fold",
            [
                self._keys.post(str(digest.key)),
                self._keys.stream(DELIVERIES),
                self._keys.posts,
                self._keys.waiting(str(where)),
                *(self._keys.post(str(post.key)) for post, _ in posts),
            ],
            args,
        )
        return folded == 1

    def _at(self, where: Destination) -> list[str]:
        return [
            self._keys.stream(DELIVERIES),
            self._keys.parked,
            self._keys.parked_at(str(where)),
            self._keys.waiting(str(where)),
        ]

    async def _names(self) -> list[str]:
        names: Any = await self._redis.zrange(self._keys.parked, 0, -1)
        return [name.decode() for name in names]
