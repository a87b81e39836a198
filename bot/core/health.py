"""Signs → what keeps news from arriving, one sentence each; nothing while all is well."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.core.room import figures, is_full
from bot.domain.health import Signs

#: Seconds without a sign of life after which a role counts as gone: it gives one every few
#: seconds, and a process that is started again needs some.
SILENT: Final = 30.0
#: Seconds for which the desk may be without anybody; a standby takes over within five.
DESK_FREE: Final = 15.0
#: Seconds an entry may wait; a page that has to be waited for takes one or two minutes.
WAITING: Final = 600.0
#: Bytes that a disk needs to have left.
DISK: Final = 200 * 1024**2
ROLES: Final = ("scheduler", "worker")


def problems(signs: Signs) -> tuple[str, ...]:
    """What an operator has to see to."""
    return tuple(_problems(signs))


def _problems(signs: Signs) -> Iterator[str]:
    if signs.refused is not None:
        yield f"the server takes no writes: {signs.refused}"
    if signs.room is not None and is_full(signs.room):
        yield f"the server is full, and no feed is polled: {figures(signs.room)}"
    if signs.disk is not None and signs.disk < DISK:
        yield f"the disk of the data folder is full: {signs.disk // 1024**2} MB left"
    for role in ROLES:
        age = signs.alive.get(role)
        if age is None:
            yield f"no {role} was ever seen: `nato-brief {role}` or `nato-brief run` starts one"
        elif age > SILENT:
            yield f"no {role} has given a sign of life for {_duration(age)}: it is gone or stuck"
    if signs.desk_free is None or signs.desk_free > DESK_FREE:
        since = "" if signs.desk_free is None else f" for {_duration(signs.desk_free)}"
        yield f"no worker has had the desk{since}: articles are read and not posted"
    for group, age in signs.oldest.items():
        if age > WAITING:
            yield f"{group} is behind: its oldest entry has waited for {_duration(age)}"
    if signs.feeds and signs.failing == signs.feeds:
        yield f"all {signs.feeds} feeds fail; `nato-brief feeds check` lists why"
    yield from signs.parked


def _duration(seconds: float) -> str:
    """``45 s``, ``12 min``, ``3 h``."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"
