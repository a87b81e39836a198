"""News, in three stages of one noun, each a type of its own.

Entry         an item of a feed the poll decided to pass on, with its identity and reason
Article       an Entry enriched once by ``read``: text, quotes, matches
Record        an Article as stored: its place in the stream and the time of storing
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.quotes import Quote
from bot.domain.times import utc
from bot.domain.watch import Match


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
    #: Version of the watchlists that made ``matches``.
    watchlist_version: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "published", utc(self.published))
        object.__setattr__(self, "first_seen", utc(self.first_seen))


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A lease on a page that is to be looked at again; settling names its token."""

    entry: Entry
    token: int
    #: Which look it is, from 1.
    number: int


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
