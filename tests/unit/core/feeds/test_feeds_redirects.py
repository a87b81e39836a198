from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.feeds.redirects import address, watched
from bot.core.feeds.settings import DEFAULTS
from bot.domain.feeds import FeedState, Move
from bot.domain.fetches import Fetched, Hop
from tests.builders import NOW

OLD, NEW = "https://old.example/rss", "https://new.example/rss"
DAY = timedelta(days=1)
KNOWN = FeedState(polls=9)


def answer(*statuses, target=NEW):
    hops = tuple(Hop(status=status, url=target) for status in statuses)
    return Fetched(status=200, url=target if hops else OLD, hops=hops)


def watch(state, fetched, *, same_feed=True, now=NOW):
    return watched(OLD, state, fetched, same_feed=same_feed, now=now, settings=DEFAULTS)


def weeks(fetched, *, polls=20, days=10.0, **changes):
    state = KNOWN
    for number in range(polls):
        state = watch(state, fetched, now=NOW + number / (polls - 1) * days * DAY, **changes)
    return state


def test_case_10_a_permanent_move_is_believed_after_a_week_and_ten_polls():
    state = weeks(answer(308))
    assert (state.moved_to, state.moving) == (NEW, None)
    assert state.notice == f"moved for good to {NEW}"
    assert address(OLD, state) == NEW


@pytest.mark.parametrize(("polls", "days"), [(200, 6.9), (9, 30)])
def test_a_move_is_not_believed_earlier(polls, days):
    state = weeks(answer(301, 308), polls=polls, days=days)
    assert (state.moved_to, state.moving.polls) == (None, polls)


@pytest.mark.parametrize("statuses", [(302,), (301, 302), (307, 308), (303,)])
def test_a_move_that_is_not_permanent_all_the_way_is_never_stored(statuses):
    state = weeks(answer(*statuses))
    assert (state.moved_to, state.moving) == (None, None)


def test_case_09_a_login_page_is_never_stored():
    assert weeks(answer(301, target="https://portal.example/login"), same_feed=False) == KNOWN


@pytest.mark.parametrize(
    "target",
    [
        "http://10.0.0.1/rss",
        "http://127.0.0.1/rss",
        "http://[::1]/rss",
        "http://localhost/rss",
        "http://169.254.169.254/rss",
        "ftp://new.example/rss",
        "https://me:secret@new.example/rss",
    ],
)
def test_a_move_to_what_is_no_public_feed_is_never_stored(target):
    assert weeks(answer(301, target=target)).moved_to is None


def test_a_move_is_counted_anew_when_it_leads_elsewhere_or_stops():
    moving = replace(KNOWN, moving=Move(url=NEW, since=NOW - 9 * DAY, polls=50))
    other = watch(moving, answer(301, target="https://other.example/rss"))
    assert other.moving == Move(url="https://other.example/rss", since=NOW)
    assert watch(moving, answer()).moving is None


def test_an_address_that_fails_is_given_up_for_the_declared_one():
    moved = replace(KNOWN, moved_to=NEW, failures=3)
    assert address(OLD, moved) == OLD
    assert watch(moved, answer()).moved_to is None
    assert address(OLD, replace(moved, failures=2)) == NEW
