"""Pages and robots.txt kept for a while, and whose turn it is at a host; the port ``PageStore``.

A host's turns stand in one hash and are given out by one script, so all processes together keep
the distance. A turn that was taken and never ended lapses with its lease.
"""

from __future__ import annotations

from typing import Any, Final

from redis.asyncio import Redis

from bot.adapters.clock import Clock
from bot.adapters.redis.codec import decode, encode
from bot.adapters.redis.keys import DAY_MS, PAGE_MS, Keys
from bot.adapters.redis.scripts import Scripts

#: How large a page that is kept may be, compressed, in bytes.
MOST: Final = 1024 * 1024
#: Longer than any fetch.
_LEASE_MS: Final = 60_000


class RedisPageStore:
    """What fetching pages politely has to remember."""

    def __init__(
        self, redis: Redis, keys: Keys, clock: Clock, *, lease_ms: int = _LEASE_MS
    ) -> None:
        self._redis = redis
        self._keys = keys
        self._scripts = Scripts(redis, clock)
        self._lease_ms = lease_ms

    async def page(self, name: str) -> bytes | None:
        """A page kept under ``name``, while it is fresh."""
        data: Any = await self._redis.get(self._keys.page_text(name))
        return decode(data, bytes) if data else None

    async def keep_page(self, name: str, body: bytes) -> None:
        """Keep a page for ten minutes; one of more than a mebibyte, compressed, is not kept."""
        data = encode(body)
        if len(data) <= MOST:
            await self._redis.set(self._keys.page_text(name), data, px=PAGE_MS)

    async def drop_page(self, name: str) -> None:
        """Keep a page no longer."""
        await self._redis.delete(self._keys.page_text(name))

    async def robots(self, where: str) -> str | None:
        """The robots.txt at an address, empty for none; None when it is not known."""
        data: Any = await self._redis.get(self._keys.robots(where))
        return decode(data, str) if data else None

    async def keep_robots(self, where: str, rules: str, seconds: float) -> None:
        """Remember a robots.txt for so long."""
        await self._redis.set(self._keys.robots(where), encode(rules), px=round(seconds * 1000))

    async def enter(
        self, host: str, name: str, *, spacing: float, at_once: int, patience: float
    ) -> float | None:
        """Take or await a turn: 0 to go, seconds to wait, None when it takes too long."""
        wait: int = await self._scripts.run(
            "turn_take",
            [self._keys.turns(host)],
            [
                name,
                round(spacing * 1000),
                at_once,
                round(patience * 1000),
                self._lease_ms,
                DAY_MS,
            ],
        )
        return None if wait < 0 else wait / 1000

    async def leave(self, host: str, name: str) -> None:
        """End a turn."""
        await self._redis.hdel(self._keys.turns(host), f"at:{name}")

    async def hold(self, host: str, seconds: float) -> None:
        """Leave a host alone for so long, as it asked; a day at most."""
        await self._scripts.run(
            "turn_hold",
            [self._keys.turns(host)],
            [min(max(round(seconds * 1000), 0), DAY_MS), DAY_MS],
        )
