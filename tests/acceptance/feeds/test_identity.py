"""Cases 22 to 27: feeds that name their entries badly, or anew, and memories that are lost."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from bot.domain.news import EntryReason
from tests.acceptance.feeds.documents import item, named, rss
from tests.acceptance.feeds.polling import HOUR, LONG
from tests.builders import NOW

NAMES = [f"n{n}" for n in range(8)]

BADLY_NAMED = {
    "one GUID for all": [item(name, guid="same") for name in NAMES],
    "empty GUIDs": [item(name, guid="") for name in NAMES],
    "GUID N/A": [item(name, guid="N/A") for name in NAMES],
    "one link for all": [item(name, link="https://wire.example/live") for name in NAMES],
    "neither": [item(name, guid="", link="") for name in NAMES],
    "one GUID and one link": [
        item(name, guid="same", link="https://wire.example/live") for name in NAMES
    ],
}


@pytest.mark.parametrize("items", BADLY_NAMED.values(), ids=BADLY_NAMED.keys())
async def test_case_22_badly_named_entries_are_all_passed_on_once_each(start, site, feed, items):
    site.answers["/feed"] = rss(*items[1:])
    polling = await start(feed())
    await polling.poll()
    site.answers["/feed"] = rss(*items)
    await polling.poll(after=LONG)
    site.answers["/feed"] = rss(*reversed(items))
    await polling.poll(after=LONG)
    assert Counter(await polling.titles()) == dict.fromkeys((f"Report {n}" for n in NAMES), 1)
    entries = await polling.entries()
    assert len({entry.key for entry in entries}) == len({entry.article_id for entry in entries})


@pytest.mark.parametrize(
    "guid", ["{name}?sid={n}", "urn:session:{n}:{name}", "{scheme}://wire.example/{name}"]
)
async def test_case_23_guids_that_change_at_every_fetch_make_nothing_new(start, site, feed, guid):
    def fetch(n: int) -> bytes:
        scheme = "https" if n % 2 else "http"
        guids = {name: guid.format(name=name, n=n, scheme=scheme) for name in NAMES}
        return rss(*(item(name, guid=guids[name]) for name in NAMES))

    site.answers["/feed"] = fetch(0)
    polling = await start(feed())
    await polling.poll()
    for n in range(1, 6):
        site.answers["/feed"] = fetch(n)
        await polling.poll(after=LONG)
    assert len(await polling.entries()) == len(NAMES)


async def test_case_24_a_new_guid_scheme_and_domain_are_adopted_with_a_notice(start, site, feed):
    site.answers["/feed"] = named(*NAMES)
    polling = await start(renamed := feed())
    await polling.poll()
    moved = [
        item(name, guid=f"tag:new.example,2025:{name}", link=f"https://new.example/articles/{name}")
        for name in NAMES
    ]
    site.answers["/feed"] = rss(*moved)
    await polling.poll(after=LONG)
    assert len(await polling.entries()) == len(NAMES)
    notice = (await polling.state(renamed)).notice
    assert notice is not None
    assert "8 known entries" in notice
    fresh = item("fresh", link="https://new.example/articles/fresh", date=NOW + timedelta(hours=8))
    site.answers["/feed"] = rss(fresh, *moved)
    await polling.poll(after=LONG)
    assert (await polling.titles())[len(NAMES) :] == ["Report fresh"]


async def test_case_24_a_flood_of_unknown_titles_is_parked_until_an_admin_decides(
    start, site, feed
):
    site.answers["/feed"] = named(*NAMES)
    polling = await start(flooded := feed())
    await polling.poll()
    archive = [f"old{n}" for n in range(40)]
    site.answers["/feed"] = named(*archive, date=NOW - timedelta(days=2))
    await polling.poll(after=LONG)
    assert ((await polling.state(flooded)).held, len(await polling.entries())) == (40, len(NAMES))
    assert await polling.app.feeds.release_held(flooded.id, accept=True) == 40
    assert (await polling.titles())[len(NAMES) :] == [f"Report {n}" for n in reversed(archive)]


async def test_case_25_a_first_fetch_of_500_entries_announces_the_newest_three(start, site, feed):
    dates = {f"n{n}": NOW - timedelta(hours=n) for n in range(500)}
    site.answers["/feed"] = rss(*(item(name, date=date) for name, date in dates.items()))
    polling = await start(feed())
    await polling.poll()
    assert await polling.reasons() == {"new": 3, "backfill": 497}
    assert set(await polling.announced()) == {"n0", "n1", "n2"}


async def test_case_25_a_first_fetch_of_old_entries_announces_none(start, site, feed):
    site.answers["/feed"] = named(*NAMES, date=NOW - timedelta(days=2))
    polling = await start(feed())
    await polling.poll()
    assert await polling.reasons() == {"backfill": len(NAMES)}


async def test_case_26_a_restart_announces_nothing_again(start, site, feed):
    site.answers["/feed"] = named(*NAMES)
    polling = await start(known := feed())
    await polling.poll()
    again = await start(known)
    site.answers["/feed"] = named("fresh", *NAMES)
    await again.poll(after=LONG)
    assert (await again.titles())[len(NAMES) :] == ["Report fresh"]


async def test_case_26_a_lost_memory_announces_nothing_again(start, site, feed):
    site.answers["/feed"] = named(*NAMES)
    polling = await start(restored := feed())
    await polling.poll()
    await polling.poll(after=LONG)
    keys = polling.app.keys
    await polling.app.redis.delete(keys.seen(restored.id), keys.prints(restored.id))
    late = NOW + timedelta(seconds=1.5 * LONG)
    site.answers["/feed"] = rss(item("fresh", date=late), *(item(name) for name in NAMES))
    await polling.poll(after=LONG)
    assert (await polling.titles())[len(NAMES) :] == ["Report fresh"]


async def test_case_26_entries_still_listed_are_never_forgotten(start, site, feed):
    site.answers["/feed"] = named("pinned", "first")
    polling = await start(feed())
    await polling.poll()
    for n in range(30):
        batch = [f"batch{n}-{m}" for m in range(20)]
        date = polling.app.clock.now() + timedelta(hours=6)
        site.answers["/feed"] = rss(item("pinned"), *(item(name, date=date) for name in batch))
        await polling.poll(after=LONG)
    keys = Counter(entry.key for entry in await polling.entries())
    assert keys["pinned"] == 1


async def test_case_27_no_overlap_counts_a_gap_and_shortens_the_interval(start, site, feed):
    site.answers["/feed"] = named(*NAMES)
    polling = await start(busy := feed())
    await polling.poll()
    for _ in range(3):
        await polling.next_poll(busy)
    before = await polling.state(busy)
    now = polling.app.clock.now()
    dates = {f"later{n}": now + timedelta(minutes=n) for n in range(1, 9)}
    site.answers["/feed"] = rss(*(item(name, date=date) for name, date in dates.items()))
    await polling.poll(after=LONG)
    state = await polling.state(busy)
    assert (before.gaps, state.gaps) == (0, 1)
    assert before.interval is not None
    assert state.interval is not None
    assert state.interval <= before.interval / 2
    fresh = [entry for entry in await polling.entries() if entry.reason is EntryReason.NEW]
    assert {entry.key for entry in fresh} >= dates.keys()
    assert (await polling.due(busy) - polling.app.clock.now()).total_seconds() < HOUR
