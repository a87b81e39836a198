"""Feeds: as declared, as their documents say, and what a poll remembers and changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from bot.domain.news import Entry
from bot.domain.times import utc, utc_or_none


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A polled source URL, as the admin declared it."""

    #: Stable short id derived from the URL.
    id: str
    url: str
    #: The outlet's name as readers see it.
    name: str
    #: 1 agencies and papers of record, 2 other newsrooms and institutions, 3 the rest.
    tier: int = 2
    #: ISO 639-1, or None when the feed mixes languages.
    language: str | None = None
    #: ISO 3166-1 alpha-2.
    country: str | None = None
    #: Seconds between polls; None leaves it to the schedule.
    interval: float | None = None
    #: Whether the host is a bridge to many sites: one feed's trouble says nothing of the others.
    bridge: bool = False
    #: Whether entries are known by their address and not by their guid, which changes.
    by_url: bool = False
    #: Bytes of a document at most, decompressed; None for what every feed may have.
    max_body: int | None = None
    #: Variable of the environment that holds its login; None for a feed that is open to all.
    auth: str | None = None


class FeedStatus(StrEnum):
    """How a feed is, in one word; ``FeedState.problem`` says why."""

    OK = "ok"
    FAILING = "failing"
    #: The publisher shuts us out, or a bot check stands before the feed.
    BLOCKED = "blocked"
    #: Something is served, but no feed.
    NOT_A_FEED = "not a feed"
    #: Said to be gone for good, twice and a day apart; looked at once a week.
    GONE = "gone"
    #: It answers; a flood of entries is parked until an admin decides.
    HELD = "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A permanent redirect that is being watched before it is believed."""

    url: str
    since: datetime
    #: Polls in a row that ended there.
    polls: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "since", utc(self.since))


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What the last polls taught us about one feed."""

    #: Validators byte for byte as the server sent them.
    etag: str | None = None
    last_modified: str | None = None
    #: Hash of the last body that parsed.
    body_hash: str | None = None
    #: Failed polls in a row.
    failures: int = 0
    #: The last failure in one line; None while all is well.
    problem: str | None = None
    last_success: datetime | None = None
    #: Polls that gave a usable answer, ever; 0 means the next one is the first fetch.
    polls: int = 0
    status: FeedStatus = FeedStatus.OK
    #: When the present problem began; None while all is well.
    failing_since: datetime | None = None
    #: Of ``failures``, those that tend to pass: no answer, too many requests, 5xx.
    soft_failures: int = 0
    #: Seconds between polls as learnt; None before anything was learnt.
    interval: float | None = None
    #: Seconds between polls as an admin asked for at the last good one.
    declared: float | None = None
    #: Seconds between polls as the document itself asks (``ttl``, ``sy:*``).
    hint: float | None = None
    #: Entries of the last document.
    window: int = 0
    #: Polls after which entries may have scrolled by unseen.
    gaps: int = 0
    #: The last of them.
    gap_at: datetime | None = None
    #: The last usable answer, and whether it was a 304.
    last_answer: datetime | None = None
    was_304: bool = False
    #: The last answer to a request without validators.
    last_full: datetime | None = None
    #: Whether a 304 once hid entries; validators are sent no more.
    validators_bad: bool = False
    #: The newest entry's first appearance: a feed may be silent against its own rhythm.
    last_entry: datetime | None = None
    moving: Move | None = None
    #: Where the feed has moved for good; polled instead of its declared address.
    moved_to: str | None = None
    #: The first 410 in a row.
    gone_since: datetime | None = None
    #: What the owner should know although the feed works; one line.
    notice: str | None = None
    #: Entries parked until an admin accepts or drops them.
    held: int = 0
    #: When its host was first out of reach without being blamed: it may be our own network.
    doubted: datetime | None = None
    #: What was wrong then, in one line.
    doubt: str | None = None

    def __post_init__(self) -> None:
        for name in _MOMENTS:  # thrice a poll; hardly ever is one not in UTC
            moment: datetime | None = getattr(self, name)
            if moment is not None and moment.tzinfo is not UTC:
                object.__setattr__(self, name, utc(moment))

    def as_of(self, now: datetime) -> FeedState:
        """The same with no moment after ``now``: the clock may have been set back."""
        if self.moving is not None and self.moving.since > now:
            self = replace(self, moving=replace(self.moving, since=now))
        later: dict[str, Any] = {
            name: now
            for name in _MOMENTS
            if (moment := getattr(self, name)) is not None and moment > now
        }
        return replace(self, **later) if later else self

    @property
    def blind(self) -> bool:
        """Whether news may be missed."""
        return self.status not in (FeedStatus.OK, FeedStatus.HELD)


_MOMENTS = (
    "last_success",
    "failing_since",
    "last_answer",
    "last_full",
    "last_entry",
    "gone_since",
    "gap_at",
    "doubted",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedEntry:
    """One item as one feed document states it; text is plain, paragraphs apart by a blank line."""

    guid: str | None = None
    url: str | None = None
    title: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    #: Plain text of the summary or description.
    summary: str = ""
    #: Plain text of the full content; empty when the feed carries none.
    text: str = ""
    authors: tuple[str, ...] = ()
    #: ISO 639-1, as this item says of itself.
    language: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "published", utc_or_none(self.published))
        object.__setattr__(self, "updated", utc_or_none(self.updated))


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed document, parsed."""

    #: ``rss``, ``rdf``, ``atom``, ``json`` with its version, as in ``rss20``; empty if no feed.
    format: str = ""
    title: str = ""
    #: The site the feed belongs to.
    link: str | None = None
    entries: tuple[ParsedEntry, ...] = ()
    #: Why this is no usable feed, or what was wrong with it; None when all is well.
    problem: str | None = None
    #: Whether it is the page of a bot check.
    blocked: bool = False
    #: Seconds between polls the document asks for: RSS ``ttl``, ``sy:updatePeriod``.
    hint: float | None = None
    #: ISO 639-1, as the document says; often what its software says.
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """What is known of all polled hosts together, by the server's clock."""

    now: datetime
    #: The last answer of any host; None for none ever.
    answered: datetime | None = None
    #: Hosts polled, and of them those out of reach since that answer.
    hosts: int = 0
    silent: int = 0
    #: Hosts that answered in the last minutes, and those that were out of reach.
    reached: int = 0
    unreached: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "now", utc(self.now))
        object.__setattr__(self, "answered", utc_or_none(self.answered))


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedClaim:
    """A lease on one due feed; settling names its token."""

    feed_id: str
    token: int
    state: FeedState
    #: The host whose gate it holds a place in; empty for none.
    host: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedUpdate:
    """What one poll changes; written whole under the lease, or not at all."""

    feed_id: str
    state: FeedState
    next_due: datetime
    #: New and edited entries, oldest first; ``revision`` is counted when they are stored.
    entries: tuple[Entry, ...] = ()
    #: Entry key → what is remembered of everything the document lists, a text that begins with
    #: the article id; nothing when it was unchanged.
    seen: tuple[tuple[str, str], ...] = ()
    #: Entries to park until an admin decides.
    held: tuple[Entry, ...] = ()
    #: Seconds for which no feed of this host is polled.
    hold_host: float | None = None
    #: Whether anybody answered; None when that says nothing about our own network.
    answered: bool | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "next_due", utc(self.next_due))
