"""What goes wrong, and when: a list that follows from a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final, NamedTuple

#: Of each of these there is one process, or two.
PROCESSES: Final = ("scheduler 1", "scheduler 2", "worker 1", "worker 2", "web")

UNCLEAR: Final = ("request lost", "reply lost", "5xx before", "5xx after", "late", "rate limited")
#: Platform → ways to say no to the token or to the place.
NO: Final = {
    "slack": (
        "invalid_auth",
        "token_revoked",
        "account_inactive",
        "is_archived",
        "channel_not_found",
        "restricted_action",
        "not_in_channel",
        "missing_scope",
    ),
    "teams": ("400", "401", "403", "404"),
    "webhook": ("400", "401", "403", "404"),
}


class Event(NamedTuple):
    """Something that goes wrong."""

    #: Seconds after the beginning.
    at: float
    #: ``kill``, ``freeze``, ``weather``, ``server`` or ``kills in hand``.
    what: str
    #: Of whom or where.
    whom: str
    #: How long it lasts, in seconds.
    seconds: float = 0.0
    kinds: tuple[str, ...] = ()
    likely: float = 1.0


def plan(seed: int, seconds: float, *, kills: int) -> list[Event]:
    """Events of ``seconds``, in order; in the middle ``kills`` kills with a queue in hand."""
    luck = random.Random(f"plan {seed}")
    events = [*_deaths(luck, seconds), *_weather(luck, seconds), *_servers(luck, seconds)]
    events.append(Event(seconds / 2, "kills in hand", "worker", kinds=(str(kills),)))
    return sorted(events)


def _deaths(luck: random.Random, seconds: float) -> Iterator[Event]:
    at = 8.0
    while at < seconds:
        whom = luck.choice(PROCESSES)
        if luck.random() < 0.6:
            yield Event(at, "kill", whom)
        else:
            # Shorter and longer than the leases.
            yield Event(at, "freeze", whom, luck.uniform(1, 18))
        at += luck.uniform(4, 16)


def _weather(luck: random.Random, seconds: float) -> Iterator[Event]:
    for platform, no in NO.items():
        at = luck.uniform(3, 10)
        while at < seconds:
            lasts = luck.uniform(4, 12)
            if luck.random() < 0.6:
                yield Event(at, "weather", platform, lasts, UNCLEAR, luck.uniform(0.3, 0.9))
            else:
                yield Event(at, "weather", platform, lasts, (luck.choice(no),))
            at += lasts + luck.uniform(3, 15)
    for place, kinds in (("pages", ("slow", "hangs up", "5xx")), ("feeds", ("slow", "5xx"))):
        at = luck.uniform(5, 20)
        while at < seconds:
            yield Event(at, "weather", place, luck.uniform(3, 10), kinds, 0.5)
            at += luck.uniform(20, 40)


def _servers(luck: random.Random, seconds: float) -> Iterator[Event]:
    at = luck.uniform(15, 25)
    while at < seconds:
        what = luck.choice(("kill", "terminate", "freeze", "full", "disconnect"))
        yield Event(at, "server", what, luck.uniform(2, 9))
        at += luck.uniform(20, 60)
