"""When a feed is polled next: as often as it changes, as its publisher bears, later after trouble.

    answered   clamp(max(observed, what the publisher asks), shortest, longest), jitter
    nothing new    1.25 × the interval before
    a gap      half the interval before, at most
    failed     15 min × 2^n up to a day, for ever; longer where the server asks for it

``observed``: half the time in which the newer half of the document appeared, so that no entry
scrolls off unseen; and no longer than it takes until one new entry is to be expected.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.core.feeds.settings import PollSettings
from bot.domain.feeds import Feed, FeedState
from bot.domain.fetches import FailureKind, Fetched, FetchFailure

#: Failures beyond which doubling has long reached its end.
_DOUBLINGS = 20
#: A document in which the newer half is so many entries at least tells a rhythm.
_TELLING = 1


def observed(moments: Sequence[datetime], *, now: datetime, settings: PollSettings) -> float | None:
    """Seconds between polls that suit the dates of a document's entries; None without any."""
    newest_first = sorted(moments, reverse=True)
    half = (len(newest_first) + 1) // 2
    if half < _TELLING:
        return None
    turned_over = (now - newest_first[half - 1]).total_seconds()
    return min(turned_over / 2, settings.expected * turned_over / half)


def learnt_interval(
    state: FeedState,
    seen: float | None,
    *,
    news: bool,
    gap: bool,
    settings: PollSettings,
) -> float:
    """Seconds between polls from now on, before anybody's wishes.

    Args:
        state: What was learnt before.
        seen: What ``observed`` made of the document; None when there is none to look at.
        news: Whether this poll found entries.
        gap: Whether entries may have been missed.
        settings: The limits.
    """
    before = state.interval or settings.first
    if gap:
        return max(min(before / 2, seen or before), settings.shortest)
    if not news:
        # At first a document is all there is to go by; later its dates only grow older.
        grown = seen if state.interval is None and seen is not None else before * settings.growth
    else:
        grown = before if seen is None else seen
    return min(max(grown, settings.shortest), settings.longest)


def seconds_until_next(
    feed: Feed, state: FeedState, fetched: Fetched, *, jitter: float, settings: PollSettings
) -> float:
    """Seconds from a good poll to the next; an admin's interval yields to Retry-After only."""
    if feed.interval is not None:
        wanted = feed.interval
    else:
        wishes = max(state.hint or 0.0, fetched.max_age or 0.0)
        longest = settings.longest_tier_1 if feed.tier == 1 else settings.longest
        wanted = min(max(state.interval or settings.first, wishes, settings.shortest), longest)
    asked = min(max(fetched.retry_after or 0.0, 0.0), settings.longest_wait)
    return max(wanted * (1 + jitter), asked * (1 + abs(jitter)))


def hastened(feed: Feed, state: FeedState, *, now: datetime) -> datetime | None:
    """When a feed is due by an interval that was shortened since its last poll; None as it was.

    One that fails, or whose host may be out of reach, is waiting for that.
    """
    if feed.interval is None or feed.interval == state.declared:
        return None  # it waits for as long as its server asked for
    if state.problem or state.doubted or state.last_success is None:
        return None
    return max(now, state.last_success + timedelta(seconds=feed.interval))


def failure_kind(failure: FetchFailure) -> FailureKind:
    """What a failure says about the next try."""
    if failure.kind is not None:
        return failure.kind
    status = failure.status
    if status is None:
        return FailureKind.NETWORK
    if status in (408, 425, 429) or status >= 500:
        return FailureKind.SERVER
    if status in (401, 403, 407, 451):
        return FailureKind.BLOCKED
    return FailureKind.GONE if status == 410 else FailureKind.HARD


def seconds_of_backoff(
    failures: int, *, asked: float | None, jitter: float, settings: PollSettings
) -> float:
    """Seconds until the next try after ``failures`` of this kind before.

    Jitter only lengthens what the server asked for, so that feeds neither come early nor together.
    """
    doubled = settings.retry * 2.0 ** min(failures, _DOUBLINGS)
    seconds = min(doubled, settings.longest_wait) * (1 + jitter)
    if asked is None:
        return seconds
    return max(seconds, min(max(asked, 0.0), settings.longest_wait) * (1 + abs(jitter)))


def seconds_to_hold_host(
    feed: Feed, fetched: Fetched | FetchFailure, *, settings: PollSettings
) -> float | None:
    """Seconds for which no feed of this host is polled; None for no reason to wait.

    A 429 always holds, a 503 when it says how long; a bridge's feeds are left alone one by one.
    """
    if feed.bridge or isinstance(fetched, Fetched):
        return None
    asked = fetched.retry_after
    if fetched.status == 429:
        asked = settings.host_pause if asked is None or asked <= 0 else asked
    elif fetched.status is None or fetched.status < 500 or asked is None or asked <= 0:
        return None
    return min(asked, settings.longest_wait)


def first_poll_after(feed_id: str, *, feeds: int, settings: PollSettings) -> float:
    """Seconds until a new feed's first poll, by its id alone.

    Half a second a feed, ``first`` at most: twenty feeds are there at once, and twenty thousand
    do not all arrive together.
    """
    spread = min(settings.first, feeds * 0.5)
    return zlib.crc32(feed_id.encode()) / 2**32 * spread
