from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.feeds.decide import body_hash, decide
from bot.core.feeds.identity import entry_keys
from bot.domain.feeds import FeedState, FeedStatus, ParsedEntry, ParsedFeed
from bot.domain.fetches import Fetched, FetchFailure
from bot.domain.news import EntryReason
from tests.builders import NOW, make_feed

FEED = make_feed(language="en", country="be")
KNOWN_FEED = FeedState(etag='"0"', last_modified="then", body_hash="h0", polls=7)
QUARTER = timedelta(minutes=15)


def fetched(**changes):
    return Fetched(**{"status": 200, "url": FEED.url, "etag": '"1"', **changes})


def entry(number, **changes):
    values = {
        "guid": f"g{number}",
        "url": f"https://wire.example/{number}",
        "title": f"Title {number}",
        "published": NOW - timedelta(hours=number),
    }
    return ParsedEntry(**{**values, **changes})


def poll(*entries, state=KNOWN_FEED, known=None, answer=None, problem=None, jitter=0.0):
    parsed = ParsedFeed(format="rss20", entries=entries, problem=problem)
    return decide(
        FEED,
        state,
        answer or fetched(),
        parsed,
        known or {},
        body_hash="h1",
        now=NOW,
        jitter=jitter,
    )


def reasons(update):
    return {entry.key: entry.reason for entry in update.entries}


def test_decide_passes_unseen_entries_on_oldest_first():
    update = poll(entry(1), entry(2), entry(3), known=dict(poll(entry(2)).seen))
    assert [(e.key, e.reason) for e in update.entries] == [
        ("g3", EntryReason.NEW),
        ("g1", EntryReason.NEW),
    ]
    assert [key for key, _ in update.seen] == ["g1", "g2", "g3"]


def test_decide_gives_an_entry_all_that_reading_needs():
    found = entry(
        1, url="https://wire.example/1?utm_source=x", summary="S", text="T", authors=("A",)
    )
    (passed,) = poll(found).entries
    assert (passed.outlet, passed.tier, passed.language, passed.country) == ("Wire", 2, "en", "be")
    assert (passed.url, passed.summary, passed.text) == ("https://wire.example/1", "S", "T")
    assert (passed.authors, passed.first_seen, passed.revision) == (("A",), NOW, 1)


def test_decide_calls_a_known_entry_edited_only_when_its_words_changed():
    known = dict(poll(entry(1), entry(2)).seen)
    update = poll(entry(1, title="Corrected"), entry(2, summary=""), known=known)
    assert reasons(update) == {"g1": EntryReason.EDITED}


def test_decide_announces_of_a_first_document_the_newest_three_that_are_young():
    update = poll(*(entry(n) for n in range(1, 30)), state=FeedState())
    announced = {key for key, reason in reasons(update).items() if reason is EntryReason.NEW}
    assert announced == {"g1", "g2", "g3"}
    assert len(update.entries) == 29
    assert set(reasons(update).values()) == {EntryReason.NEW, EntryReason.BACKFILL}


def test_decide_announces_nothing_of_a_first_document_without_believable_dates():
    update = poll(
        entry(1, published=None),
        entry(2, published=NOW + timedelta(days=9)),
        entry(25),
        state=FeedState(),
    )
    assert set(reasons(update).values()) == {EntryReason.BACKFILL}


def test_decide_calls_an_old_entry_of_a_known_feed_late():
    update = poll(entry(7 * 24), entry(7 * 24 + 1))
    assert reasons(update) == {f"g{7 * 24}": EntryReason.NEW, f"g{7 * 24 + 1}": EntryReason.LATE}


@pytest.mark.parametrize(
    ("stated", "used"),
    [
        (None, NOW),
        (NOW + timedelta(minutes=10), NOW),
        (NOW + timedelta(days=400), NOW),
        (datetime(1970, 1, 1, tzinfo=UTC), NOW),
        (NOW - timedelta(hours=5), NOW - timedelta(hours=5)),
    ],
)
def test_decide_takes_no_date_that_cannot_be(stated, used):
    (passed,) = poll(entry(1, published=stated)).entries
    assert passed.published == used
    assert passed.reason is EntryReason.NEW


def test_decide_falls_back_to_the_date_of_the_last_change():
    changed = NOW - timedelta(hours=2)
    assert poll(entry(1, published=None, updated=changed)).entries[0].published == changed


def test_decide_takes_the_last_listed_of_one_moment_for_the_oldest():
    update = poll(*(entry(n, published=None) for n in range(3)))
    assert [e.key for e in update.entries] == ["g2", "g1", "g0"]


def test_decide_keeps_articles_apart_that_share_a_page():
    page = "https://wire.example/live"
    update = poll(
        entry(1, url=page, title="A"),
        entry(2, url=f"{page}#post-2", title="B"),
        entry(3, url=f"{page}2", title="C"),
        entry(4, url=f"{page}2", title="C"),
        entry(5, url=None, title=""),
        entry(6, url=None, title=""),
    )
    ids = {e.key: e.article_id for e in update.entries}
    assert ids["g1"] != ids["g2"]
    assert ids["g3"] == ids["g4"]
    assert ids["g5"] != ids["g6"]


def test_decide_learns_from_a_good_poll():
    bad = FeedState(
        failures=3,
        soft_failures=3,
        problem="HTTP 500",
        status=FeedStatus.FAILING,
        failing_since=NOW - timedelta(hours=1),
        polls=7,
        body_hash="h0",
    )
    answer = fetched(last_modified="now")
    assert poll(entry(1), state=bad, answer=answer).state == FeedState(
        etag='"1"',
        last_modified="now",
        body_hash="h1",
        last_success=NOW,
        last_answer=NOW,
        last_entry=NOW,
        polls=8,
        interval=1800.0,
        window=1,
    )


def test_decide_takes_each_validator_on_its_own():
    assert poll(entry(1)).state.last_modified is None
    same = decide(
        FEED,
        KNOWN_FEED,
        fetched(status=304, etag=None, last_modified="later"),
        None,
        {},
        body_hash=None,
        now=NOW,
        jitter=0.0,
    )
    assert same.state == FeedState(
        etag='"0"',
        last_modified="later",
        body_hash="h0",
        last_success=NOW,
        last_answer=NOW,
        was_304=True,
        polls=8,
        interval=1.25 * 900,
    )
    assert (same.entries, same.seen) == ((), ())
    assert same.next_due == NOW + 1.25 * QUARTER


def test_decide_keeps_no_validators_of_a_damaged_document():
    update = poll(entry(1), problem="cut short; whole entries used: 1")
    assert (update.state.etag, update.state.body_hash) == (None, "h1")
    assert reasons(update) == {"g1": EntryReason.NEW}
    assert update.state.problem is None


@pytest.mark.parametrize(
    ("parsed", "problem", "status"),
    [
        (ParsedFeed(format="rss20"), "a feed without entries", FeedStatus.FAILING),
        (ParsedFeed(problem="an empty body"), "an empty body", FeedStatus.FAILING),
        (ParsedFeed(problem="an HTML page"), "an HTML page", FeedStatus.NOT_A_FEED),
        (ParsedFeed(problem="a bot check", blocked=True), "a bot check", FeedStatus.BLOCKED),
    ],
)
def test_case_14_decide_takes_a_document_without_entries_for_a_failure(parsed, problem, status):
    update = decide(FEED, KNOWN_FEED, fetched(), parsed, {}, body_hash="h1", now=NOW, jitter=0.0)
    assert update.state == replace(
        KNOWN_FEED, failures=1, problem=problem, status=status, failing_since=NOW
    )
    assert (update.entries, update.seen) == ((), ())


def test_case_16_decide_uses_the_whole_entries_of_a_body_that_breaks_off_again():
    once = poll(entry(1), answer=fetched(partial=True))
    assert (once.state.failures, once.state.soft_failures, once.entries) == (1, 1, ())
    again = poll(entry(1), answer=fetched(partial=True), state=once.state)
    assert (again.state.failures, again.state.status) == (2, FeedStatus.FAILING)
    assert (again.state.etag, again.state.body_hash) == (None, "h0")
    assert reasons(again) == {"g1": EntryReason.NEW}
    whole = poll(entry(1), state=again.state, known=dict(again.seen))
    assert (whole.state.failures, whole.state.problem, whole.entries) == (0, None, ())


def test_decide_takes_no_first_fetch_without_a_document_for_success():
    update = decide(
        FEED, FeedState(), fetched(status=304), None, {}, body_hash=None, now=NOW, jitter=0.0
    )
    assert update.state.problem == "HTTP 304 without a document to compare with"
    assert update.state.polls == 0


@pytest.mark.parametrize(
    ("failures", "retry_after", "jitter", "minutes"),
    [
        (0, None, 0.0, 15),
        (1, None, 0.0, 30),
        (3, None, 0.1, 132),
        (7, None, 0.0, 24 * 60),
        (10**9, None, 0.0, 24 * 60),
        (0, 3600, 0.0, 60),
        (0, 3600, -0.1, 66),
        (0, 60, 0.0, 15),
        (0, 88 * 3600, 0.0, 24 * 60),
        (0, -5, 0.0, 15),
    ],
)
def test_decide_backs_off_after_failures(failures, retry_after, jitter, minutes):
    failure = FetchFailure(url=FEED.url, problem="HTTP 429", status=429, retry_after=retry_after)
    state = FeedState(failures=failures, soft_failures=failures, polls=3)
    update = decide(FEED, state, failure, None, {}, body_hash=None, now=NOW, jitter=jitter)
    assert update.state == FeedState(
        failures=failures + 1,
        soft_failures=failures + 1,
        problem="HTTP 429",
        status=FeedStatus.FAILING,
        failing_since=NOW,
        polls=3,
    )
    assert update.next_due - NOW == timedelta(minutes=minutes)


def test_decide_counts_passing_and_lasting_failures_apart():
    state = FeedState(failures=5, soft_failures=1, polls=3)
    waits = []
    for status in (503, 404):
        failure = FetchFailure(url=FEED.url, problem=f"HTTP {status}", status=status)
        update = decide(FEED, state, failure, None, {}, body_hash=None, now=NOW, jitter=0.0)
        waits.append(update.next_due - NOW)
    assert waits == [2 * QUARTER, 16 * QUARTER]


@pytest.mark.parametrize(
    ("retry_after", "status", "held"),
    [
        (120.0, 429, 120.0),
        (None, 429, 900.0),  # none, negative or garbage
        (0.0, 429, 900.0),
        (88 * 3600.0, 429, 24 * 3600.0),
        (60.0, 503, 60.0),
        (None, 503, None),
        (60.0, 404, None),
    ],
)
def test_case_06_decide_leaves_the_whole_host_alone_when_it_asks(retry_after, status, held):
    failure = FetchFailure(url=FEED.url, problem="", status=status, retry_after=retry_after)
    for feed, expected in ((FEED, held), (make_feed(bridge=True), None)):
        update = decide(feed, KNOWN_FEED, failure, None, {}, body_hash=None, now=NOW, jitter=0.0)
        assert update.hold_host == expected


def test_case_08_decide_freezes_everything_while_our_own_network_is_down():
    failure = FetchFailure(url=FEED.url, problem="the host name cannot be resolved")
    for jitter, minutes in ((0.1, 7.5), (-0.1, 2.5)):
        update = decide(
            FEED,
            KNOWN_FEED,
            failure,
            None,
            {},
            body_hash=None,
            now=NOW,
            jitter=jitter,
            doubted=NOW,
        )
        frozen = replace(KNOWN_FEED, doubted=NOW, doubt=failure.problem)
        assert (update.state, update.answered) == (frozen, False)
        assert update.next_due - NOW == timedelta(minutes=minutes)


def test_case_08_decide_still_counts_what_a_server_said_during_an_outage():
    failure = FetchFailure(url=FEED.url, problem="HTTP 500", status=500)
    update = decide(
        FEED, KNOWN_FEED, failure, None, {}, body_hash=None, now=NOW, jitter=0.0, doubted=NOW
    )
    assert (update.state.failures, update.answered) == (1, True)


def test_case_12_decide_believes_a_410_when_it_comes_again_a_day_later():
    gone = FetchFailure(url=FEED.url, problem="HTTP 410", status=410)
    first, day = poll_failure(KNOWN_FEED, gone), timedelta(days=1)
    assert (first.state.status, first.next_due) == (FeedStatus.FAILING, NOW + QUARTER)
    soon = poll_failure(first.state, gone, now=NOW + day / 2)
    assert soon.state.status is FeedStatus.FAILING
    later = poll_failure(soon.state, gone, now=NOW + day)
    assert (later.state.status, later.next_due) == (FeedStatus.GONE, NOW + day + 7 * day)


def test_case_12_decide_forgets_a_410_when_the_feed_is_back():
    gone = FetchFailure(url=FEED.url, problem="HTTP 410", status=410)
    back = poll(entry(1), state=poll_failure(KNOWN_FEED, gone).state)
    assert (back.state.status, back.state.gone_since) == (FeedStatus.OK, None)


@pytest.mark.parametrize("status", [401, 403, 451])
def test_case_13_decide_says_that_a_publisher_shuts_us_out(status):
    failure = FetchFailure(url=FEED.url, problem=f"HTTP {status}", status=status)
    assert poll_failure(KNOWN_FEED, failure).state.status is FeedStatus.BLOCKED


def poll_failure(state, failure, *, now=NOW):
    return decide(FEED, state, failure, None, {}, body_hash=None, now=now, jitter=0.0)


def test_decide_polls_at_the_declared_interval_with_jitter():
    hourly = make_feed(interval=3600)
    update = decide(hourly, KNOWN_FEED, fetched(), None, {}, body_hash="h0", now=NOW, jitter=0.1)
    assert update.next_due == NOW + timedelta(minutes=66)


def test_body_hash_tells_bodies_apart():
    assert body_hash(b"a") == body_hash(b"a") != body_hash(b"b")


ENTRIES = st.lists(
    st.builds(
        ParsedEntry,
        guid=st.sampled_from([None, "a", "b", "c", "d"]),
        url=st.sampled_from([None, "https://x.example/1", "https://x.example/2"]),
        title=st.sampled_from(["One", "Two"]),
        published=st.sampled_from([None, NOW, NOW - timedelta(days=2), NOW - timedelta(days=9)]),
    ),
    min_size=1,
    max_size=8,
)
STATES = st.sampled_from([FeedState(), KNOWN_FEED])


@settings(max_examples=50, deadline=None)
@given(ENTRIES, STATES)
def test_decide_passes_nothing_on_twice(entries, state):
    first = poll(*entries, state=state)
    assert {e.key for e in first.entries} == set(entry_keys(entries))
    again = poll(*entries, state=first.state, known=dict(first.seen))
    assert again.entries == ()
    assert again.seen == first.seen


@settings(max_examples=50, deadline=None)
@given(ENTRIES, STATES, st.randoms(use_true_random=False))
def test_decide_does_not_depend_on_the_order_of_the_document(entries, state, shuffler):
    shuffled = list(entries)
    shuffler.shuffle(shuffled)
    one, other = poll(*entries, state=state), poll(*shuffled, state=state)
    assert set(one.entries) == set(other.entries)
    assert set(one.seen) == set(other.seen)
