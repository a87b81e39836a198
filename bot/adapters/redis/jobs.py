"""JOBS: requests that were acknowledged in chat and are carried out by a worker."""

from __future__ import annotations

from redis.asyncio import Redis

from bot.adapters.clock import Clock
from bot.adapters.redis.codec import encode
from bot.adapters.redis.keys import GUARD_MS, Keys
from bot.adapters.redis.scripts import Scripts
from bot.domain.jobs import ShareReply


class RedisJobs:
    """Takes each request once, however often a platform or a person repeats it."""

    def __init__(self, redis: Redis, keys: Keys, clock: Clock, *, guard_ms: int = GUARD_MS) -> None:
        self._keys = keys
        self._scripts = Scripts(redis, clock)
        self._guard_ms = guard_ms

    async def submit(self, request: ShareReply) -> None:
        """Put a request on JOBS, once per request id."""
        await self._scripts.run(
            "job_submit",
            [self._keys.guard(f"job:{request.request_id}"), self._keys.stream("jobs")],
            [encode(request), self._guard_ms],
        )
