"""Feeds that are blind, grouped as they are told to the admins, and how fast feeds bring news."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.times import utc, utc_or_none


class TroubleKind(StrEnum):
    """What keeps a feed's news from us."""

    #: It cannot be fetched or read.
    FAILING = "failing"
    #: It answers, and has had nothing new for longer than it ever had.
    SILENT = "silent"
    #: Its entries are parked until an admin decides.
    HELD = "held"
    #: Entries came and went between two polls.
    GAP = "gap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One blind feed."""

    feed_id: str
    #: The outlet's name.
    name: str
    url: str
    kind: TroubleKind
    #: What is wrong, in one line that stays the same from poll to poll.
    said: str
    since: datetime
    #: Topics that had a match from it lately, or want it by name.
    topics: tuple[str, ...] = ()
    #: When it was well again.
    fixed: datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "since", utc(self.since))
        object.__setattr__(self, "fixed", utc_or_none(self.fixed))


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Feeds that went blind together: one message to the admins, edited until all are well."""

    id: str
    opened: datetime
    troubles: tuple[Trouble, ...]
    #: Grows with each change that is worth an edit.
    revision: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "opened", utc(self.opened))

    @property
    def is_open(self) -> bool:
        """Whether a feed of it is still blind."""
        return any(trouble.fixed is None for trouble in self.troubles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """In which hours a feed brought something new."""

    #: The last such hours, each once, oldest first.
    hours: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The way of one entry in time."""

    #: As the feed dates it; None when it gives no date.
    published: datetime | None
    seen: datetime
    #: When the alert stood in the first channel; None where that was not measured.
    posted: datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "published", utc_or_none(self.published))
        object.__setattr__(self, "seen", utc(self.seen))
        object.__setattr__(self, "posted", utc_or_none(self.posted))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """Seconds between two points of that way, over the last entries."""

    p50: float
    p95: float
    #: How many entries that was measured on.
    measured: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """How fast a feed's news gets here, and from here into the channels."""

    #: Published → seen; None where the feed dates nothing.
    seen: Lag | None = None
    #: Seen → posted; None where nothing was posted.
    posted: Lag | None = None
