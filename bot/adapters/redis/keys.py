"""The one table of every key: its name, type, and what bounds it.

All keys carry one hash tag, so that every script may touch any of them on a Cluster too. A key
whose row is missing here cannot be built.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

DAY_MS: Final = 86_400_000

#: How long ARTICLES keeps a record, and KEPT; counted from storing.
ARTICLES_MS: Final = 30 * DAY_MS
KEPT_MS: Final = 400 * DAY_MS
#: How long stories, decisions and posts outlive their last change.
MEMORY_MS: Final = 30 * DAY_MS
#: How long a member's shingles outlive its last change; stories are open for three days.
SHINGLES_MS: Final = 8 * DAY_MS
#: How long a request that was taken is known by its id.
GUARD_MS: Final = 7 * DAY_MS
#: How long a feed's memory outlives its last poll.
FEED_MS: Final = 60 * DAY_MS
#: How long a page is kept, how long one is remembered that is to be looked at again, and how long
#: hosts are that answered or did not.
PAGE_MS: Final = 600_000
LOOK_MS: Final = 4 * DAY_MS
SPAN_MS: Final = 600_000
#: Versions of the configuration that are kept, and how long an unused folder is remembered.
VERSIONS: Final = 200
SIGHT_MS: Final = 400 * DAY_MS
#: Length at which a dead-letter stream drops its oldest.
DEAD_LETTERS: Final = 10_000
#: Bytes at which it does, and beyond which old versions go.
DEAD_LETTERS_BYTES: Final = 8 * 1024**2
VERSIONS_BYTES: Final = 16 * 1024**2


class KeyRow(NamedTuple):
    """What is stored under one name, and why it cannot grow without end."""

    type: str
    holds: str
    bound: str
    #: Ms after its last write at which the server drops it; None where the bound is another.
    lives: int | None = None


#: Name (``<…>`` is filled in) → row.
TABLE: Final = MappingProxyType(
    {
        "feeds:due": KeyRow("zset", "feed id → due ms, or end of lease", "one per polled feed"),
        "feeds:hosts": KeyRow("hash", "feed id → host, * before a bridge's", "one per polled feed"),
        "feed:<feed>": KeyRow(
            "hash", "state, token, number held", "60 d after the last poll", FEED_MS
        ),
        "seen:<feed>": KeyRow(
            "zset",
            "entry key → last listed ms",
            "the last document + 200, + what was listed in the last 30 d, 2,000; 60 d after a poll",
            FEED_MS,
        ),
        "prints:<feed>": KeyRow(
            "hash", "entry key → article id, fingerprint, title …", "as seen", FEED_MS
        ),
        "revisions:<feed>": KeyRow("hash", "article id → last revision", "as seen", FEED_MS),
        "held:<feed>": KeyRow(
            "list",
            "article id, Entry, … of a flood",
            "4,000 entries, 8 MiB; 60 d after the last flood",
            FEED_MS,
        ),
        "reached:<span>": KeyRow("HyperLogLog", "hosts that answered", "10 min", SPAN_MS),
        "unreached:<span>": KeyRow(
            "HyperLogLog", "hosts that were out of reach", "10 min", SPAN_MS
        ),
        "network": KeyRow(
            "hash",
            "last claim and answer, hosts polled, @host → out of reach since",
            "50 hosts; those noted before the last answer go",
        ),
        "digests:due": KeyRow("zset", "digest → due ms", "a few per channel"),
        "digests:fired": KeyRow("zset", "digest → fired ms", "30 d"),
        "entries": KeyRow("stream", "Entry; group read", "safe trim once acknowledged"),
        "articles": KeyRow(
            "stream", "Article and control records; group desk", "safe trim; 30 d, its budget"
        ),
        "kept": KeyRow("stream", "Article; no group", "400 d, its budget"),
        "deliveries": KeyRow("stream", "post key; group deliver", "safe trim once acknowledged"),
        "jobs": KeyRow("stream", "ShareReply; group jobs", "safe trim once acknowledged"),
        "dlq:<stream>": KeyRow("stream", "fields of a dropped entry, error", "10,000, 8 MiB"),
        "retry:<stream>": KeyRow("zset", "packed entry → ms to try again", "moved when due"),
        "kept:ids": KeyRow("zset", "article id|revision → stored ms", "trimmed with kept"),
        "kept:copies": KeyRow("zset", "position|position in KEPT → stored ms", "trimmed with kept"),
        "where:<article>": KeyRow(
            "hash",
            "newest and kept position, fingerprints kept",
            "30 d after the last, 400 if kept",
            KEPT_MS,
        ),
        "story:<story>": KeyRow("hash", "the story", "the desk's window, then TTL", MEMORY_MS),
        "shingles:<article>": KeyRow("string", "packed shingles of a member", "8 d", SHINGLES_MS),
        "stories": KeyRow("zset", "story id → last stored ms", "the desk's window"),
        "channels": KeyRow("hash", "destination → ChannelState", "one per destination of 30 d"),
        "desk": KeyRow(
            "hash", "owner, token, until or freed ms, configuration and corrections folded", "one"
        ),
        "beats": KeyRow("hash", "role → ms of its last sign of life", "one per role"),
        "decisions:<article>": KeyRow(
            "list", "Decision", "the last 400; 30 d after the last", MEMORY_MS
        ),
        "post:<post>": KeyRow(
            "hash", "the post with its receipt", "30 d after the last change", MEMORY_MS
        ),
        "posts": KeyRow("zset", "post key → last change ms", "30 d"),
        "parked": KeyRow("zset", "refused token or channel → since ms", "one per destination"),
        "parked:<where>": KeyRow(
            "hash", "problem, next try ms, wait ms, the post tried, open", "one per destination"
        ),
        "waiting:<where>": KeyRow("zset", "post key → first wanted ms", "30 d"),
        "page": KeyRow("zset", "post key → last change ms, page only", "30 d"),
        "versions": KeyRow("string", "number of the version in force", "one"),
        "version:<number>": KeyRow(
            "hash", "a version, its files", "the last 200 in 16 MiB, 10 at least"
        ),
        "corrections": KeyRow(
            "hash",
            "quote id → Correction, # → how often changed",
            "1,000, 400 d after the last",
            SIGHT_MS,
        ),
        "withheld": KeyRow("hash", "stage → quotes that failed the last check", "one per stage"),
        "room": KeyRow("hash", "what is short → since ms", "one"),
        "sight:<place>": KeyRow("string", "what a folder showed", "400 d after the last", SIGHT_MS),
        "guard:<name>": KeyRow("string", "a request that was taken", "7 d", GUARD_MS),
        "hours:<feed>": KeyRow(
            "zset", "hours with something new", "200; 60 d after the last", FEED_MS
        ),
        "passages:<feed>": KeyRow("list", "Passage read", "100; 60 d after the last", FEED_MS),
        "posted:<feed>": KeyRow("list", "Passage posted", "100; 60 d after the last", FEED_MS),
        "topics:<feed>": KeyRow("zset", "topic → last match ms", "30 d", MEMORY_MS),
        "incidents": KeyRow("hash", "id → open Incident", "at most one per polled feed"),
        "told": KeyRow("hash", "feed id → last notice", "one per polled feed"),
        "text:<page>": KeyRow(
            "string", "a page as fetched", "until it is read; 10 min, 1 MiB", PAGE_MS
        ),
        "looks:due": KeyRow("zset", "article id → ms of the next look at its page", "10,000"),
        "look:<article>": KeyRow(
            "hash", "Entry, looks so far, token, leased or not", "4 d", LOOK_MS
        ),
        "robots:<site>": KeyRow("string", "a robots.txt", "1 d, 500 KiB", DAY_MS),
        "turns:<host>": KeyRow(
            "hash",
            "next turn, on hold until, who waits, who fetches",
            "1 d; those who wait",
            DAY_MS,
        ),
        "teams:<tenant>": KeyRow(
            "hash", "conversation id → Reference", "one per place that has the app installed"
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Keys:
    """Builds full key names under one hash tag."""

    #: With its braces: ``{nb}``.
    tag: str = "{nb}"

    def stream(self, name: str) -> str:
        """``entries``, ``articles``, ``kept``, ``deliveries`` or ``jobs``."""
        return self._key(name)

    def dead_letters(self, stream: str) -> str:
        """Dead letters of a stream."""
        return self._key("dlq:<stream>", stream)

    def retry(self, stream: str) -> str:
        """Entries of a stream to be tried again later."""
        return self._key("retry:<stream>", stream)

    def guard(self, name: str) -> str:
        """Says that something named was taken already."""
        return self._key("guard:<name>", name)

    def hours(self, feed_id: str) -> str:
        """Hours in which a feed brought something new."""
        return self._key("hours:<feed>", feed_id)

    def passages(self, feed_id: str) -> str:
        """The way of a feed's last entries in time."""
        return self._key("passages:<feed>", feed_id)

    def posted(self, feed_id: str) -> str:
        """The same of its last entries that were posted."""
        return self._key("posted:<feed>", feed_id)

    def topics(self, feed_id: str) -> str:
        """Topics that a feed had a match for."""
        return self._key("topics:<feed>", feed_id)

    @property
    def incidents(self) -> str:
        """Feeds that are blind, as told."""
        return self._key("incidents")

    @property
    def told(self) -> str:
        """Notices told about feeds that work."""
        return self._key("told")

    def page_text(self, name: str) -> str:
        """A page kept for a while."""
        return self._key("text:<page>", name)

    @property
    def looks_due(self) -> str:
        """When pages are looked at again."""
        return self._key("looks:due")

    def look(self, article_id: str) -> str:
        """What page is to be looked at, and how often it was."""
        return self._key("look:<article>", article_id)

    def robots(self, site: str) -> str:
        """The robots.txt of a site."""
        return self._key("robots:<site>", site)

    def turns(self, host: str) -> str:
        """Whose turn it is at a host."""
        return self._key("turns:<host>", host)

    def teams(self, tenant: str) -> str:
        """Where a tenant has the Teams app installed."""
        return self._key("teams:<tenant>", tenant)

    @property
    def feeds_due(self) -> str:
        """When each feed is polled next."""
        return self._key("feeds:due")

    def feed(self, feed_id: str) -> str:
        """State and lease token of a feed."""
        return self._key("feed:<feed>", feed_id)

    def seen(self, feed_id: str) -> str:
        """Entry keys a feed has shown."""
        return self._key("seen:<feed>", feed_id)

    def prints(self, feed_id: str) -> str:
        """Article id and fingerprint of each entry key."""
        return self._key("prints:<feed>", feed_id)

    @property
    def feeds_hosts(self) -> str:
        """At which host each feed is polled."""
        return self._key("feeds:hosts")

    def held(self, feed_id: str) -> str:
        """Entries of a feed that wait for an admin's word."""
        return self._key("held:<feed>", feed_id)

    def reached(self, span: int, *, yes: bool) -> str:
        """Hosts that answered in a span of minutes, or that did not."""
        return self._key("reached:<span>" if yes else "unreached:<span>", str(span))

    @property
    def network(self) -> str:
        """When anybody answered last, and who did not since."""
        return self._key("network")

    def revisions(self, feed_id: str) -> str:
        """Revision counters of a feed."""
        return self._key("revisions:<feed>", feed_id)

    @property
    def digests_due(self) -> str:
        """When each digest falls due."""
        return self._key("digests:due")

    @property
    def digests_fired(self) -> str:
        """Digests that are out."""
        return self._key("digests:fired")

    @property
    def kept_ids(self) -> str:
        """Which article revisions KEPT holds."""
        return self._key("kept:ids")

    @property
    def kept_copies(self) -> str:
        """Where the copies of records stand in KEPT."""
        return self._key("kept:copies")

    def where(self, article_id: str) -> str:
        """Where the records of an article stand."""
        return self._key("where:<article>", article_id)

    def story(self, story_id: str) -> str:
        """One story."""
        return self._key("story:<story>", story_id)

    def shingles(self, article_id: str) -> str:
        """What tells copies of one article."""
        return self._key("shingles:<article>", article_id)

    @property
    def stories(self) -> str:
        """Stories by the time of their newest member."""
        return self._key("stories")

    @property
    def channels(self) -> str:
        """The desk's memory of each destination."""
        return self._key("channels")

    @property
    def desk(self) -> str:
        """The desk's lease."""
        return self._key("desk")

    @property
    def beats(self) -> str:
        """When each role was last seen alive."""
        return self._key("beats")

    def decisions(self, article_id: str) -> str:
        """What was decided about an article."""
        return self._key("decisions:<article>", article_id)

    def post(self, post_key: str) -> str:
        """One post."""
        return self._key("post:<post>", post_key)

    @property
    def posts(self) -> str:
        """Posts by their last change."""
        return self._key("posts")

    @property
    def parked(self) -> str:
        """Tokens and channels that are refused."""
        return self._key("parked")

    def parked_at(self, where: str) -> str:
        """How one of them is refused."""
        return self._key("parked:<where>", where)

    def waiting(self, where: str) -> str:
        """Posts that wait for it."""
        return self._key("waiting:<where>", where)

    @property
    def versions(self) -> str:
        """The version in force."""
        return self._key("versions")

    def version(self, number: int) -> str:
        """One version with its files."""
        return self._key("version:<number>", str(number))

    @property
    def corrections(self) -> str:
        """What admins corrected about speakers."""
        return self._key("corrections")

    @property
    def room(self) -> str:
        """What is short of memory."""
        return self._key("room")

    @property
    def withheld(self) -> str:
        """How many quotes were not shown."""
        return self._key("withheld")

    def sight(self, place: str) -> str:
        """What a configuration folder showed."""
        return self._key("sight:<place>", place)

    @property
    def page(self) -> str:
        """Posts of the page by their last change."""
        return self._key("page")

    def _key(self, name: str, filled: str | None = None) -> str:
        if name not in TABLE:
            raise KeyError(name)
        return f"{self.tag}:{name.partition('<')[0]}{filled or ''}"
