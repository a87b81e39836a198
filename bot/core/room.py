"""Who may take how much of the server's memory.

    others     feeds, stories, posts, decisions: what they need
    ARTICLES   3 parts of what others leave of the first 70 %, and what KEPT leaves of its own
    KEPT       2 parts, and what ARTICLES leaves of its own
    80 %       no feed is polled any more, until 75 %: delivery, receipts and answers go on

The streams give way first: as long as they can shrink, intake goes on.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from bot.domain.room import Extent, Room, Shortage

#: Parts of the cap: what all together may take before old records go; where polling stops, and
#: where it begins again.
TARGET: Final = 0.70
FULL: Final = 0.80
EASED: Final = 0.75
#: Parts of what others leave.
ARTICLES_PART: Final = 0.6
KEPT_PART: Final = 0.4
#: Part of the cap that a stream may take however much others need.
LEAST: Final = 0.02
#: A stream that takes less of its budget is not short any more.
_AMPLE: Final = 0.9


class Budget(NamedTuple):
    """Bytes that each stream may take."""

    articles: int
    kept: int


class Lengths(NamedTuple):
    """Records that each stream may keep; None for all it has."""

    articles: int | None
    kept: int | None


def budget(room: Room) -> Budget:
    """What each stream may take: its part, and what the other leaves of its own."""
    free = max(room.cap * TARGET - room.others, 0)
    least = room.cap * LEAST
    return Budget(
        articles=round(max(free * ARTICLES_PART, free - room.kept.bytes, least)),
        kept=round(max(free * KEPT_PART, free - room.articles.bytes, least)),
    )


def lengths(room: Room) -> Lengths:
    """How many of its newest records each stream may keep to stay within its budget."""
    may = budget(room)
    return Lengths(_length(room.articles, may.articles), _length(room.kept, may.kept))


def is_full(room: Room) -> bool:
    """Whether intake has to wait; once it waits, it does so until that has clearly eased."""
    return room.part >= (EASED if Shortage.FULL in room.since else FULL)


def is_short(room: Room) -> bool:
    """Whether records go before their time; not any more once they clearly fit again."""
    may = budget(room)
    much = _AMPLE if Shortage.SHORT in room.since else 1.0
    return room.articles.bytes > may.articles * much or room.kept.bytes > may.kept * much


def days(extent: Extent, *, now: datetime) -> float:
    """Days back to the oldest record."""
    return (now - extent.since) / timedelta(days=1) if extent.since else 0.0


def figures(room: Room) -> str:
    """What is taken, and by what, in one line."""
    parts = [
        f"{_mb(room.used)} of {_mb(room.cap)} MB in use ({room.part:.0%})",
        f"articles: {_held(room.articles, room.now)}",
        f"matched and shown ones: {_held(room.kept, room.now)}",
        f"everything else: {_mb(room.others)} MB",
    ]
    return "; ".join(parts)


def _held(extent: Extent, now: datetime) -> str:
    if not extent.records:
        return "none"
    back = days(extent, now=now)
    return f"{extent.records:,} of the last {back:,.0f} days, {_mb(extent.bytes)} MB"


def _mb(size: int) -> str:
    return f"{size / 1024**2:,.0f}"


def _length(extent: Extent, most: int) -> int | None:
    if extent.bytes <= most:
        return None
    return extent.records * most // extent.bytes
