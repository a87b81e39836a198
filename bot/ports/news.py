"""What polling, reading and searching need from outside."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.answers import Hit, Question, Searched
from bot.domain.feeds import Feed, FeedClaim, FeedState, FeedUpdate, Network
from bot.domain.fetches import Fetched, FetchFailure
from bot.domain.incidents import Incident, Passage, Rhythm
from bot.domain.jobs import Claimed
from bot.domain.logins import Login
from bot.domain.news import Article, Entry, Look, Record


class FeedStore(Protocol):
    """Feeds, when they are due and what they showed. Called by ``services.poll`` and ``doctor``."""

    async def subscribe(self, feeds: Iterable[Feed], *, first_due: Mapping[str, datetime]) -> None:
        """Make exactly these feeds the polled ones; a known feed keeps its state and due time."""

    async def due_later(self, intervals: Mapping[str, float]) -> dict[str, FeedState]:
        """Feed id → state, of those that are due later than in so many seconds."""

    async def hasten(self, due: Mapping[str, datetime]) -> int:
        """Have feeds polled earlier than they were due; returns how many were not polled now."""

    async def claim_due(self, limit: int) -> tuple[FeedClaim, ...]:
        """Lease at most ``limit`` due feeds, at most one script; none is claimed twice at once."""

    async def fingerprints(self, feed_id: str, keys: Sequence[str]) -> dict[str, str]:
        """Entry key → what is remembered, for those of ``keys`` this feed has shown before."""

    async def remembered(self, feed_id: str) -> dict[str, str]:
        """The same of every key this feed has shown and that is not forgotten yet."""

    async def network(self, unreached: str = "", *, ask: bool = False) -> Network:
        """What is known of all hosts together.

        A host that was ``unreached`` is noted first; to ``ask``, feeds of others fall due early.
        """

    async def settle(self, claim: FeedClaim, update: FeedUpdate) -> bool:
        """Write state, seen keys, next due time and ENTRIES in one script.

        Returns False, and writes nothing, when the lease has gone to somebody else.
        """

    async def states(self) -> dict[str, tuple[FeedState, datetime]]:
        """Feed id → state and next due time, of every polled feed."""


class HeldEntries(Protocol):
    """Entries parked because so many at once are hardly news. Called by ``services.admin``."""

    async def held(self, feed_id: str) -> tuple[Entry, ...]:
        """What is parked of a feed, oldest first."""

    async def release_held(self, feed_id: str, *, accept: bool) -> int:
        """Pass the parked entries on, or drop them for good; returns how many.

        One script; either way they stay known and the feed is ``held`` no more.
        """


class ArticleLog(Protocol):
    """ARTICLES and KEPT. Called by ``read``, ``desk``, ``ask``, the index tail and ``why``."""

    async def append(self, claimed: Claimed, article: Article) -> str:
        """Finish the ``read`` hop in one script: ARTICLES, KEPT if it matched, ack.

        Returns the record's position. Raises LostOwnership when the entry is not ours any more.
        """

    async def at(self, position: str) -> Record | None:
        """The record at a position, from ARTICLES or its copy in KEPT."""

    async def dropped(self, position: str) -> bool:
        """Whether a record that stood there would have been dropped since, for age or for room."""

    async def latest(self, article_id: str) -> Record | None:
        """The newest stored revision of an article."""

    async def keep(self, record: Record) -> None:
        """Copy a record to KEPT, once per article id and revision."""

    async def load(self, article: Article) -> bool:
        """Write to KEPT only; False when the same id with the same text is there already."""

    async def tail(
        self, after: Mapping[str, str], *, limit: int
    ) -> tuple[dict[str, str], tuple[Record, ...]]:
        """Records of both streams past ``after`` (stream → position), and the new positions."""

    async def oldest(self) -> tuple[datetime | None, datetime | None]:
        """Moments before which nothing of ARTICLES, and of KEPT, was stored; None if empty."""

    async def extent(self) -> Searched:
        """How many articles are stored, and since when."""


class Fetcher(Protocol):
    """HTTP GET with manners. Called by ``poll`` and ``read``."""

    async def fetch(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        max_body: int | None = None,
        follow: bool = True,
        login: Login | None = None,
    ) -> Fetched | FetchFailure:
        """One conditional GET with redirects followed; never raises for what the network does.

        ``max_body`` is in bytes, decompressed; None for the fetcher's own limit. Where redirects
        are not to be followed, one is a failure with a ``location``. ``login`` is sent to the
        address it is for, and to no other host that a redirect leads to.
        """


class FeedLog(Protocol):
    """What each feed brought lately: when, how fast, for which topics.

    Called by ``read``, ``deliver``, ``services.watch_feeds``, ``feeds check`` and the metrics.
    """

    async def was_read(self, article: Article) -> None:
        """Remember an article's way to us, and the topics that matched it."""

    async def was_posted(self, article: Article, at: datetime) -> None:
        """Remember when an article's alert stood in a channel."""

    async def rhythms(self, feed_ids: Sequence[str]) -> dict[str, Rhythm]:
        """Feed id → the hours in which it brought something new."""

    async def passages(
        self, feed_ids: Sequence[str]
    ) -> dict[str, tuple[tuple[Passage, ...], tuple[Passage, ...]]]:
        """Feed id → its last entries that were read, and its last that were posted."""

    async def topics(
        self, feed_ids: Sequence[str], *, since: datetime
    ) -> dict[str, tuple[str, ...]]:
        """Feed id → topics that had a match from it since then."""


class Incidents(Protocol):
    """What the admins are told about feeds. Called by ``services.watch_feeds``."""

    async def load(self) -> tuple[Incident, ...]:
        """The open incidents, oldest first."""

    async def save(self, incident: Incident) -> None:
        """Remember an incident while it is open, and forget it once it is closed."""

    async def take_turn(self, seconds: float) -> bool:
        """Whether it is this process that looks now; one of all does in so many seconds."""

    async def told(self, feed_id: str) -> str | None:
        """The last notice told about a feed that works."""

    async def tell(self, feed_id: str, notice: str) -> None:
        """Remember that a notice was told."""

    async def forget_told(self, *, but: Collection[str]) -> None:
        """Forget what was told about any other feed."""


class PageStore(Protocol):
    """Pages for a while, sites' rules and hosts' turns. Called by ``services.pages``."""

    async def page(self, name: str) -> bytes | None:
        """A page kept under ``name``, while it is fresh."""

    async def keep_page(self, name: str, body: bytes) -> None:
        """Keep a page for whoever needs it next; one too large is not kept."""

    async def drop_page(self, name: str) -> None:
        """Keep a page no longer."""

    async def robots(self, where: str) -> str | None:
        """The robots.txt at an address, empty for none; None when it is not known."""

    async def keep_robots(self, where: str, rules: str, seconds: float) -> None:
        """Remember a robots.txt for so long."""

    async def enter(
        self, host: str, name: str, *, spacing: float, at_once: int, patience: float
    ) -> float | None:
        """Take or await a turn: 0 to go, seconds to wait, None when it takes too long."""

    async def leave(self, host: str, name: str) -> None:
        """End a turn."""

    async def hold(self, host: str, seconds: float) -> None:
        """Leave a host alone for so long, as it asked; a day at most."""


class Looks(Protocol):
    """Pages to be looked at again. Called by ``services.look_again``."""

    async def plan(self, entry: Entry, *, after: float) -> bool:
        """Have the page of ``entry`` looked at in so many seconds, unless it is to be anyway.

        Returns False, and plans nothing, when too many are waiting.
        """

    async def claim(self, limit: int) -> tuple[Look, ...]:
        """Lease at most ``limit`` due looks."""

    async def settle(
        self,
        look: Look,
        *,
        done: bool = True,
        again: float | None,
        edit: Entry | None = None,
        page: bytes = b"",
    ) -> int | None:
        """End a look in one script: the next in ``again`` seconds, an edit on ENTRIES, its page.

        A look that is not ``done`` is repeated. Returns the revision of the edit; None, with
        nothing written, when the lease has gone to somebody else.
        """


class Index(Protocol):
    """The read model of quotes and passages. Called by ``ask`` and ``tail``, from threads."""

    @property
    def is_writer(self) -> bool:
        """Whether this process is the one that writes."""

    def take_over(self) -> bool:
        """Become the writer if nobody is; raises Unavailable when the folder cannot be written."""

    @property
    def checkpoint(self) -> dict[str, str]:
        """Stream name → position up to which records are committed."""

    def add(self, records: Sequence[Record], checkpoint: Mapping[str, str]) -> None:
        """Index records and commit; adding a record again changes nothing.

        Raises LostOwnership when another process writes, Unavailable when nobody can.
        """

    def forget(self, *, articles: datetime | None, kept: datetime | None) -> None:
        """Forget what both streams have forgotten; None forgets nothing.

        Args:
            articles: Before this nothing of ARTICLES was stored.
            kept: The same of KEPT.

        Raises LostOwnership when another process writes, Unavailable when nobody can.
        """

    def search(self, question: Question, *, limit: int) -> tuple[Hit, ...]:
        """Quotes and passages by lexical score, the best first."""

    def extent(self) -> Searched:
        """How many articles can be found, and their first and last time of publication."""

    def quotes_named(self, name: str, *, limit: int) -> tuple[Hit, ...]:
        """The quotes with this id: one article may say the same words twice."""

    def quotes_like(
        self,
        words: str,
        *,
        speaker: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        least: float = 0.0,
        limit: int,
    ) -> tuple[Hit, ...]:
        """Quotes with a part of ``words`` at least, the best first; without words the newest."""
