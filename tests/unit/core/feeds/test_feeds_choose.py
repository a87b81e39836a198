"""What of one document after the other is passed on, as a feed lives through its accidents."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.feeds.decide import decide
from bot.core.feeds.identity import entry_keys
from bot.domain.feeds import FeedState, FeedUpdate, ParsedEntry, ParsedFeed
from bot.domain.fetches import Fetched
from bot.domain.news import EntryReason
from tests.builders import NOW, make_feed

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FEED = make_feed()


def entry(number, **changes) -> ParsedEntry:
    values = {
        "guid": f"g{number}",
        "url": f"https://wire.example/{number}",
        "title": f"Title {number}",
        "text": f"Text of {number}.",
        "published": NOW - number * MINUTE,
    }
    return ParsedEntry(**{**values, **changes})


class Life:
    """One feed, poll after poll, with everything it remembers."""

    def __init__(self, *entries: ParsedEntry) -> None:
        self.now = NOW
        self.state = FeedState()
        self.memory: dict[str, str] = {}
        if entries:
            self.poll(*entries, after=timedelta())

    def poll(
        self, *entries: ParsedEntry, after: timedelta = 15 * MINUTE, **answer: object
    ) -> FeedUpdate:
        self.now = self.now + after
        keys = entry_keys(entries)
        known = {key: self.memory[key] for key in keys if key in self.memory}
        whole = self.state.polls and len(known) < len(keys)
        update = decide(
            FEED,
            self.state,
            Fetched(status=200, url=FEED.url, **answer),
            ParsedFeed(format="rss20", entries=entries),
            known,
            body_hash=None,
            now=self.now,
            jitter=0.0,
            remembered=dict(self.memory) if whole else None,
        )
        self.state = update.state
        self.memory |= dict(update.seen)
        return update


def later(number: int, now: datetime = NOW + 10 * MINUTE) -> ParsedEntry:
    """An entry that appeared after the first poll."""
    return entry(number, published=now)


def passed(update: FeedUpdate) -> list[tuple[str, EntryReason]]:
    return [(one.key, one.reason) for one in update.entries]


TWENTY = tuple(entry(n) for n in range(1, 21))


def test_case_22_entries_of_one_guid_are_all_passed_on_once_each():
    guids = ("N/A", "N/A", "x", "x", None, None)
    same = [entry(n, guid=guid, url=f"https://w.example/{n // 2}") for n, guid in enumerate(guids)]
    life = Life(*TWENTY)
    update = life.poll(*same, *TWENTY[10:])
    assert [reason for _, reason in passed(update)] == [EntryReason.NEW] * 6
    assert len({one.article_id for one in update.entries}) == 6
    assert passed(life.poll(*same, *TWENTY[10:])) == []


def test_case_23_guids_that_change_at_every_fetch_make_no_news():
    life = Life(*TWENTY)
    for session in range(5):
        update = life.poll(*(replace(one, guid=f"{one.guid}?sid={session}") for one in TWENTY))
        assert (update.entries, update.held) == ((), ())
    news = life.poll(later(99), *(replace(one, guid=f"{one.guid}?sid=9") for one in TWENTY))
    assert passed(news) == [("g99", EntryReason.NEW)]


def test_case_23_an_edit_is_found_although_the_guid_changed():
    life = Life(*TWENTY)
    update = life.poll(replace(TWENTY[0], guid="other", text="Corrected."), *TWENTY[1:])
    assert passed(update) == [("other", EntryReason.EDITED)]


def test_case_24_a_feed_that_changes_identifiers_and_domain_is_adopted_with_a_notice():
    life = Life(*TWENTY)
    moved = [
        replace(one, guid=f"urn:{one.guid}", url=one.url.replace("wire", "new-wire"), text="New.")
        for one in TWENTY
    ]
    update = life.poll(*moved)
    assert (update.entries, update.held) == ((), ())
    assert update.state.notice == (
        "20 known entries came under other identifiers; none is announced again"
    )
    again = life.poll(later(99, NOW + HOUR), *moved)
    assert passed(again) == [("g99", EntryReason.NEW)]


def test_case_24_what_is_really_new_in_a_renamed_feed_is_news():
    life = Life(*TWENTY)
    moved = [replace(one, guid=f"urn:{one.guid}") for one in TWENTY]
    assert passed(life.poll(later(99), *moved)) == [("g99", EntryReason.NEW)]


def test_a_title_that_comes_back_every_day_is_no_renaming():
    life = Life(entry(1, title="Situation report"))
    update = life.poll(later(2, NOW + DAY), after=DAY)
    assert passed(update) == [("g2", EntryReason.NEW)]
    update = life.poll(replace(later(3, NOW + 2 * DAY), title="Situation report"), after=DAY)
    assert passed(update) == [("g3", EntryReason.NEW)]


def test_case_25_of_a_first_document_of_500_three_are_announced():
    update = Life().poll(*(entry(n) for n in range(1, 501)))
    announced = [key for key, reason in passed(update) if reason is EntryReason.NEW]
    assert (announced, len(update.entries)) == (["g3", "g2", "g1"], 500)


def test_case_26_a_restart_announces_nothing():
    life = Life(*TWENTY)
    assert life.poll(*TWENTY).entries == ()


def test_case_26_a_lost_memory_announces_only_what_came_since():
    life = Life(*TWENTY)
    life.memory.clear()
    undated = entry(50, published=None)
    assert passed(life.poll(later(99), undated, *TWENTY)) == [("g99", EntryReason.NEW)]
    assert life.poll(later(99), undated, *TWENTY).entries == ()


def test_case_27_a_poll_without_overlap_counts_a_gap_and_halves_the_interval():
    life = Life(*TWENTY)
    before = life.state.interval
    missed = [later(n, NOW + (n - 100) * MINUTE) for n in range(101, 121)]
    update = life.poll(*missed, after=25 * MINUTE)
    assert [reason for _, reason in passed(update)] == [EntryReason.NEW] * 20
    assert (update.state.gaps, update.state.interval) == (1, max(before / 2, 300))
    assert life.poll(later(200, NOW + 40 * MINUTE), *missed).state.gaps == 1


def test_a_flood_of_a_known_feed_is_held():
    life = Life(*TWENTY)
    archive = [entry(n, published=NOW - 2 * DAY - n * MINUTE) for n in range(101, 131)]
    update = life.poll(*archive)
    assert (update.entries, len(update.held)) == ((), 30)
    assert {one.reason for one in update.held} == {EntryReason.NEW}
    # They are known from now on; what comes later goes its way.
    assert passed(life.poll(later(999), *archive)) == [("g999", EntryReason.NEW)]


def test_a_flood_of_one_second_is_held():
    life = Life(*TWENTY)
    assert len(life.poll(*(later(n) for n in range(101, 131))).held) == 30


def test_a_flood_without_dates_is_held_unless_we_were_away():
    undated = [entry(n, published=None) for n in range(101, 121)]
    assert len(Life(*TWENTY).poll(*undated).held) == 20
    assert len(Life(*TWENTY).poll(*undated, after=2 * DAY).entries) == 20


def test_a_document_swollen_many_times_is_held():
    life = Life(*TWENTY)
    many = [later(n, NOW + n * timedelta(seconds=1)) for n in range(101, 301)]
    assert len(life.poll(*many).held) == 200


def test_four_unseen_entries_are_no_flood():
    life = Life(*(entry(n) for n in range(1, 5)))
    assert len(life.poll(*(later(n) for n in range(11, 15))).entries) == 4


def test_case_28_impossible_dates_pin_nothing_and_lose_nothing():
    odd = (
        entry(31, published=None),
        entry(32, published=NOW + 74 * 365 * DAY),
        entry(33, published=datetime(1970, 1, 1, tzinfo=NOW.tzinfo)),
    )
    life = Life(*TWENTY)
    update = life.poll(*odd, *TWENTY)
    assert passed(update) == [(f"g{n}", EntryReason.NEW) for n in (33, 32, 31)]
    assert {one.published for one in update.entries} == {NOW + 15 * MINUTE}


def test_case_28_a_feed_of_the_future_is_in_the_order_it_was_seen():
    future = tuple(entry(n, published=NOW + n * DAY) for n in range(1, 21))
    life = Life(*future)
    update = life.poll(entry(99, published=NOW + 99 * DAY), *future)
    assert [(one.key, one.published) for one in update.entries] == [("g99", NOW + 15 * MINUTE)]


def test_an_old_entry_of_a_known_feed_is_late():
    life = Life(*TWENTY)
    update = life.poll(entry(99, published=NOW - 9 * DAY), *TWENTY)
    assert passed(update) == [("g99", EntryReason.LATE)]


def test_case_29_an_entry_edited_fifty_times_is_told_five_times():
    life = Life(*TWENTY)
    told = []
    for minute in range(50):
        update = life.poll(replace(TWENTY[0], text=f"Version {minute}"), *TWENTY[1:], after=HOUR)
        told += passed(update)
    assert told == [("g1", EntryReason.EDITED)] * 5


def test_case_29_edits_are_told_half_an_hour_apart_and_the_last_is_not_lost():
    life = Life(*TWENTY)
    told = []
    for minute in range(25):
        text = f"Version {min(minute, 12)}"  # it settles before the time is up
        update = life.poll(replace(TWENTY[0], text=text), *TWENTY[1:], after=2 * MINUTE, etag='"1"')
        told += [one.text for one in update.entries]
        waits = update.state.body_hash is None and update.state.etag is None
        assert waits == (0 < minute < 15)  # so that a 304 cannot hide it
    assert told == ["Version 0", "Version 12"]


def test_case_29_counters_and_cache_busting_addresses_are_no_edit():
    body = "<p>Text</p> {0} views, updated 12:{0} https://wire.example/i.png?cache={0}"
    life = Life(*(replace(one, text=body.format(10)) for one in TWENTY))
    assert life.poll(*(replace(one, text=body.format(11)) for one in TWENTY)).entries == ()


def test_case_29_a_corrected_headline_is_told_at_once():
    life = Life(*TWENTY)
    corrected = (replace(TWENTY[0], title="Corrected"), *TWENTY[1:])
    assert passed(life.poll(*corrected, after=MINUTE)) == [("g1", EntryReason.EDITED)]
    assert life.poll(*corrected).entries == ()
