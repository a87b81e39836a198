"""Which entries of a document are passed on, and why.

    seen key, same words ──────────────► remembered only
    seen key, other words ─────────────► edited, if not too often
    unseen key, known as ─► address and title   the same entry, given another key
                         ─► neither             new | backfill (first fetch) | late
    > 80 % unseen ─────────────────────► renamed, missed or a flood (``floods``)

An entry is new because it was never seen, never because its date is recent.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.feeds.floods import is_mass, was_missed, was_renamed
from bot.core.feeds.identity import article_id, canonical_url, entry_keys, fingerprint
from bot.core.feeds.memory import Memory, Remembered
from bot.core.feeds.settings import PollSettings
from bot.domain.feeds import Feed, FeedState, ParsedEntry, ParsedFeed
from bot.domain.news import Entry, EntryReason

#: Before feeds existed, a date is wrong.
_FIRST_YEAR = 1995


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What one document gives."""

    #: To pass on, oldest first.
    entries: tuple[Entry, ...] = ()
    #: To park, oldest first.
    held: tuple[Entry, ...] = ()
    #: Entry key → what to remember, of everything listed.
    seen: tuple[tuple[str, str], ...] = ()
    #: Entries known under another key.
    adopted: int = 0
    #: Whether most of the document was adopted at once.
    renamed: bool = False
    #: Whether nothing of it is known.
    gap: bool = False
    #: Whether any of it is known.
    overlaps: bool = False
    #: Whether an edit waits for its time: the document has to be looked at again.
    waiting: bool = False
    #: Stated dates of what is new.
    new_dates: tuple[datetime | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """One listed entry with what is known of it."""

    parsed: ParsedEntry
    key: str
    fingerprint: str
    title: str
    #: The date the feed gives; None for none, or one that cannot be.
    stated: datetime | None
    #: Under this key, or adopted from another; None for an unseen one.
    memory: Memory | None = None
    article: str = ""
    adopted: bool = False


def choose(
    feed: Feed,
    state: FeedState,
    parsed: ParsedFeed,
    known: Mapping[str, str],
    remembered: Mapping[str, str] | None,
    *,
    now: datetime,
    settings: PollSettings,
) -> Choice:
    """What of ``parsed`` is passed on.

    Args:
        feed: The feed as declared.
        state: Before this poll; ``polls`` 0 makes this the first fetch.
        parsed: The document.
        known: Entry key → what is remembered, of the keys it lists.
        remembered: The same of all keys of the feed; None where nobody looked.
        now: The moment of this poll.
        settings: The limits.
    """
    listed = _listed(feed, parsed, known, now, settings)
    first = state.polls == 0
    unseen = [one for one in listed if one.memory is None]
    past = Remembered.beyond(remembered or {}, (one.key for one in listed))
    mass = not first and is_mass(len(unseen), len(listed), settings=settings)
    alike = {
        one.key: found
        for one in (unseen if mass else ())
        if (found := past.alike(one.article, one.title))
    }
    renamed = mass and was_renamed(len(alike), len(unseen))
    # Nothing is left of what we knew: only what came since is news.
    forgotten = not first and remembered is not None and not remembered
    listed = [_adopted(one, past, alike if renamed else {}) for one in listed]
    unseen = [one for one in listed if one.memory is None]
    announced = _announced_at_first(listed, now, settings) if first else None

    passed, seen, waiting = [], [], False
    for one in listed:
        reason = _reason(one, announced, now=now, settings=settings)
        if renamed and one.adopted:
            reason = None  # other addresses in its text are no edit
        memory = _memory(one, reason, now=now)
        if reason is None and _edit_waits(one, settings) and not (renamed and one.adopted):
            waiting = True
            memory = replace(memory, fingerprint=one.memory.fingerprint if one.memory else "")
        seen.append((one.key, memory.write()))
        if reason is not None and not (forgotten and not _since(one, state)):
            passed.append(_entry(feed, parsed, one, reason, now))
    flood = (
        not (first or forgotten)
        and is_mass(len(unseen), len(listed), settings=settings)
        and sum(entry.reason is EntryReason.NEW for entry in passed) >= settings.flood_least
        and not was_missed([one.stated for one in unseen], state, now=now)
    )
    return Choice(
        entries=_oldest_first([e for e in passed if not flood or e.reason is not EntryReason.NEW]),
        held=_oldest_first([e for e in passed if flood and e.reason is EntryReason.NEW]),
        seen=tuple(seen),
        adopted=sum(one.adopted for one in listed),
        renamed=renamed,
        gap=not (first or forgotten or flood) and len(unseen) == len(listed) >= settings.gap_least,
        overlaps=len(unseen) < len(listed),
        waiting=waiting,
        new_dates=tuple(one.stated for one in unseen),
    )


def stated_date(entry: ParsedEntry, now: datetime, settings: PollSettings) -> datetime | None:
    """The date the feed gives, never after ``now``; None for none, or one that cannot be."""
    moment = entry.published or entry.updated
    if moment is None or moment.year < _FIRST_YEAR:
        return None
    return min(moment, now) if moment <= now + timedelta(seconds=settings.early) else None


def _listed(
    feed: Feed,
    parsed: ParsedFeed,
    known: Mapping[str, str],
    now: datetime,
    settings: PollSettings,
) -> list[_Listed]:
    ambiguous = _ambiguous(parsed.entries)
    listed = []
    keys = entry_keys(parsed.entries, by_url=feed.by_url)
    for entry, key in zip(parsed.entries, keys, strict=True):
        line = known.get(key)
        memory = None if line is None else Memory.read(line)
        url = "" if _page(entry.url or "") in ambiguous else entry.url or ""
        listed.append(
            _Listed(
                parsed=entry,
                key=key,
                fingerprint=fingerprint(entry),
                title=_title_hash(entry.title),
                stated=stated_date(entry, now, settings),
                memory=memory,
                # Cleaning addresses is the dear part, and a seen entry keeps its id anyway.
                article=(memory and memory.article)
                or article_id(url, title=entry.title or key, outlet=feed.name),
            )
        )
    return listed


def _adopted(one: _Listed, past: Remembered, alike: Mapping[str, Memory]) -> _Listed:
    """``one`` with the memory of the entry it was before its key changed, if there is one."""
    if one.memory is not None:
        return one
    found = past.same(one.article, one.title) or alike.get(one.key)
    if found is None:
        return one
    return replace(one, memory=found, article=found.article or one.article, adopted=True)


def _reason(
    one: _Listed, announced: frozenset[str] | None, *, now: datetime, settings: PollSettings
) -> EntryReason | None:
    """Why an entry is passed on; None when it is not. ``announced`` is None but at first."""
    if (memory := one.memory) is not None:
        if memory.fingerprint == one.fingerprint or memory.edits >= settings.edits:
            return None
        # An edit of the future was told before the clock was set back.
        rested = not 0 <= now.timestamp() - memory.edited < settings.edit_gap
        return EntryReason.EDITED if rested else None
    if announced is not None:
        return EntryReason.NEW if one.key in announced else EntryReason.BACKFILL
    old = one.stated is not None and one.stated < now - timedelta(seconds=settings.late)
    return EntryReason.LATE if old else EntryReason.NEW


def _edit_waits(one: _Listed, settings: PollSettings) -> bool:
    """Whether an entry was edited so soon after the last edit that it is told later."""
    memory = one.memory
    return (
        memory is not None
        and memory.fingerprint != one.fingerprint
        and memory.edits < settings.edits
    )


def _memory(one: _Listed, reason: EntryReason | None, *, now: datetime) -> Memory:
    before = one.memory or Memory()
    edited = reason is EntryReason.EDITED
    return Memory(
        article=one.article,
        fingerprint=one.fingerprint,
        title=one.title,
        edits=before.edits + edited,
        edited=int(now.timestamp()) if edited else before.edited,
    )


def _entry(
    feed: Feed, document: ParsedFeed, one: _Listed, reason: EntryReason, now: datetime
) -> Entry:
    parsed = one.parsed
    return Entry(
        feed_id=feed.id,
        outlet=feed.name,
        tier=feed.tier,
        language=feed.language,
        country=feed.country,
        key=one.key,
        article_id=one.article,
        url=canonical_url(parsed.url or ""),
        title=parsed.title,
        summary=parsed.summary,
        text=parsed.text,
        authors=parsed.authors,
        published=one.stated or now,
        first_seen=now,
        fingerprint=one.fingerprint,
        reason=reason,
        said_language=parsed.language or document.language,
    )


def _oldest_first(entries: list[Entry]) -> tuple[Entry, ...]:
    # Feeds list the newest first: of entries of one moment the last listed is the oldest.
    listed_last_first = entries[::-1]
    return tuple(sorted(listed_last_first, key=lambda entry: entry.published))


def _since(one: _Listed, state: FeedState) -> bool:
    """Whether an entry is dated after the last good poll."""
    last = state.last_success
    return one.stated is not None and last is not None and one.stated > last


def _announced_at_first(
    listed: list[_Listed], now: datetime, settings: PollSettings
) -> frozenset[str]:
    """Keys of the newest entries of a first document; one without a date is not young."""
    young = now - timedelta(seconds=settings.young)
    dated = [(one.stated, one.key) for one in listed if one.stated and one.stated > young]
    newest = sorted(dated, reverse=True)[: settings.announced_at_first]
    return frozenset(key for _, key in newest)


def _title_hash(title: str) -> str:
    """By which a title is known again; empty for an empty one."""
    normal = " ".join(title.casefold().split())
    return hashlib.sha256(normal.encode("utf-8", "replace")).hexdigest()[:12] if normal else ""


def _ambiguous(entries: tuple[ParsedEntry, ...]) -> frozenset[str]:
    """Pages that entries of different titles share: a home page, a live blog. They name nobody."""
    titled = {(_page(entry.url), entry.title) for entry in entries if entry.url}
    return frozenset(page for page, n in Counter(page for page, _ in titled).items() if n > 1)


def _page(url: str) -> str:
    """``url`` without its fragment, unless that is a route."""
    page, _, fragment = url.partition("#")
    return url if fragment.startswith("!") else page
