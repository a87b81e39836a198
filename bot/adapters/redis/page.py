"""The page as a destination: a post is shown there once its key is listed, the newest first.

The brief itself stays in the post's record, so an edit has nothing to write but its time.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from redis.asyncio import Redis

from bot.adapters.clock import Clock
from bot.adapters.redis.keys import MEMORY_MS, Keys
from bot.domain.posts import Brief, PostKey, Receipt
from bot.domain.times import from_ms, to_ms
from bot.ports.work import Begin


class PageSender:
    """Sends posts to the page."""

    #: The list is ours, so an absent post was never sent.
    can_look_up: bool = True
    edits_in_place: bool = True

    def __init__(
        self, redis: Redis, keys: Keys, clock: Clock, *, memory_ms: int = MEMORY_MS
    ) -> None:
        self._redis = redis
        self._keys = keys
        self._clock = clock
        self._memory_ms = memory_ms

    async def send(self, key: PostKey, brief: Brief, begin: Begin) -> Receipt:
        """List the post; sending it again changes nothing but its time."""
        await begin()
        now = self._clock.now()
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.zadd(self._keys.page, {str(key): to_ms(now)})
            pipe.zremrangebyscore(self._keys.page, "-inf", to_ms(now) - self._memory_ms)
            await pipe.execute()
        return Receipt(handle=page_path(key), at=now)

    async def edit(self, key: PostKey, handle: str, brief: Brief, begin: Begin) -> None:
        """Move the post up, if it is still listed."""
        await begin()
        await self._redis.zadd(self._keys.page, {str(key): to_ms(self._clock.now())}, xx=True)

    async def find(self, key: PostKey, *, since: datetime) -> Receipt | None:
        """The post's receipt if it is listed."""
        score: Any = await self._redis.zscore(self._keys.page, str(key))
        return None if score is None else Receipt(handle=page_path(key), at=from_ms(int(score)))

    async def published(self, limit: int) -> tuple[PostKey, ...]:
        """Keys of the posts on the page, the newest first."""
        names: Any = []
        if limit > 0:
            names = await self._redis.zrange(self._keys.page, 0, limit - 1, desc=True)
        return tuple(PostKey.parse(name.decode()) for name in names)


def page_path(key: PostKey) -> str:
    """Where the page shows a post: ``/posts/<short id>``, the same for the same key."""
    return f"/posts/{hashlib.sha256(str(key).encode()).hexdigest()[:16]}"
