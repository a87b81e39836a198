"""decide: what is known × what was fetched × now → what one poll changes.

    fetched ─► a failure? ──────────► failures + 1, back off, seen untouched
            ├► unchanged? ──────────► state touched, no entries
            └► parsed ─► key, fingerprint of each entry
                         unseen key ──────────► new | backfill (first fetch) | late
                         other fingerprint ───► edited
                         the rest ────────────► only remembered as seen

An entry is new because its key was never seen, never because its date is recent. An empty body,
a web page or a feed without entries is a failure, not "no news". A feed is polled for ever,
however often it failed.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.feeds.identity import article_id, canonical_url, entry_keys, fingerprint
from bot.domain.news import (
    Entry,
    EntryReason,
    Feed,
    FeedState,
    FeedUpdate,
    Fetched,
    FetchFailure,
    ParsedEntry,
    ParsedFeed,
)

#: Seconds between polls of a feed that declares nothing, and after its first failure.
INTERVAL = 15 * 60.0
#: Seconds that no backing off and no server's wish exceeds, jitter aside.
LONGEST_WAIT = 24 * 3600.0
#: Of a feed's first document, so many of its newest entries are announced, if so young.
ANNOUNCED_AT_FIRST = 3
YOUNG = timedelta(hours=24)
#: Published longer ago, an entry of a known feed is late.
LATE = timedelta(days=7)
#: Further in the future, a date is wrong rather than early; before feeds existed it is, too.
TOLERATED_FUTURE = timedelta(minutes=15)
_FIRST_YEAR = 1995


def body_hash(body: bytes) -> str:
    """32 hexadecimal digits by which an unchanged body is known without parsing it."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()


def decide(
    feed: Feed,
    state: FeedState,
    fetched: Fetched | FetchFailure,
    parsed: ParsedFeed | None,
    known: Mapping[str, str],
    *,
    body_hash: str | None,
    now: datetime,
    jitter: float,
) -> FeedUpdate:
    """What this poll changes.

    Args:
        feed: The feed as declared.
        state: What the polls before taught us; ``polls`` 0 makes this the first fetch.
        fetched: The answer, or why there is none.
        parsed: The document; None when it was not fetched, or is the one we know.
        known: Entry key → fingerprint, of the document's keys that were seen before.
        body_hash: Of the body fetched; None without one.
        now: The moment of this poll.
        jitter: From -0.1 to 0.1, so that feeds of one interval drift apart.
    """
    problem = _problem(state, fetched, parsed)
    if problem is not None or isinstance(fetched, FetchFailure):
        return FeedUpdate(
            feed_id=feed.id,
            state=replace(state, failures=state.failures + 1, problem=problem),
            next_due=now + _backoff(state, fetched, jitter),
        )
    entries, seen = ((), ()) if parsed is None else _choose(feed, state, parsed, known, now)
    return FeedUpdate(
        feed_id=feed.id,
        state=_learned(state, fetched, parsed, body_hash, now),
        next_due=now + timedelta(seconds=(feed.interval or INTERVAL) * (1 + jitter)),
        entries=entries,
        seen=seen,
    )


def _problem(
    state: FeedState, fetched: Fetched | FetchFailure, parsed: ParsedFeed | None
) -> str | None:
    """Why this poll gave nothing usable, in one line; None if it did."""
    if isinstance(fetched, FetchFailure):
        return fetched.problem
    if parsed is None:
        # Taken for success, it would make the next document's old entries news.
        return None if state.polls else f"HTTP {fetched.status} without a document to compare with"
    if not parsed.entries:
        return parsed.problem or "a feed without entries"
    return None


def _backoff(state: FeedState, fetched: Fetched | FetchFailure, jitter: float) -> timedelta:
    """15 min × 2^failures, or longer if the server asked for it.

    Jitter only lengthens what the server asked for, so that the feeds of one host neither come
    early nor come back together.
    """
    seconds = min(INTERVAL * 2.0 ** min(state.failures, 20), LONGEST_WAIT) * (1 + jitter)
    if isinstance(fetched, FetchFailure) and fetched.retry_after is not None:
        asked = min(max(fetched.retry_after, 0.0), LONGEST_WAIT)
        seconds = max(seconds, asked * (1 + abs(jitter)))
    return timedelta(seconds=seconds)


def _learned(
    state: FeedState,
    fetched: Fetched,
    parsed: ParsedFeed | None,
    body_hash: str | None,
    now: datetime,
) -> FeedState:
    """The state after a good poll; each validator is taken over on its own."""
    etag, last_modified = fetched.etag, fetched.last_modified
    if fetched.not_modified:
        etag, last_modified = etag or state.etag, last_modified or state.last_modified
    elif parsed is not None and parsed.problem is not None:
        # A damaged copy: with its validators a 304 would hide for good what it lacks.
        etag = last_modified = None
    return FeedState(
        etag=etag,
        last_modified=last_modified,
        body_hash=body_hash or state.body_hash,
        last_success=now,
        polls=state.polls + 1,
    )


def _choose(
    feed: Feed, state: FeedState, parsed: ParsedFeed, known: Mapping[str, str], now: datetime
) -> tuple[tuple[Entry, ...], tuple[tuple[str, str], ...]]:
    """New and edited entries, oldest first; and every key with its fingerprint."""
    keys = entry_keys(parsed.entries)
    prints = tuple(map(fingerprint, parsed.entries))
    announced = _announced_at_first(parsed, keys, now) if state.polls == 0 else None
    ambiguous = _ambiguous(parsed.entries)
    chosen = []
    for parsed_entry, key, print_ in zip(parsed.entries, keys, prints, strict=True):
        published = _stated(parsed_entry, now) or now
        reason = _reason(key, print_, published, known=known, announced=announced, now=now)
        if reason is None:
            continue
        url = canonical_url(parsed_entry.url or "")
        shared = _page(parsed_entry.url or "") in ambiguous
        chosen.append(
            Entry(
                feed_id=feed.id,
                outlet=feed.name,
                tier=feed.tier,
                language=feed.language,
                country=feed.country,
                key=key,
                article_id=article_id(
                    "" if shared else url,
                    title=parsed_entry.title or key,
                    outlet=feed.name,
                ),
                url=url,
                title=parsed_entry.title,
                summary=parsed_entry.summary,
                text=parsed_entry.text,
                authors=parsed_entry.authors,
                published=published,
                first_seen=now,
                fingerprint=print_,
                reason=reason,
            )
        )
    # Feeds list the newest first: of entries of one moment the last listed is the oldest.
    chosen.reverse()
    chosen.sort(key=lambda entry: entry.published)
    return tuple(chosen), tuple(zip(keys, prints, strict=True))


def _reason(
    key: str,
    print_: str,
    published: datetime,
    *,
    known: Mapping[str, str],
    announced: frozenset[str] | None,
    now: datetime,
) -> EntryReason | None:
    """Why an entry is passed on; None when it is not. ``announced`` is None but at first."""
    if key in known:
        return None if known[key] == print_ else EntryReason.EDITED
    if announced is not None:
        return EntryReason.NEW if key in announced else EntryReason.BACKFILL
    return EntryReason.LATE if published < now - LATE else EntryReason.NEW


def _announced_at_first(parsed: ParsedFeed, keys: tuple[str, ...], now: datetime) -> frozenset[str]:
    """Keys of the newest entries of a first document; one without a date is not young."""
    dated = [
        (moment, key)
        for entry, key in zip(parsed.entries, keys, strict=True)
        if (moment := _stated(entry, now)) is not None and moment > now - YOUNG
    ]
    return frozenset(key for _, key in sorted(dated, reverse=True)[:ANNOUNCED_AT_FIRST])


def _stated(entry: ParsedEntry, now: datetime) -> datetime | None:
    """The date the feed gives, never after ``now``; None for none, or one that cannot be."""
    moment = entry.published or entry.updated
    if moment is None or moment.year < _FIRST_YEAR or moment > now + TOLERATED_FUTURE:
        return None
    return min(moment, now)


def _ambiguous(entries: tuple[ParsedEntry, ...]) -> frozenset[str]:
    """Pages that entries of different titles share: a home page, a live blog. They name nobody."""
    titled = {(_page(entry.url), entry.title) for entry in entries if entry.url}
    return frozenset(page for page, n in Counter(page for page, _ in titled).items() if n > 1)


def _page(url: str) -> str:
    """``url`` without its fragment, unless that is a route."""
    page, _, fragment = url.partition("#")
    return url if fragment.startswith("!") else page
