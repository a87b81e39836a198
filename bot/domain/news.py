"""Feeds, their entries, and the articles made of them.

Four stages of one noun, each a type of its own:

    ParsedEntry   what one feed document says
    Entry         a ParsedEntry the poll decided to pass on, with its identity and reason
    Article       an Entry enriched once by ``read``: text, quotes, matches, copy signature
    Record        an Article as stored: its place in the stream and the time of storing
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from bot.domain.quotes import Quote
from bot.domain.times import utc, utc_or_none
from bot.domain.watch import Match


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


class EntryReason(StrEnum):
    """Why the poll passed an entry on."""

    NEW = "new"
    EDITED = "edited"
    #: Found on the first fetch of a feed and not announced.
    BACKFILL = "backfill"
    #: Published long before we saw it.
    LATE = "late"

    @property
    def announces(self) -> bool:
        """Whether channels may hear of it."""
        return self in (EntryReason.NEW, EntryReason.EDITED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item as published in one feed, with the identity the poll gave it."""

    feed_id: str
    #: Outlet and metadata of the feed, carried along so that ``read`` needs no look-up.
    outlet: str
    tier: int
    language: str | None = None
    country: str | None = None
    #: Identity inside its feed.
    key: str
    #: Identity across feeds: hash of the canonical URL.
    article_id: str
    #: Canonical URL.
    url: str
    title: str
    summary: str = ""
    text: str = ""
    authors: tuple[str, ...] = ()
    #: Never later than ``first_seen``.
    published: datetime
    first_seen: datetime
    #: Hash of normalised title and text; decides "edited".
    fingerprint: str
    #: Counted per article id and feed, from 1.
    revision: int = 1
    reason: EntryReason = EntryReason.NEW
    #: ISO 639-1, as the document says; to be checked against the text.
    said_language: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "published", utc(self.published))
        object.__setattr__(self, "first_seen", utc(self.first_seen))


class TextState(StrEnum):
    """How much of an article's text we hold."""

    HEADLINE = "headline"
    SUMMARY = "summary"
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What tells a copy from an independent report."""

    #: MinHash over word 5-grams, 128 values; finds candidates. Empty for a text too short to tell.
    minhash: tuple[int, ...] = ()
    #: 32-bit hashes of the word 5-grams, sorted; decides by containment.
    shingles: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An entry enriched once per revision; never changed afterwards."""

    id: str
    revision: int = 1
    reason: EntryReason = EntryReason.NEW
    feed_id: str
    outlet: str
    tier: int = 2
    language: str | None = None
    country: str | None = None
    url: str
    title: str
    #: Plain text, paragraphs apart by a blank line; every offset below points into it.
    text: str = ""
    state: TextState = TextState.HEADLINE
    authors: tuple[str, ...] = ()
    published: datetime
    first_seen: datetime
    quotes: tuple[Quote, ...] = ()
    matches: tuple[Match, ...] = ()
    signature: Signature = field(default_factory=Signature)
    #: Version of the watchlists that made ``matches``.
    watchlist_version: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "published", utc(self.published))
        object.__setattr__(self, "first_seen", utc(self.first_seen))


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
class Look:
    """A lease on a page that is to be looked at again; settling names its token."""

    entry: Entry
    token: int
    #: Which look it is, from 1.
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedClaim:
    """A lease on one due feed; settling names its token."""

    feed_id: str
    token: int
    state: FeedState
    #: The host whose gate it holds a place in; empty for none.
    host: str = ""


class FailureKind(StrEnum):
    """What a failed fetch says about the chances of the next."""

    #: Nobody answered: names, connections, time. May be our own network.
    NETWORK = "network"
    #: The server is in trouble, or asks for fewer requests.
    SERVER = "server"
    #: The publisher refuses us.
    BLOCKED = "blocked"
    #: Said to be gone for good.
    GONE = "gone"
    #: Anything else a repetition will hardly change.
    HARD = "hard"

    @property
    def soft(self) -> bool:
        """Whether it tends to pass by itself."""
        return self in (FailureKind.NETWORK, FailureKind.SERVER)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An article as it stands in ARTICLES or KEPT."""

    #: Stream id, ``<ms>-<n>``; ordered as stored.
    position: str
    stored: datetime
    article: Article
    #: Whether it was read from KEPT; most of its records stand in ARTICLES, too.
    kept: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "stored", utc(self.stored))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One redirect."""

    status: int
    #: Where it led.
    url: str

    @property
    def permanent(self) -> bool:
        """Whether the server means it for good."""
        return self.status in (301, 308)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A usable answer of a server."""

    #: 200, or 304 with an empty body.
    status: int
    #: Where the answer came from, after redirects.
    url: str
    body: bytes = b""
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    #: Seconds for which the answer says it stays good.
    max_age: float | None = None
    #: Seconds the server asked us to stay away.
    retry_after: float | None = None
    #: The redirects followed, in order.
    hops: tuple[Hop, ...] = ()
    #: Whether the body broke off; its whole entries are good.
    partial: bool = False

    @property
    def not_modified(self) -> bool:
        """Whether the server said that nothing changed."""
        return self.status == 304


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchFailure:
    """A fetch that gave nothing usable; a value, so that one bad feed never stops the others."""

    url: str
    #: One line without secrets, fit for a table.
    problem: str
    #: HTTP status if there was an answer.
    status: int | None = None
    #: Seconds the server asked us to stay away.
    retry_after: float | None = None
    #: None leaves it to the status.
    kind: FailureKind | None = None
    #: Where a redirect leads that was not to be followed.
    location: str | None = None
