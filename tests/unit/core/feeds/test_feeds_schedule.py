from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.feeds.hints import hint_of
from bot.core.feeds.schedule import (
    failure_kind,
    first_poll_after,
    hastened,
    learnt_interval,
    observed,
    seconds_of_backoff,
    seconds_until_next,
)
from bot.core.feeds.settings import DEFAULTS, PollSettings
from bot.domain.feeds import FeedState
from bot.domain.fetches import FailureKind, Fetched, FetchFailure
from tests.builders import NOW, make_feed

HOUR = 3600.0
PATIENT = PollSettings(expected=1000.0)


def dates(*hours: float) -> list:
    return [NOW - timedelta(hours=ago) for ago in hours]


def until_next(feed=None, state=None, *, jitter=0.0, **answer):
    return seconds_until_next(
        feed or make_feed(),
        state or FeedState(interval=HOUR),
        Fetched(status=200, url="u", **answer),
        jitter=jitter,
        settings=DEFAULTS,
    )


def learnt(state, seen=None, *, news=False, gap=False):
    return learnt_interval(state, seen, news=news, gap=gap, settings=DEFAULTS)


def test_observed_is_half_the_time_in_which_half_of_the_document_turned_over():
    # Of eight entries the newer four appeared within four hours.
    eight = dates(1, 2, 3, 4, 20, 30, 40, 50)
    assert observed(eight, now=NOW, settings=PATIENT) == 2 * HOUR


def test_observed_is_no_longer_than_one_entry_takes_to_appear():
    assert observed(dates(1, 2, 3, 4, 20, 30, 40, 50), now=NOW, settings=DEFAULTS) == HOUR
    assert observed(dates(), now=NOW, settings=DEFAULTS) is None
    assert observed(dates(3), now=NOW, settings=DEFAULTS) == 1.5 * HOUR


@given(st.lists(st.floats(0, 10_000), max_size=20), st.floats(0, 100))
def test_observed_grows_while_nothing_comes(hours, silence):
    before = observed(dates(*hours), now=NOW, settings=DEFAULTS) or 0.0
    later = NOW + timedelta(hours=silence)
    assert (observed(dates(*hours), now=later, settings=DEFAULTS) or 0.0) >= before


def test_learnt_interval_follows_what_was_observed_and_grows_while_nothing_is_new():
    state = FeedState(interval=1000.0)
    assert learnt(state, 700.0, news=True) == 700.0
    assert learnt(state, 700.0) == 1250.0
    assert learnt(state) == 1250.0
    assert learnt(FeedState()) == 1125.0
    assert learnt(FeedState(), 7200.0) == 7200.0  # of a first document of old entries


def test_learnt_interval_stays_within_its_limits():
    assert learnt(FeedState(interval=1000.0), 1.0, news=True) == 300.0
    assert learnt(FeedState(interval=1000.0), 1e9, news=True) == 6 * HOUR
    assert learnt(FeedState(interval=6 * HOUR)) == 6 * HOUR


def test_case_27_learnt_interval_is_halved_by_a_gap_at_least():
    state = FeedState(interval=4000.0)
    assert learnt(state, 9000.0, news=True, gap=True) == 2000.0
    assert learnt(state, 900.0, news=True, gap=True) == 900.0
    assert learnt(FeedState(interval=400.0), news=True, gap=True) == 300.0


def test_until_next_takes_the_longest_wish_up_to_six_hours():
    assert until_next() == HOUR
    assert until_next(max_age=2 * HOUR) == 2 * HOUR
    assert until_next(state=FeedState(interval=HOUR, hint=3 * HOUR), max_age=HOUR) == 3 * HOUR
    assert until_next(max_age=99 * HOUR) == 6 * HOUR
    assert until_next(state=FeedState()) == 900.0


def test_until_next_looks_at_a_feed_of_tier_1_every_hour():
    assert until_next(make_feed(tier=1), max_age=99 * HOUR) == HOUR


def test_until_next_lets_an_admin_win_over_all_but_retry_after():
    hurried = make_feed(interval=60.0)
    assert until_next(hurried, max_age=HOUR) == 60.0
    assert until_next(hurried, retry_after=2 * HOUR) == 2 * HOUR
    assert until_next(hurried, retry_after=99 * HOUR) == 24 * HOUR


@given(st.floats(-0.1, 0.1))
def test_until_next_is_moved_by_a_tenth_at_most_and_never_before_retry_after(jitter):
    assert 0.9 * HOUR <= until_next(jitter=jitter) <= 1.1 * HOUR
    assert until_next(jitter=jitter, retry_after=2 * HOUR) >= 2 * HOUR


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (None, FailureKind.NETWORK),
        (429, FailureKind.SERVER),
        (503, FailureKind.SERVER),
        (403, FailureKind.BLOCKED),
        (410, FailureKind.GONE),
        (404, FailureKind.HARD),
    ],
)
def test_failure_kind_follows_the_status_where_nothing_else_is_said(status, kind):
    assert failure_kind(FetchFailure(url="u", problem="p", status=status)) is kind
    said = FetchFailure(url="u", problem="p", status=status, kind=FailureKind.BLOCKED)
    assert failure_kind(said) is FailureKind.BLOCKED


def test_backoff_doubles_up_to_a_day_and_never_ends():
    waits = [
        seconds_of_backoff(n, asked=None, jitter=0.0, settings=DEFAULTS) / 900
        for n in (0, 1, 2, 6, 7, 10**6)
    ]
    assert waits == [1, 2, 4, 64, 96, 96]


def test_first_polls_are_spread_evenly_and_always_the_same():
    waits = sorted(first_poll_after(f"f{n}", feeds=20_000, settings=DEFAULTS) for n in range(2000))
    assert (waits[0] < 10, waits[-1] > 890, 400 < waits[1000] < 500) == (True, True, True)
    few = [first_poll_after(f"f{n}", feeds=20, settings=DEFAULTS) for n in range(20)]
    assert max(few) <= 10
    assert few == [first_poll_after(f"f{n}", feeds=20, settings=DEFAULTS) for n in range(20)]


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ({"ttl": "60"}, 3600.0),
        ({"ttl": " 1.5 "}, 90.0),
        ({"ttl": "0"}, None),
        ({"ttl": "-5"}, None),
        ({"ttl": "soon"}, None),
        ({"period": "hourly", "frequency": "2"}, 1800.0),
        ({"period": " Daily "}, 86_400.0),
        ({"period": "hourly", "frequency": "0"}, 3600.0),
        ({"period": "hourly", "frequency": "0.1"}, 36_000.0),
        ({"period": "always", "frequency": "1"}, None),
        ({"frequency": "4"}, None),
        ({"ttl": "5", "period": "hourly"}, 3600.0),
        ({}, None),
    ],
)
def test_hint_reads_what_publishers_write(given, seconds):
    assert hint_of(**given) == seconds


@pytest.mark.parametrize(
    ("changes", "minutes"),
    [
        ({}, 0),
        ({"last_success": NOW - timedelta(minutes=2)}, 3),
        ({"declared": 300.0}, None),
        ({"problem": "HTTP 404"}, None),
        ({"doubted": NOW}, None),
        ({"last_success": None}, None),
    ],
    ids=["shortened", "lately", "as it was", "failing", "in doubt", "never polled"],
)
def test_a_feed_is_hastened_whose_interval_was_shortened(changes, minutes):
    before = FeedState(last_success=NOW - timedelta(hours=1), declared=7200.0)
    due = hastened(make_feed(interval=300.0), replace(before, **changes), now=NOW)
    assert due == (None if minutes is None else NOW + timedelta(minutes=minutes))
