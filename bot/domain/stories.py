"""Stories: articles about one event, what the desk knows of them and what it decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.channels import Destination
from bot.domain.ledger import Correction
from bot.domain.posts import DesiredPost
from bot.domain.quotes import Quote
from bot.domain.times import utc
from bot.domain.watch import Match


class StoryReason(StrEnum):
    """Why an article is in its story."""

    NEW = "new"
    #: The same canonical URL, from another feed or in a later revision.
    SAME_ARTICLE = "same article"
    #: Its text is largely another member's text.
    COPY = "copy"
    #: Names, numbers and words in common.
    SHARED = "shared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One article inside a story, as much of it as the desk and its briefs need."""

    article_id: str
    revision: int
    feed_id: str
    outlet: str
    tier: int = 2
    language: str | None = None
    country: str | None = None
    url: str
    title: str
    #: First paragraph, shortened.
    lead: str = ""
    published: datetime
    #: From the record; the desk's only clock.
    stored: datetime
    #: Position of the record, to check quotes against.
    position: str
    #: Article id of the first article of this origin; its own id for an independent report.
    origin: str
    reason: StoryReason
    quotes: tuple[Quote, ...] = ()
    matches: tuple[Match, ...] = ()
    #: 32-bit hashes of five words in a row of its text, sorted and packed; tell copies.
    packed_shingles: bytes = b""
    #: Word → count in title (twice) and opening; what stories are compared by.
    terms: tuple[tuple[str, int], ...] = ()
    #: Outlets that carry the very same article id.
    also_in: tuple[str, ...] = ()
    #: Corrections over its revisions, oldest first: what a brief says about them.
    changes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "published", utc(self.published))
        object.__setattr__(self, "stored", utc(self.stored))


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Members in the order in which they were stored."""

    #: Article id of the first member.
    id: str
    #: Counts the changes, from 1.
    revision: int = 1
    members: tuple[Member, ...] = ()

    @property
    def last_stored(self) -> datetime:
        """When the newest member was stored."""
        return max(member.stored for member in self.members)

    @property
    def origins(self) -> int:
        """Independent reports."""
        return len({member.origin for member in self.members})

    @property
    def outlets(self) -> tuple[str, ...]:
        """Every outlet that carries it, the first report first."""
        return tuple(dict.fromkeys(m.outlet for m in self.members))

    def scores(self) -> dict[str, float]:
        """Topic → the highest score among the members."""
        best: dict[str, float] = {}
        for member in self.members:
            for match in member.matches:
                best[match.topic] = max(match.score, best.get(match.topic, 0.0))
        return best


class Action(StrEnum):
    """What a channel gets of an article."""

    ALERT = "alert"
    #: The story's post there is edited.
    MERGE = "merge"
    #: Held for the next digest.
    DIGEST = "digest"
    NONE = "none"


class Reason(StrEnum):
    """Why a channel gets it that way."""

    FIRST_REPORT = "first report of a story at or above the channel's score"
    MORE_OF_THE_STORY = "more of a story that has its post here"
    CORRECTION = "an article of the story changed its headline, a quote or a number"
    SPEAKER = "an admin corrected who said a quote, or took that back"
    NOTHING_NEW = "nothing a reader would see changed"
    LOW_SCORE = "below the channel's score"
    NO_ALERTS = "the channel takes digests only"
    OVERFLOW = "over the channel's alerts per hour"
    QUIET_HOURS = "quiet hours"
    BROKE_QUIET = "critical, broke through quiet hours"
    NOT_WATCHED = "no topic of this channel"
    OTHER_METADATA = "language, country or tier the channel does not take"
    BACKFILL = "already there at the first fetch of its feed"
    LATE = "published long before it was seen"
    OLD_REVISION = "a revision older than one already folded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One channel's share of one article; what ``why`` replays."""

    article_id: str
    revision: int
    story_id: str
    #: None when the decision is about the article as a whole.
    destination: Destination | None = None
    action: Action
    reason: Reason
    topic: str | None = None
    score: float | None = None
    at: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", utc(self.at))


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A story a channel has not been told of yet."""

    story_id: str
    topic: str
    score: float
    reason: Reason
    since: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "since", utc(self.since))


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A story that has its post in a channel."""

    story_id: str
    #: Desired revision of the post.
    revision: int
    first: datetime
    last: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "first", utc(self.first))
        object.__setattr__(self, "last", utc(self.last))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    """What the desk remembers of one destination."""

    destination: Destination
    posted: tuple[Posted, ...] = ()
    #: At most one per story, in the order of holding.
    held: tuple[Held, ...] = ()
    #: When the last digest was folded.
    last_digest: datetime | None = None

    def __post_init__(self) -> None:
        if self.last_digest is not None:
            object.__setattr__(self, "last_digest", utc(self.last_digest))


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestDue:
    """A control record on ARTICLES: a digest fell due."""

    destination: Destination
    #: The time as written in ``at``, or ``quiet``, or ``now:`` + request id.
    slot: str
    #: Local date, ``2025-04-04``.
    local_date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskState:
    """The fold's whole memory: stories of the window, and each destination."""

    stories: tuple[Story, ...] = ()
    channels: tuple[ChannelState, ...] = ()
    #: Version of the configuration that was folded last; 0 before the first.
    configuration: int = 0
    #: Corrections of speakers as folded, the oldest first.
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What folding one record changes; the commit writes it whole or not at all."""

    #: The story as it is now, None when no story changed.
    story: Story | None = None
    #: The member added or replaced in ``story``.
    member: Member | None = None
    channels: tuple[ChannelState, ...] = ()
    posts: tuple[DesiredPost, ...] = ()
    decisions: tuple[Decision, ...] = field(default_factory=tuple)
    #: Version of the configuration in force from here on; None leaves the one there is.
    configuration: int | None = None
    #: Corrections of speakers from here on; None leaves those there are.
    corrections: tuple[Correction, ...] | None = None
