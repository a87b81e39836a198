"""Stream entries in a consumer's hands, as the stores get them from the bus."""

from __future__ import annotations

from redis.asyncio import Redis

from bot.adapters.clock import Clock
from bot.adapters.redis.bus import Group, publish
from bot.adapters.redis.keys import Keys
from bot.adapters.redis.scripts import Scripts
from bot.domain.jobs import Claimed


class Entries:
    """Puts entries on streams and reads them as one consumer or another."""

    def __init__(self, redis: Redis, keys: Keys, clock: Clock) -> None:
        self._redis = redis
        self._keys = keys
        self._clock = clock

    def group(self, stream: str, consumer: str) -> Group:
        return Group(self._redis, self._keys, self._clock, stream, consumer=consumer, idle_ms=0)

    async def claim(
        self, stream: str, consumer: str = "first", *, put: bool = True, **fields: bytes
    ) -> Claimed:
        """The next entry; one is put there before unless the product has done so."""
        group = self.group(stream, consumer)
        await group.ensure()
        if put:
            await publish(
                Scripts(self._redis, self._clock), self._keys, stream, {"k": "x", **fields}
            )
        (delivery,) = await group.read(1)
        return delivery.claimed

    async def steal(self, stream: str, consumer: str = "second") -> Claimed:
        """Take over what another consumer holds."""
        _, (delivery,) = await self.group(stream, consumer).claim_stale(1)
        return delivery.claimed

    async def pending(self, stream: str) -> int:
        return (await self.group(stream, "looking").backlog()).pending

    async def length(self, stream: str) -> int:
        return int(await self._redis.xlen(self._keys.stream(stream)))
