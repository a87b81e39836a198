"""How much of the server's memory is taken, and trimming the two streams of articles to fit."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from bot.adapters.clock import Clock
from bot.adapters.redis.bus import safe_trim
from bot.adapters.redis.keys import ARTICLES_MS, Keys
from bot.adapters.redis.scripts import Scripts
from bot.adapters.redis.streams import ARTICLES, KEPT, RETENTION, stored_at
from bot.domain.room import Extent, Room, Shortage
from bot.domain.times import from_ms

#: Nodes of a stream that are weighed to tell the weight of all.
_SAMPLES: Final = 2_000
#: Records that are looked at where nodes may not be weighed, and what they take beyond their data.
_NEWEST: Final = 100
_OVERHEAD: Final = 1.1
#: Records forgotten in one script.
_FORGOTTEN: Final = 500


class RedisRoom:
    """Implements ``ServerRoom``."""

    def __init__(self, redis: Redis, keys: Keys, clock: Clock, *, cap: int | None = None) -> None:
        """``cap`` is in bytes; less than the server's own limit, or for a server without one."""
        self._redis = redis
        self._keys = keys
        self._clock = clock
        self._scripts = Scripts(redis, clock)
        self._cap = cap

    async def measure(self) -> Room:
        """What is taken now, as the server counts it."""
        memory = await self._redis.info("memory")
        since: Any = await self._redis.hgetall(self._keys.room)
        return Room(
            now=self._clock.now(),
            used=int(memory["used_memory"]),
            cap=self._cap_of(memory),
            articles=await self._extent(ARTICLES),
            kept=await self._extent(KEPT),
            since={Shortage(name.decode()): from_ms(int(ms)) for name, ms in since.items()},
        )

    async def trim(self, *, articles: int | None, kept: int | None) -> int:
        """Drop what is too old, and the oldest beyond so many records; returns how many.

        What the desk has not finished stays, however many that is.
        """
        gone = 0
        for stream, length in ((ARTICLES, articles), (KEPT, kept)):
            retention = RETENTION[stream]._replace(length=length)
            gone += await safe_trim(self._scripts, self._keys, stream, retention)
        while await self._forget() == _FORGOTTEN:
            pass
        return gone

    async def note(self, shortages: Collection[Shortage]) -> dict[Shortage, datetime]:
        """Note what is short now; returns all that is noted, and since when."""
        found: list[bytes] = await self._scripts.run(
            "room_short", [self._keys.room], sorted(shortages)
        )
        pairs = zip(found[::2], found[1::2], strict=True)
        return {Shortage(name.decode()): from_ms(int(ms)) for name, ms in pairs}

    async def eased(self, shortage: Shortage) -> None:
        """Take off what is short no more."""
        done: Any = self._redis.hdel(self._keys.room, shortage)
        await done

    async def _forget(self) -> int:
        keys = [
            self._keys.stream(KEPT),
            self._keys.kept_ids,
            self._keys.kept_copies,
            self._keys.where(""),
        ]
        return int(await self._scripts.run("forget_kept", keys, [ARTICLES_MS, _FORGOTTEN]))

    async def _extent(self, name: str) -> Extent:
        stream = self._keys.stream(name)
        records = int(await self._redis.xlen(stream))
        if not records:
            return Extent()
        weight = await self._weight(stream, records)
        first: Any = await self._redis.xrange(stream, count=1)
        since = stored_at(first[0][0].decode()) if first else None
        return Extent(records=records, bytes=weight, since=since)

    async def _weight(self, stream: str, records: int) -> int:
        """Bytes of a stream; guessed by its newest records where the server does not say."""
        try:
            return int(await self._redis.memory_usage(stream, samples=_SAMPLES) or 0)
        except ResponseError:
            newest: Any = await self._redis.xrevrange(stream, count=_NEWEST)
        sizes = [sum(map(len, fields.values())) for _, fields in newest]
        return round(_OVERHEAD * records * sum(sizes) / max(len(sizes), 1))

    def _cap_of(self, memory: dict[str, Any]) -> int:
        """The server's limit or ours, the lower; without any, half the machine's memory."""
        known = [cap for cap in (int(memory.get("maxmemory", 0)), self._cap or 0) if cap]
        return min(known, default=max(int(memory.get("total_system_memory", 0)) // 2, 1))
