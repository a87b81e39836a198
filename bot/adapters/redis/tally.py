"""How many quotes were not shown because they failed the last check, counted by every process."""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis

from bot.adapters.redis.keys import Keys


class RedisTally:
    """Implements ``Tally``."""

    def __init__(self, redis: Redis, keys: Keys) -> None:
        self._redis = redis
        self._keys = keys

    async def withheld(self, stage: str, number: int) -> None:
        """Count ``number`` quotes that a stage did not show."""
        await self._redis.hincrby(self._keys.withheld, stage, number)

    async def counts(self) -> dict[str, int]:
        """Stage → quotes, ever."""
        found: Any = await self._redis.hgetall(self._keys.withheld)
        return {stage.decode(): int(number) for stage, number in found.items()}
