"""One attempt at an entry: what its handler raises decides what becomes of it.

nothing         the handler's own hop script acknowledged it
Recoverable     put off, with growing waits; so does a full server
Permanent       dead letter
LostOwnership   dropped: somebody else holds it
anything else   logged, left pending, delivered again after the idle time, then dead letter
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, TypeAlias, TypeVar

from redis.exceptions import OutOfMemoryError, RedisError

from bot.adapters.redis.bus import Delivery, Group
from bot.adapters.redis.streams import Decode
from bot.domain.errors import LostOwnership, Permanent, Recoverable
from bot.domain.jobs import Claimed

T = TypeVar("T")

Handle: TypeAlias = Callable[[Claimed, T], Awaitable[None]]

_log = logging.getLogger("nato_brief.bus")

#: Seconds before the second try, doubled for each further one.
_FIRST_WAIT: Final = 2.0
_LONGEST_WAIT: Final = 900.0
#: Seconds to leave a server alone that does not answer: at first, at most.
_AWAY: Final = (0.1, 5.0)


async def attempt(group: Group, decode: Decode[T], handle: Handle[T], delivery: Delivery) -> None:
    """Handle one entry and settle its failure; a RedisError leaves it pending."""
    claimed = delivery.claimed
    if delivery.unfinished > group.max_deliveries:
        await give_up(group, delivery, f"delivered {group.max_deliveries} times, never finished")
        return
    try:
        await handle(claimed, decode(claimed.id, delivery.fields))
    except (Recoverable, OutOfMemoryError) as error:
        after = wait_of(error, delivery.put_off)
        outcome = await group.retry_later(claimed, after=after, error=str(error))
        _log.info("bus.put_off %s outcome=%s problem=%r", about(delivery), outcome, str(error))
    except Permanent as error:
        await give_up(group, delivery, str(error))
    except LostOwnership:
        _log.info("bus.lost %s", about(delivery))
    except RedisError:
        raise
    except Exception as error:  # noqa: BLE001 - where a handler's bug ends
        _log.exception("bus.failed %s", about(delivery))
        if delivery.unfinished >= group.max_deliveries:
            await give_up(group, delivery, repr(error))


async def give_up(group: Group, delivery: Delivery, problem: str) -> None:
    """Move an entry to the dead letters, and say so."""
    outcome = await group.dead_letter(delivery.claimed, problem)
    _log.error("bus.dead %s outcome=%s problem=%r", about(delivery), outcome, problem)


async def until_done(stop: asyncio.Event, step: Callable[[], Awaitable[object]]) -> None:
    """Run ``step`` once; again, after growing pauses, while the server is away."""
    away = _AWAY[0]
    while not stop.is_set():
        try:
            await step()
        except (RedisError, OSError) as error:
            _log.warning("bus.away seconds=%s problem=%r", away, error)
            await pause(stop, away)
            away = min(away * 2, _AWAY[1])
        else:
            return


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait, but no longer than until ``stop``."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)


def wait_of(error: Exception, tries: int) -> float:
    """Seconds until the next try: what the other side asked for, else twice the last wait."""
    if isinstance(error, Recoverable) and error.after is not None:
        return error.after
    return min(_FIRST_WAIT * 2.0 ** min(tries, 20), _LONGEST_WAIT)


def about(delivery: Delivery) -> str:
    """The ids of an entry for a line of the log."""
    claimed = delivery.claimed
    return f"entry={claimed.id} group={claimed.group} deliveries={claimed.deliveries}"
