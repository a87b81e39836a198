"""decide: what is known × what was fetched × now → what one poll changes.

    fetched ─► a failure? ──────────► back off by its kind, seen untouched; frozen when in doubt
            ├► unchanged? ──────────► state touched, polled less often
            └► parsed ─► choose ────► entries passed on, parked, remembered; interval learnt

An empty body, a web page or a feed without entries is a failure, not "no news". A feed is polled
for ever, however often it failed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.core.feeds.choose import Choice, choose, stated_date
from bot.core.feeds.redirects import watched
from bot.core.feeds.schedule import (
    failure_kind,
    learnt_interval,
    observed,
    seconds_of_backoff,
    seconds_to_hold_host,
    seconds_until_next,
)
from bot.core.feeds.settings import DEFAULTS, PollSettings
from bot.core.feeds.validators import hid_news
from bot.domain.feeds import Feed, FeedState, FeedStatus, FeedUpdate, ParsedFeed
from bot.domain.fetches import FailureKind, Fetched, FetchFailure

#: Retries in an outage of ours are spread by half their time, not by a tenth.
_OUTAGE_JITTER = 5.0


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
    remembered: Mapping[str, str] | None = None,
    full: bool = False,
    doubted: datetime | None = None,
    settings: PollSettings = DEFAULTS,
) -> FeedUpdate:
    """What this poll changes.

    Args:
        feed: The feed as declared.
        state: What the polls before taught us; ``polls`` 0 makes this the first fetch.
        fetched: The answer, or why there is none.
        parsed: The document; None when it was not fetched, or is the one we know.
        known: Entry key → what is remembered, of the document's keys that were seen before.
        body_hash: Of the body fetched; None without one.
        now: The moment of this poll.
        jitter: From -0.1 to 0.1, so that feeds of one interval drift apart.
        remembered: As ``known``, of all keys of the feed; None when all listed ones are known.
        full: Whether the request went without validators.
        doubted: Since when it may be our own network that fails; None when it is the host.
        settings: The limits.
    """
    problem = _problem(state, fetched, parsed)
    if problem is not None or isinstance(fetched, FetchFailure):
        return _failed(
            feed,
            state,
            fetched,
            parsed,
            problem=problem or "",
            now=now,
            jitter=jitter,
            doubted=doubted,
            settings=settings,
        )
    choice = None
    if parsed is not None:
        choice = choose(feed, state, parsed, known, remembered, now=now, settings=settings)
    kept = _validators(state, fetched, parsed, choice, body_hash, full=full, now=now)
    learned = _noticed(state, choice, hiding=kept["validators_bad"])
    learned = watched(
        feed.url,
        learned,
        fetched,
        same_feed=choice is None or choice.overlaps,
        now=now,
        settings=settings,
    )
    well = _recovered(state, parsed, choice, now=now, settings=settings)
    # At once: making a state is most of what a poll that finds nothing costs here.
    learned = replace(learned, **kept, **well, declared=feed.interval)
    wait = seconds_until_next(feed, learned, fetched, jitter=jitter, settings=settings)
    if fetched.partial:
        learned = _broken_off(learned, state, now)
    return FeedUpdate(
        feed_id=feed.id,
        state=learned,
        next_due=now + timedelta(seconds=wait),
        entries=choice.entries if choice else (),
        seen=choice.seen if choice else (),
        held=choice.held if choice else (),
        answered=True,
    )


def _problem(
    state: FeedState, fetched: Fetched | FetchFailure, parsed: ParsedFeed | None
) -> str | None:
    """Why this poll gave nothing usable, in one line; None if it did."""
    if isinstance(fetched, FetchFailure):
        return fetched.problem
    if fetched.partial and not state.failures:
        return "the answer broke off"  # at the next try it may be whole
    if parsed is None:
        # Taken for success, it would make the next document's old entries news.
        return None if state.polls else f"HTTP {fetched.status} without a document to compare with"
    if not parsed.entries:
        return parsed.problem or "a feed without entries"
    return None


def _failed(
    feed: Feed,
    state: FeedState,
    fetched: Fetched | FetchFailure,
    parsed: ParsedFeed | None,
    *,
    problem: str,
    now: datetime,
    jitter: float,
    doubted: datetime | None,
    settings: PollSettings,
) -> FeedUpdate:
    """A poll that gave nothing: count it, wait, and keep what was seen."""
    failure = fetched if isinstance(fetched, FetchFailure) else None
    kind = FailureKind.HARD if failure is None else failure_kind(failure)
    if isinstance(fetched, Fetched) and fetched.partial:
        kind = FailureKind.SERVER
    if doubted is not None and kind is FailureKind.NETWORK:
        wait = settings.outage_retry * (1 + _OUTAGE_JITTER * jitter)
        frozen = now + timedelta(seconds=wait)
        return FeedUpdate(
            feed_id=feed.id,
            state=replace(state, doubted=doubted, doubt=problem),
            next_due=frozen,
            answered=False,
        )
    before = state.soft_failures if kind.soft else state.failures - state.soft_failures
    asked = failure.retry_after if failure else None
    wait = seconds_of_backoff(before, asked=asked, jitter=jitter, settings=settings)
    gone_since = state.gone_since
    status = _status(kind, parsed)
    if kind is FailureKind.GONE:
        gone_since = gone_since or now
        if (now - gone_since).total_seconds() >= settings.gone_after:
            status, wait = FeedStatus.GONE, settings.gone_retry * (1 + jitter)
    return FeedUpdate(
        feed_id=feed.id,
        state=replace(
            state,
            failures=state.failures + 1,
            soft_failures=state.soft_failures + kind.soft,
            problem=problem,
            status=status,
            failing_since=state.failing_since or now,
            gone_since=gone_since,
            doubted=None,
            doubt=None,
        ),
        next_due=now + timedelta(seconds=wait),
        hold_host=seconds_to_hold_host(feed, fetched, settings=settings),
        answered=_answered(failure, kind),
    )


def _status(kind: FailureKind, parsed: ParsedFeed | None) -> FeedStatus:
    if kind is FailureKind.BLOCKED or (parsed is not None and parsed.blocked):
        return FeedStatus.BLOCKED
    if parsed is not None and not parsed.format and parsed.problem != "an empty body":
        return FeedStatus.NOT_A_FEED
    return FeedStatus.FAILING


def _answered(failure: FetchFailure | None, kind: FailureKind) -> bool | None:
    """Whether the network reached somebody; an address we refuse to dial says nothing."""
    if failure is None or failure.status is not None:
        return True
    return False if kind is FailureKind.NETWORK else None


def _validators(
    state: FeedState,
    fetched: Fetched,
    parsed: ParsedFeed | None,
    choice: Choice | None,
    body_hash: str | None,
    *,
    full: bool,
    now: datetime,
) -> dict[str, Any]:
    """What a good poll tells of the server; each validator is taken over on its own."""
    etag, last_modified = fetched.etag, fetched.last_modified
    digest = body_hash or state.body_hash
    bad = state.validators_bad
    if fetched.not_modified:
        etag, last_modified = etag or state.etag, last_modified or state.last_modified
    elif fetched.partial or (parsed is not None and parsed.problem is not None):
        # A damaged copy: with its validators a 304 would hide for good what it lacks.
        etag = last_modified = None
        digest = state.body_hash if fetched.partial else digest
    if choice is not None and choice.waiting:
        # An edit that waits for its time has to be found again in the same document.
        etag = last_modified = digest = None
    if full and choice is not None:
        bad = bad or hid_news(state, fetched, choice.new_dates)
    return {
        "etag": etag,
        "last_modified": last_modified,
        "body_hash": digest,
        "last_answer": now,
        "was_304": fetched.not_modified,
        "last_full": now if full else state.last_full,
        "validators_bad": bad,
    }


def _noticed(state: FeedState, choice: Choice | None, *, hiding: bool) -> FeedState:
    """``state`` with what the owner should know of this poll."""
    if choice is not None and choice.renamed:
        known = f"{choice.adopted} known entries came under other identifiers"
        return replace(state, notice=f"{known}; none is announced again")
    if hiding and state.notice is None:
        hides = "its server says that nothing changed when something did"
        return replace(state, notice=f"{hides}; it is always fetched whole")
    return state


def _recovered(
    state: FeedState,
    parsed: ParsedFeed | None,
    choice: Choice | None,
    *,
    now: datetime,
    settings: PollSettings,
) -> dict[str, Any]:
    """What a good poll tells of the feed: no trouble any more, and the rhythm it suggests."""
    hint, window, gaps, last_entry = state.hint, state.window, state.gaps, state.last_entry
    gap_at = state.gap_at
    seen, news, gap = None, False, False
    if parsed is not None and choice is not None:
        dates = [date for one in parsed.entries if (date := stated_date(one, now, settings))]
        seen = observed(dates, now=now, settings=settings)
        news, gap = bool(choice.entries or choice.held), choice.gap
        hint, window, gaps = parsed.hint, len(parsed.entries), gaps + gap
        gap_at = now if gap else gap_at
        last_entry = now if news else last_entry
    return {
        "failures": 0,
        "soft_failures": 0,
        "problem": None,
        "status": FeedStatus.OK,
        "failing_since": None,
        "gone_since": None,
        "doubted": None,
        "doubt": None,
        "last_success": now,
        "polls": state.polls + 1,
        "interval": learnt_interval(state, seen, news=news, gap=gap, settings=settings),
        "hint": hint,
        "window": window,
        "gaps": gaps,
        "gap_at": gap_at,
        "last_entry": last_entry,
    }


def _broken_off(learned: FeedState, before: FeedState, now: datetime) -> FeedState:
    """``learned`` from a body that broke off again: its entries are good, the feed is not well."""
    return replace(
        learned,
        failures=before.failures + 1,
        soft_failures=before.soft_failures + 1,
        problem="the answer broke off; its whole entries are used",
        status=FeedStatus.FAILING,
        failing_since=before.failing_since or now,
        last_success=before.last_success,
    )
