"""What is to be done once, though a platform may ask for it several times.

Whoever takes a name works on it for a while undisturbed; one that dies leaves it to the next
that asks, one that is done keeps all others off.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, TypeVar

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.adapters.redis.keys import GUARD_MS, Keys
from bot.domain.errors import NotYet, OutcomeUnknown

T = TypeVar("T")

#: How long somebody may work on it; chat platforms ask again after about a minute.
_WORK_MS: Final = 30_000
_AT_IT: Final = b"at it"
_DONE: Final = b"done"


class RedisOnce:
    """Names of requests that are being worked on, or are done."""

    def __init__(self, redis: Redis, keys: Keys, *, work_ms: int = _WORK_MS) -> None:
        self._redis = redis
        self._keys = keys
        self._work_ms = work_ms

    async def do(self, name: str, work: Callable[[], Awaitable[T]]) -> T | None:
        """What ``work`` gives; None when it was done before. What failed may be done again.

        Raises:
            NotYet: somebody is at it; should they die, whoever asks again will do it.
        """
        if not await self._take(name):
            return None
        try:
            given = await work()
        except OutcomeUnknown:
            await self._settle(name)  # it may be done; what is missing can be asked for again
            raise
        except BaseException:
            with suppress(RedisError):
                await self._redis.delete(self._keys.guard(name))
            raise
        await self._settle(name)
        return given

    async def _take(self, name: str) -> bool:
        key = self._keys.guard(name)
        before = await self._redis.set(key, _AT_IT, nx=True, get=True, px=self._work_ms)
        if before == _AT_IT:
            raise NotYet("somebody is at it")
        return before is None

    async def _settle(self, name: str) -> None:
        """Keep it from being done again; a server that went away meanwhile undoes nothing."""
        with suppress(RedisError):
            await self._redis.set(self._keys.guard(name), _DONE, px=GUARD_MS)
