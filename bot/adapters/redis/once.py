"""What is to be done once, though a platform may ask for it several times.

Whoever takes a name works on it for a while undisturbed; one that dies leaves it to the next
that asks, one that is done keeps all others off.
"""

from __future__ import annotations

from typing import Final

from redis.asyncio import Redis

from bot.adapters.redis.keys import GUARD_MS, Keys

#: How long somebody may work on it; chat platforms ask again after about a minute.
_WORK_MS: Final = 30_000


class RedisOnce:
    """Names of requests that are being worked on, or are done."""

    def __init__(self, redis: Redis, keys: Keys, *, work_ms: int = _WORK_MS) -> None:
        self._redis = redis
        self._keys = keys
        self._work_ms = work_ms

    async def take(self, name: str) -> bool:
        """Whether the work is ours; False when somebody is at it or it is done."""
        return bool(await self._redis.set(self._keys.guard(name), "1", nx=True, px=self._work_ms))

    async def done(self, name: str) -> None:
        """Keep it from being done again."""
        await self._redis.set(self._keys.guard(name), "1", px=GUARD_MS)

    async def give_up(self, name: str) -> None:
        """Let the next that asks do it."""
        await self._redis.delete(self._keys.guard(name))
