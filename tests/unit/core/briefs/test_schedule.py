"""Digests fall due at local wall times, once a day, over every change of the clocks."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.briefs.schedule import in_quiet, next_digests
from bot.domain.channels import CONSOLE, WEEKDAYS, Channel, DigestPlan, Quiet
from bot.domain.stories import DigestDue


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def digests(zone, *walls, after, days=2, **plan):
    times = tuple(time.fromisoformat(wall) for wall in walls)
    channel = Channel(to=CONSOLE, digest=DigestPlan(at=times, timezone=zone, **plan))
    return [
        (due.local_date, due.slot, moment)
        for due, moment in next_digests(channel, after=at(after), days=days)
    ]


def test_digests_come_in_order_and_only_after_the_moment_asked_about():
    assert digests("Europe/Brussels", "17:00", "07:30", after="2025-04-04T05:30", days=1) == [
        ("2025-04-04", "17:00", at("2025-04-04T15:00")),
        ("2025-04-05", "07:30", at("2025-04-05T05:30")),
    ]


def test_digests_keep_to_their_weekdays():
    days = [
        day
        for day, _, _ in digests(
            "Europe/Oslo", "08:00", after="2025-04-04T12:00", days=4, on=WEEKDAYS
        )
    ]
    assert days == ["2025-04-07", "2025-04-08"]


@pytest.mark.parametrize(
    ("zone", "wall", "after", "expected"),
    [
        pytest.param(
            "Europe/Brussels",
            "02:30",
            "2025-03-28T12:00",
            ["2025-03-29T01:30", "2025-03-30T01:30", "2025-03-31T00:30"],
            id="a time the clocks skip falls due an hour later that day",
        ),
        pytest.param(
            "Europe/Oslo",
            "02:30",
            "2025-10-24T12:00",
            ["2025-10-25T00:30", "2025-10-26T00:30", "2025-10-27T01:30"],
            id="a time that comes twice falls due the first time",
        ),
        pytest.param(
            "Europe/Oslo",
            "00:30",
            "2025-03-28T12:00",
            ["2025-03-28T23:30", "2025-03-29T23:30", "2025-03-30T22:30"],
            id="half past midnight comes on the day after spring-forward too",
        ),
        pytest.param(
            "America/New_York",
            "00:30",
            "2025-03-08T12:00",
            ["2025-03-09T05:30", "2025-03-10T04:30", "2025-03-11T04:30"],
            id="half past midnight in New York in spring",
        ),
        pytest.param(
            "America/New_York",
            "01:30",
            "2025-11-01T12:00",
            ["2025-11-02T05:30", "2025-11-03T06:30", "2025-11-04T06:30"],
            id="half past one comes twice in New York in autumn, and counts once",
        ),
    ],
)
def test_digests_over_a_change_of_the_clocks(zone, wall, after, expected):
    found = digests(zone, wall, after=after, days=3)
    assert [moment for _, _, moment in found] == [at(text) for text in expected]
    assert len({day for day, _, _ in found}) == 3


def test_digests_include_the_end_of_quiet_hours():
    quiet = Quiet(start=time(22), end=time(6, 30), timezone="Europe/Brussels")
    channel = Channel(to=CONSOLE, quiet=quiet)
    found = dict(next_digests(channel, after=at("2025-04-04T12:00"), days=1))
    due = DigestDue(destination=CONSOLE, slot="quiet", local_date="2025-04-05")
    assert found[due] == at("2025-04-05T04:30")


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(["Europe/Brussels", "Europe/Oslo", "America/New_York", "Australia/Lord_Howe"]),
    st.times().map(lambda wall: wall.replace(second=0, microsecond=0)),
    st.datetimes(min_value=datetime(2025, 1, 1), max_value=datetime(2026, 1, 1)),
)
def test_digests_fall_due_once_each_local_day(zone, wall, start):
    channel = Channel(to=CONSOLE, digest=DigestPlan(at=(wall,), timezone=zone))
    after = start.replace(tzinfo=UTC)
    found = {}
    for step in range(4):
        for due, moment in next_digests(channel, after=after + timedelta(days=step)):
            assert found.setdefault(due, moment) == moment
    days = sorted(due.local_date for due in found)
    first = datetime.fromisoformat(days[0]).date()
    assert days == [(first + timedelta(days=n)).isoformat() for n in range(len(days))]
    assert len(days) in (4, 5, 6)


def test_a_channel_without_digests_catches_up_at_every_full_hour_that_is_not_quiet():
    quiet = Quiet(start=time(22), end=time(6, 30), timezone="UTC")
    channel = Channel(to=CONSOLE, quiet=quiet)
    found = next_digests(channel, after=at("2025-04-04T19:30"), days=1)
    assert [(due.slot, due.local_date, moment) for due, moment in found[:4]] == [
        ("catch-up 20", "2025-04-04", at("2025-04-04T20:00")),
        ("catch-up 21", "2025-04-04", at("2025-04-04T21:00")),
        ("quiet", "2025-04-05", at("2025-04-05T06:30")),
        ("catch-up 07", "2025-04-05", at("2025-04-05T07:00")),
    ]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        pytest.param("2025-04-04T19:59", False, id="just before it starts"),
        pytest.param("2025-04-04T20:00", True, id="from the start on"),
        pytest.param("2025-04-04T22:30", True, id="over midnight"),
        pytest.param("2025-04-05T04:29", True, id="to the last minute"),
        pytest.param("2025-04-05T04:30", False, id="no longer at the end"),
    ],
)
def test_quiet_hours_may_span_midnight(moment, expected):
    quiet = Quiet(start=time(22), end=time(6, 30), timezone="Europe/Brussels")
    assert in_quiet(quiet, at(moment)) is expected


def test_quiet_hours_may_lie_within_a_day():
    quiet = Quiet(start=time(12), end=time(13), timezone="UTC")
    hours = [hour for hour in range(24) if in_quiet(quiet, at(f"2025-04-04T{hour:02}:30"))]
    assert hours == [12]


def test_quiet_hours_end_by_the_local_clock_when_it_changes():
    quiet = Quiet(start=time(22), end=time(6, 30), timezone="America/New_York")
    assert in_quiet(quiet, at("2025-03-09T10:29"))
    assert not in_quiet(quiet, at("2025-03-09T10:30"))
