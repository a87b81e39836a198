"""Permanent redirects: followed at once, believed late.

A captive portal or a lapsed domain answers 301 as well. The new address is polled instead of the
declared one only after a week in which every poll ended there and found the feed's own entries.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from bot.core.feeds.settings import PollSettings
from bot.domain.addresses import shown
from bot.domain.feeds import FeedState, Move
from bot.domain.fetches import Fetched
from bot.domain.hosts import may_be_asked

#: Failures in a row after which an address we moved to is given up for the declared one.
_GIVEN_UP = 3


def address(url: str, state: FeedState) -> str:
    """Where to poll the feed declared at ``url``."""
    return url if state.moved_to is None or state.failures >= _GIVEN_UP else state.moved_to


def watched(
    url: str,
    state: FeedState,
    fetched: Fetched,
    *,
    same_feed: bool,
    now: datetime,
    settings: PollSettings,
) -> FeedState:
    """``state`` with what this poll's redirects add to it.

    Args:
        url: The declared address.
        state: The state so far.
        fetched: The answer at the end of them.
        same_feed: Whether it is this feed's document: unchanged, or listing entries it had.
        now: The moment of this poll.
        settings: The limits.
    """
    if state.moved_to is not None and state.failures >= _GIVEN_UP:
        state = replace(state, moved_to=None)
    hops = fetched.hops
    target = fetched.url
    if (
        not hops
        or target == state.moved_to
        or not same_feed
        or not all(hop.permanent for hop in hops)
        or not _storable(target, declared=url)
    ):
        return state if state.moving is None else replace(state, moving=None)
    if state.moving is None or state.moving.url != target:
        return replace(state, moving=Move(url=target, since=now))
    moving = replace(state.moving, polls=state.moving.polls + 1)
    long_enough = (now - moving.since).total_seconds() >= settings.moved_after
    if not long_enough or moving.polls < settings.moved_polls:
        return replace(state, moving=moving)
    notice = f"moved for good to {shown(target)}"
    return replace(state, moving=None, moved_to=target, notice=notice)


def _storable(target: str, *, declared: str) -> bool:
    """Whether an address may be kept: a public one, unless the feed is an internal one anyway."""
    parts = urlsplit(target)
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return False
    return may_be_asked(parts.hostname) or not may_be_asked(urlsplit(declared).hostname or "")
