"""One attempt at an entry: what its handler raises decides what becomes of it.

nothing         the handler's own hop script acknowledged it
NotYet          put off until its turn
what passes     Recoverable, a full server, a machine that lacks something (files, memory, disk):
                put off, with growing waits, for ever
Permanent       dead letter
LostOwnership   dropped: somebody else holds it
the server      left pending, taken up again
anything else   a failure of its own: logged, put off, at last a dead letter
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, TypeAlias, TypeVar

from redis.exceptions import DataError, OutOfMemoryError, RedisError, ResponseError

from bot.adapters.redis.bus import Delivery, Group, PutOff
from bot.adapters.redis.streams import Decode
from bot.domain.errors import (
    LostOwnership,
    NotYet,
    Permanent,
    Recoverable,
    Unavailable,
    cause,
)
from bot.domain.jobs import Claimed

T = TypeVar("T")

Handle: TypeAlias = Callable[[Claimed, T], Awaitable[None]]

_log = logging.getLogger("nato_brief.bus")

#: What is no fault of the entry that met it, and is better later.
PASSING: Final = (Recoverable, Unavailable, OutOfMemoryError, OSError, MemoryError)

#: Seconds before the second try, doubled for each further one.
_FIRST_WAIT: Final = 2.0
_LONGEST_WAIT: Final = 900.0
#: Seconds to leave a server alone that does not answer: at first, at most.
_AWAY: Final = (0.1, 5.0)


async def attempt(group: Group, decode: Decode[T], handle: Handle[T], delivery: Delivery) -> None:
    """Handle one entry and settle its failure; an error of the server leaves it pending."""
    claimed = delivery.claimed
    if delivery.crashes >= group.max_crashes:
        await give_up(group, delivery, deadly(group, delivery))
        return
    try:
        await handle(claimed, decode(claimed.id, delivery.fields))
    except NotYet as error:
        await _put_off(group, delivery, error, counted=False)
    except PASSING as error:
        await _put_off(group, delivery, error)
    except Permanent as error:
        await give_up(group, delivery, str(error))
    except LostOwnership:
        _log.info("bus.lost %s", about(delivery))
    except Exception as error:
        if of_the_server(error):
            raise
        _log.exception("bus.failed %s", about(delivery))
        after = group.idle_ms / 1000 * 2.0**delivery.failures
        if await group.failed(claimed, after=after, error=cause(error)) is PutOff.DEAD:
            _say_dead(delivery, PutOff.DEAD, cause(error))


async def _put_off(
    group: Group, delivery: Delivery, error: Exception, *, counted: bool = True
) -> None:
    """Have an entry tried again later; said aloud the first time only."""
    after = wait_of(error, delivery.put_off)
    outcome = await group.retry_later(delivery.claimed, after=after, counted=counted)
    level = logging.INFO if counted and not delivery.put_off else logging.DEBUG
    _log.log(level, "bus.put_off %s outcome=%s problem=%r", about(delivery), outcome, str(error))


async def give_up(group: Group, delivery: Delivery, problem: str) -> None:
    """Move an entry to the dead letters, and say so."""
    _say_dead(delivery, await group.dead_letter(delivery.claimed, problem), problem)


def _say_dead(delivery: Delivery, outcome: PutOff, problem: str) -> None:
    _log.error("bus.dead %s outcome=%s problem=%r", about(delivery), outcome, problem)


def deadly(group: Group, delivery: Delivery) -> str:
    """What is said of an entry that ends whoever handles it."""
    alone = delivery.crashes - group.suspected_after
    return (
        f"the process ended each of the {delivery.crashes} times this was in its hands,"
        f" the last {alone} with nothing else"
    )


def of_the_server(error: Exception) -> bool:
    """Whether the server is to blame rather than the entry: it is away, loading, refuses writes.

    What it answers to a bug of ours (``ERR``, ``WRONGTYPE``, an argument that is none) would come
    again and again.
    """
    if isinstance(error, ResponseError):
        # redis-py takes ERR off and leaves every other code.
        code = re.match(r"[A-Z]{2,} ", str(error))
        return type(error) is not ResponseError or bool(code and code[0] != "WRONGTYPE ")
    return isinstance(error, RedisError) and not isinstance(error, DataError)


async def until_done(
    stop: asyncio.Event,
    step: Callable[[], Awaitable[object]],
    *,
    unless: tuple[type[Exception], ...] | type[Exception] = (),
) -> None:
    """Run ``step`` once; again, after growing pauses, while the server is away.

    What ``unless`` names is raised.
    """
    away = _AWAY[0]
    while not stop.is_set():
        try:
            await step()
        except unless:
            raise
        except (RedisError, OSError) as error:
            _log.warning("bus.away problem=%r", cause(error))
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
    counts = f"put_off={delivery.put_off} failures={delivery.failures} crashes={delivery.crashes}"
    return f"entry={claimed.id} group={claimed.group} {counts}"
