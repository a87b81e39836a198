"""How much of the server's memory is taken, and by what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.times import utc_or_none


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """What one stream of articles holds."""

    records: int = 0
    bytes: int = 0
    #: When the oldest was stored; None for an empty stream.
    since: datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "since", utc_or_none(self.since))


class Shortage(StrEnum):
    """What the admins are told about the memory, once each."""

    #: No feed is polled until there is room again.
    FULL = "full"
    #: Articles go before their time.
    SHORT = "short"


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """The server's memory at one moment; sizes in bytes."""

    now: datetime
    used: int
    #: What it may take at most; never 0.
    cap: int
    articles: Extent = Extent()
    kept: Extent = Extent()
    #: Shortages that last, and since when.
    since: Mapping[Shortage, datetime] = field(default_factory=dict)

    @property
    def others(self) -> int:
        """What everything but the two streams takes."""
        return max(self.used - self.articles.bytes - self.kept.bytes, 0)

    @property
    def part(self) -> float:
        """How much of what it may take is taken; 1 is full."""
        return self.used / self.cap
