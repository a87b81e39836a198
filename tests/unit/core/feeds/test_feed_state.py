from __future__ import annotations

from datetime import timedelta

from bot.domain.feeds import FeedState, Move
from tests.builders import NOW

DAY = timedelta(days=1)


def test_a_state_as_of_now_has_no_moment_of_the_future():
    state = FeedState(
        last_full=NOW + DAY, gone_since=NOW - DAY, moving=Move(url="x", since=NOW + DAY, polls=3)
    )
    expected = FeedState(
        last_full=NOW, gone_since=NOW - DAY, moving=Move(url="x", since=NOW, polls=3)
    )
    assert state.as_of(NOW) == expected


def test_a_state_of_the_past_stays_as_it_is():
    state = FeedState(last_full=NOW, moving=Move(url="x", since=NOW - DAY))
    assert state.as_of(NOW) is state
