"""What processes that are all dead had taken is anybody's at once, not when its leases end.

Only for a process that knows that nobody else is at work on this server: a lone ``run``, by its
lock. What may have gone out keeps its grace: it may still land.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from redis.asyncio import Redis

from bot.adapters.clock import Clock
from bot.adapters.redis.keys import Keys
from bot.adapters.redis.scripts import Scripts
from bot.adapters.redis.streams import GROUPS

_SPECIAL: Final = re.compile(r"([*?\[\]\\^])")


class Inherited(NamedTuple):
    """How much of each was in the hands of the dead."""

    entries: int
    posts: int
    feeds: int
    looks: int


async def inherit(
    redis: Redis, keys: Keys, clock: Clock, *, idle: float, grace: float
) -> Inherited:
    """End every lease there is.

    Args:
        redis: The server.
        keys: Of the deployment.
        clock: Of this process.
        idle: Seconds without a heartbeat after which a stream entry is taken over.
        grace: Seconds in which a request that was sent may still land.
    """
    hosts = _SPECIAL.sub(r"\\\1", keys.turns("")) + "*"
    turns = [key async for key in redis.scan_iter(match=hosts, count=1_000)]
    found = await Scripts(redis, clock).run(
        "inherit",
        [
            keys.desk,
            keys.feeds_due,
            keys.looks_due,
            keys.look(""),
            keys.post(""),
            *map(keys.stream, GROUPS),
            *(key.decode() for key in turns),
        ],
        [round(idle * 1000), round(grace * 1000), *GROUPS.values()],
    )
    return Inherited(*found)
