"""Cases 28 and 29: dates nobody can trust, and entries that are edited in place."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.news import EntryReason
from tests.acceptance.feeds.documents import item, named, rss
from tests.acceptance.feeds.polling import DAY, HOUR, LONG
from tests.builders import NOW

DATES = {
    "none": None,
    "impossible": "31 Feb 2025 25:61",
    "in words": "Thurs, 5 Août",
    "far ahead": "Sat, 04 Apr 2099 12:00:00 GMT",
    "before all feeds": "Thu, 01 Jan 1970 00:00:00 GMT",
}


@pytest.mark.parametrize("date", DATES.values(), ids=DATES.keys())
async def test_case_28_a_date_without_sense_is_when_we_saw_it(start, site, feed, date):
    site.answers["/feed"] = named("known")
    polling = await start(feed())
    await polling.poll()
    site.answers["/feed"] = rss(item("odd", date=date), item("known"))
    await polling.poll(after=LONG)
    odd = (await polling.entries())[-1]
    assert (odd.key, odd.reason) == ("odd", EntryReason.NEW)
    assert odd.published == odd.first_seen


@pytest.mark.parametrize(
    "date", [NOW + timedelta(days=30), NOW - timedelta(hours=2)], ids=["ahead", "one second"]
)
async def test_case_28_a_feed_of_one_odd_date_pins_and_loses_nothing(start, site, feed, date):
    site.answers["/feed"] = named("c", "b", "a", date=date)
    polling = await start(feed())
    await polling.poll()
    site.answers["/feed"] = named("d", "c", "b", "a", date=date)
    await polling.poll(after=LONG)
    entries = await polling.entries()
    assert [entry.key for entry in entries] == ["a", "b", "c", "d"]
    assert all(entry.published <= entry.first_seen for entry in entries)


async def test_case_28_an_old_entry_of_a_known_feed_is_late_not_news(start, site, feed):
    site.answers["/feed"] = named("known")
    polling = await start(feed())
    await polling.poll()
    site.answers["/feed"] = rss(item("known"), item("old", date=NOW - timedelta(days=30)))
    await polling.poll(after=LONG)
    assert (await polling.entries())[-1].reason is EntryReason.LATE


async def test_case_29_a_live_blog_is_edited_at_most_five_times(start, site, feed):
    site.answers["/feed"] = named("live", text="Update 0.")
    polling = await start(feed(interval=2 * HOUR))
    await polling.poll()
    for n in range(1, 51):
        site.answers["/feed"] = named("live", text=f"Update {n}: words change every time.")
        await polling.poll(after=3 * HOUR)
    assert await polling.reasons() == {"new": 1, "edited": 5}
    assert [entry.revision for entry in await polling.entries()] == [1, 2, 3, 4, 5, 6]


NO_EDITS = {
    "a view counter": "Ministers met. {n},204 views",
    "the time of day": "Ministers met. Updated: 4 April 2025 {n}:15",
    "an image's query": '<img src="https://cdn.example/a.jpg?v={n}"> Ministers met.',
    "a tag": "<p class='x{n}'>Ministers met.</p>",
}


@pytest.mark.parametrize("text", NO_EDITS.values(), ids=NO_EDITS.keys())
async def test_case_29_what_changes_by_itself_is_no_edit(start, site, feed, text):
    site.answers["/feed"] = named("a", text=text.format(n=1))
    polling = await start(feed(interval=2 * HOUR))
    await polling.poll()
    for n in range(2, 12):
        site.answers["/feed"] = named("a", text=text.format(n=n))
        await polling.poll(after=3 * HOUR)
    assert await polling.reasons() == {"new": 1}


async def test_case_29_a_corrected_headline_is_one_edit(start, site, feed):
    site.answers["/feed"] = named("a")
    polling = await start(feed())
    await polling.poll()
    site.answers["/feed"] = named("a", title="Correction: another report")
    await polling.poll_for(2 * DAY, every=6 * HOUR)
    seen = [(entry.title, entry.revision) for entry in await polling.entries()]
    assert seen == [("Report a", 1), ("Correction: another report", 2)]
