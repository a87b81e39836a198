"""Which feeds are blind, and what becomes of an incident."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.briefs.notices import incident_brief, note_brief
from bot.core.feeds.blind import duration, follow, named_sources, trouble_of
from bot.core.feeds.freshness import freshness, lag
from bot.domain.feeds import FeedState, FeedStatus
from bot.domain.incidents import Incident, Lag, Passage, Rhythm, Trouble, TroubleKind
from bot.domain.watch import Only, Phrase, Topic, Watchlists
from tests.builders import NOW, make_feed

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FEED = make_feed()
FAILING = FeedState(
    polls=9,
    failures=3,
    problem="HTTP 503",
    status=FeedStatus.FAILING,
    failing_since=NOW - 2 * HOUR,
    last_success=NOW - 3 * HOUR,
)
#: Something new every eight hours for ten days, until noon.
RHYTHM = Rhythm(hours=tuple(NOW - n * 8 * HOUR for n in range(30, -1, -1)))


def trouble(state=FAILING, rhythm=RHYTHM, now=NOW):
    return trouble_of(FEED, state, rhythm, topics=("Ships",), now=now)


def well(**changes):
    return FeedState(**{"polls": 9, "last_success": NOW, **changes})


def test_a_failure_is_trouble_once_it_has_lasted():
    assert trouble() == Trouble(
        feed_id="f1",
        name="Wire",
        url=FEED.url,
        kind=TroubleKind.FAILING,
        said="HTTP 503",
        since=NOW - 2 * HOUR,
        topics=("Ships",),
    )


@pytest.mark.parametrize(
    "state",
    [
        replace(FAILING, failures=2),
        replace(FAILING, failing_since=NOW - HOUR),
        well(),
        FeedState(),
    ],
    ids=["too few polls", "too short", "well", "never polled"],
)
def test_a_passing_failure_is_no_trouble(state):
    assert trouble(state) is None


def test_a_feed_that_is_gone_is_trouble_at_once():
    gone = replace(FAILING, status=FeedStatus.GONE, failures=2, failing_since=NOW)
    assert trouble(gone).kind is TroubleKind.FAILING


def test_held_entries_are_trouble_at_once():
    assert trouble(well(status=FeedStatus.HELD, held=40)).said == (
        "40 entries at once are held: accept or drop them"
    )


@pytest.mark.parametrize(
    ("silence", "kind"),
    [(8 * HOUR, None), (23 * HOUR, None), (24 * HOUR, TroubleKind.SILENT), (9 * DAY, "silent")],
)
def test_a_silence_is_trouble_from_three_times_the_longest_pause(silence, kind):
    found = trouble(well(last_success=NOW + silence))
    assert (found.kind if found else None) == kind


@pytest.mark.parametrize(
    "rhythm",
    [Rhythm(), Rhythm(hours=RHYTHM.hours[-9:]), Rhythm(hours=RHYTHM.hours[-20:])],
    ids=["unknown", "few hours", "less than a week"],
)
def test_without_a_rhythm_there_is_no_silence(rhythm):
    assert trouble(well(last_success=NOW + 30 * DAY), rhythm) is None


def test_our_own_absence_is_no_silence():
    assert trouble(well(last_success=NOW + HOUR), now=NOW + 9 * DAY) is None


def test_an_entry_not_read_yet_ends_a_silence():
    state = well(last_success=NOW + 9 * DAY, last_entry=NOW + 9 * DAY)
    assert trouble(state) is None


def make_trouble(feed_id, **changes):
    values = {
        "name": f"Outlet {feed_id}",
        "url": f"https://{feed_id}.example/rss",
        "kind": TroubleKind.FAILING,
        "said": "HTTP 503",
        "since": NOW - 2 * HOUR,
    }
    return Trouble(feed_id=feed_id, **{**values, **changes})


def look(incidents, *troubles, now=NOW, polled="abcdef"):
    found = {t.feed_id: t for t in troubles}
    return follow(incidents, found, polled=polled, now=now)


def test_feeds_that_go_blind_together_are_one_incident():
    (incident,) = look((), make_trouble("a"), make_trouble("b"))
    assert [t.feed_id for t in incident.troubles] == ["a", "b"]
    assert incident.revision == 1


def test_the_same_look_again_changes_nothing():
    incidents = look((), make_trouble("a"))
    assert look(incidents, make_trouble("a"), now=NOW + HOUR) == incidents


def test_a_feed_that_goes_blind_later_is_another_incident_unless_its_host_is_the_same():
    incidents = look((), make_trouble("a"))
    same_host = make_trouble("b", url="https://a.example/other")
    later = look(incidents, make_trouble("a"), same_host, make_trouble("c"), now=NOW + HOUR)
    assert [[t.feed_id for t in one.troubles] for one in later] == [["a", "b"], ["c"]]
    assert [one.revision for one in later] == [2, 1]


def test_an_incident_is_open_until_the_last_feed_is_well():
    incidents = look((), make_trouble("a"), make_trouble("b"))
    (half,) = look(incidents, make_trouble("b"), now=NOW + HOUR)
    (closed,) = look((half,), now=NOW + 2 * HOUR)
    assert (half.is_open, half.revision) == (True, 2)
    assert (closed.is_open, closed.revision) == (False, 3)
    assert [t.fixed for t in closed.troubles] == [NOW + HOUR, NOW + 2 * HOUR]


def test_a_feed_taken_off_the_list_troubles_nobody():
    (closed,) = look(look((), make_trouble("a")), polled="b")
    assert not closed.is_open
    assert closed.troubles[0].said == "taken off the list"


def test_what_a_feed_blinds_is_what_it_blinded_at_first():
    incidents = look((), make_trouble("a", topics=("Ships",)))
    assert look(incidents, make_trouble("a", topics=()), now=NOW + 40 * DAY) == incidents


@given(st.lists(st.frozensets(st.sampled_from("abcde")), max_size=8))
def test_every_blind_feed_stands_in_one_open_incident(looks):
    incidents: tuple[Incident, ...] = ()
    for number, blind in enumerate(looks):
        now = NOW + number * HOUR
        before = {one.id: one for one in incidents}
        incidents = look(incidents, *map(make_trouble, sorted(blind)), now=now)
        standing = [t.feed_id for one in incidents for t in one.troubles if t.fixed is None]
        assert sorted(standing) == sorted(blind)
        for one in incidents:
            changed = one != before.get(one.id, one)
            assert one.revision == before.get(one.id, one).revision + changed
        incidents = tuple(one for one in incidents if one.is_open)


def test_the_notice_names_feed_reason_time_and_topics():
    (incident,) = look((), trouble())
    brief = incident_brief(incident)
    assert brief.headline == "No news from Wire: HTTP 503"
    assert brief.notes == (
        "Wire: HTTP 503, since Fri 4 Apr, 10:00 UTC (https://wire.example/rss)",
        "Blind for: Ships",
    )


def test_the_last_word_says_that_it_is_fixed_and_how_long_it_took():
    (closed,) = look(look((), trouble()), now=NOW + HOUR, polled=["f1"])
    brief = incident_brief(closed)
    assert brief.headline == "Wire is back"
    assert brief.notes == ("Wire: well since Fri 4 Apr, 13:00 UTC, after 3 h (HTTP 503)",)


def test_a_notice_of_many_feeds_stays_short():
    (incident,) = look((), *(make_trouble(name) for name in "abcdefghij"), polled="abcdefghij")
    brief = incident_brief(incident)
    assert brief.headline.startswith("No news from 10 feeds: Outlet a, ")
    assert brief.notes[-2] == "And 5 more; `nato-brief feeds check` lists all"
    assert len(brief.notes) == 7


@pytest.mark.parametrize(
    ("kind", "headline"),
    [
        (TroubleKind.FAILING, "No news from Outlet a: HTTP 503"),
        (TroubleKind.SILENT, "Outlet a has gone quiet"),
        (TroubleKind.HELD, "Outlet a: HTTP 503"),
    ],
)
def test_the_headline_says_what_kind_of_trouble_it_is(kind, headline):
    (incident,) = look((), make_trouble("a", kind=kind))
    assert incident_brief(incident).headline == headline


def test_the_last_word_on_feeds_taken_off_the_list_does_not_call_them_well():
    (closed,) = look(look((), make_trouble("a")), polled="b")
    assert incident_brief(closed).headline == "Outlet a: taken off the list"


def test_a_notice_of_held_entries_says_what_can_be_done():
    (incident,) = look((), make_trouble("a", kind=TroubleKind.HELD, said="40 entries are held"))
    assert incident_brief(incident).notes[-1].startswith("`nato-brief feeds accept a` passes")


def test_a_note_names_the_feed():
    assert note_brief(FEED, "moved for good", made=NOW).headline == "Wire: moved for good"


def test_topics_that_want_an_outlet_by_name_depend_on_it():
    topics = (
        Topic(name="Ships", any=(Phrase(text="frigate"),), only=Only(sources=frozenset(["wire"]))),
        Topic(name="Other", any=(Phrase(text="tank"),)),
    )
    assert named_sources(Watchlists(topics=topics), "Wire") == ("Ships",)


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (timedelta(), "0 min"),
        (timedelta(minutes=5), "5 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(hours=2, minutes=10), "2 h 10 min"),
        (timedelta(days=3), "3 d"),
        (timedelta(days=3, hours=4), "3 d 4 h"),
    ],
)
def test_duration_is_short(span, expected):
    assert duration(span) == expected


def test_freshness_is_measured_where_a_feed_gives_dates():
    read = [Passage(published=NOW - n * HOUR, seen=NOW) for n in range(1, 21)]
    undated = Passage(published=None, seen=NOW)
    posted = [Passage(published=None, seen=NOW, posted=NOW + HOUR)]
    found = freshness([*read, undated], posted)
    assert found.seen == Lag(p50=36_000, p95=68_400, measured=20)
    assert found.posted == Lag(p50=3600, p95=3600, measured=1)
    assert freshness([undated], []).seen is None


@given(st.lists(st.floats(-10, 1e6), min_size=1, max_size=50))
def test_percentiles_are_in_order_and_among_the_measured(seconds):
    found = lag(seconds)
    assert 0 <= found.p50 <= found.p95 <= max(max(seconds), 0)
