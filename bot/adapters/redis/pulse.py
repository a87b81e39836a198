"""Signs of life of a deployment, and whether its server still takes writes."""

from __future__ import annotations

from collections.abc import Mapping

from redis import exceptions
from redis.asyncio import Redis

from bot.adapters.clock import Clock
from bot.adapters.redis.ailments import in_words
from bot.adapters.redis.keys import Keys
from bot.adapters.redis.scripts import Scripts
from bot.domain.health import Signs


class RedisPulse:
    """What processes tell by being alive."""

    def __init__(
        self, redis: Redis, keys: Keys, clock: Clock, *, groups: Mapping[str, str]
    ) -> None:
        """``groups`` maps each stream that is worked on to its group."""
        self._redis = redis
        self._keys = keys
        self._scripts = Scripts(redis, clock)
        self._groups = groups

    async def beat(self, role: str) -> None:
        """Say that a process of ``role`` is alive and gets on."""
        await self._scripts.run("beat", [self._keys.beats], [role])

    async def signs(self) -> Signs:
        """What can be seen in the server alone."""
        streams = [self._keys.stream(name) for name in self._groups]
        alive, desk, waited = await self._scripts.run(
            "pulse", [self._keys.beats, self._keys.desk, *streams], [*self._groups.values()]
        )
        return Signs(
            alive={
                role.decode(): int(ms) / 1000
                for role, ms in zip(alive[::2], alive[1::2], strict=True)
            },
            desk_free=int(desk) / 1000 if desk else None,
            oldest={
                group: int(ms) / 1000
                for group, ms in zip(self._groups.values(), waited, strict=True)
                if int(ms) >= 0
            },
            refused=await self._refusal(),
        )

    async def _refusal(self) -> str | None:
        """Why a write is refused; None when it is not."""
        try:
            await self._redis.set(self._keys.guard("written"), b"1", px=60_000)
        except exceptions.RedisError as error:
            return in_words(error)
        return None
