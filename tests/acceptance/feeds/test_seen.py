"""Cases 5, 22 and 26: what was listed once is known for weeks, however a feed flaps and shrinks."""

from __future__ import annotations

from datetime import timedelta

from tests.acceptance.feeds.documents import item, named, rss
from tests.acceptance.feeds.polling import DAY, HOUR


async def test_case_26_a_feed_that_alternates_between_two_documents_announces_each_once(
    start, site, feed
):
    documents = [named(*(f"{half}{n}" for n in range(300)), date=None) for half in "ab"]
    site.answers["/feed"] = documents[0]
    polling = await start(one := feed(interval=600.0))
    await polling.poll()
    site.answers["/feed"] = documents[1]
    await polling.poll(after=700)
    await polling.app.feeds.release_held(one.id, accept=False)
    told = len(await polling.entries())
    for n in range(40):
        site.answers["/feed"] = documents[n % 2]
        await polling.poll(after=700)
    assert len(await polling.entries()) == told
    assert (await polling.state(one)).held == 0


async def test_case_26_a_stale_mirror_makes_nothing_new_twice(start, site, feed):
    """Two servers take turns, and one of them is five entries behind."""
    names = [f"n{n}" for n in range(60)]
    site.answers["/feed"] = named(*names[:20][::-1], date=None)
    polling = await start(feed(interval=600.0))
    await polling.poll()
    for n in range(21, 60):
        for behind in (0, 5):
            listed = names[max(n - behind - 20, 0) : n - behind][::-1]
            site.answers["/feed"] = named(*listed, date=None)
            await polling.poll(after=700)
    assert await polling.announced() == names[20:59]


async def test_case_26_a_feed_that_shrank_to_one_entry_grows_back_silently(start, site, feed):
    old = [f"o{n}" for n in range(300)]
    site.answers["/feed"] = named(*old, date=None)
    polling = await start(one := feed(interval=HOUR))
    await polling.poll()
    told = len(await polling.entries())
    for day in range(8):
        site.answers["/feed"] = named(f"d{day}", date=None)
        await polling.poll(after=DAY)
    site.answers["/feed"] = named("d7", *old, date=None)
    await polling.poll(after=DAY)
    assert len(await polling.entries()) == told + 8
    assert (await polling.state(one)).held == 0


async def test_case_26_an_old_entry_that_comes_back_after_days_is_not_new(start, site, feed):
    """Sixty entries a day pass through a window of thirty; one is put on top again."""
    site.answers["/feed"] = named(*(f"n{n}" for n in range(30)), date=None)
    polling = await start(feed(interval=HOUR))
    await polling.poll()
    for first in range(10, 1800, 10):
        listed = [f"n{n}" for n in range(first, first + 30)][::-1]
        site.answers["/feed"] = named(*listed, date=None)
        await polling.poll(after=4 * HOUR)
    told = len(await polling.entries())
    site.answers["/feed"] = named("n300", *listed[:-1], date=None)
    await polling.poll(after=4 * HOUR)
    assert len(await polling.entries()) == told


async def test_case_26_what_a_still_feed_listed_until_today_was_seen_today(start, site, feed):
    """Nothing changes for two months; then everything does, and a day later it is undone."""
    names = [f"n{n}" for n in range(300)]
    site.answers["/feed"] = still = named(*names, date=None)
    polling = await start(one := feed(interval=6 * HOUR))
    await polling.poll()
    told = len(await polling.entries())
    await polling.poll_for(50 * DAY, every=DAY)
    yesterday = polling.app.clock.now() - timedelta(hours=1)
    site.answers["/feed"] = rss(item("x", date=yesterday), item("y", date=yesterday))
    await polling.poll(after=DAY)
    site.answers["/feed"] = still + b" "
    await polling.poll(after=DAY)
    assert len(await polling.entries()) == told + 2
    assert (await polling.state(one)).held == 0


async def test_what_is_remembered_is_bounded_by_days_and_by_number(start, site, feed):
    site.answers["/feed"] = named(*(f"n{n}" for n in range(5)), date=None)
    polling = await start(one := feed(interval=HOUR))
    await polling.poll()
    redis, keys = polling.app.redis, polling.app.keys
    for first in range(5, 3000, 60):
        site.answers["/feed"] = named(*(f"n{n}" for n in range(first, first + 60)), date=None)
        await polling.poll(after=2 * HOUR)
        await polling.app.feeds.release_held(one.id, accept=False)
    most = polling.app.settings.polling.remembered_most
    assert most < await redis.zcard(keys.seen(one.id)) <= most + 60 + 50
    assert await redis.hlen(keys.prints(one.id)) == await redis.zcard(keys.seen(one.id))
    for n in range(4):
        site.answers["/feed"] = named(*(f"m{n}-{m}" for m in range(30)), date=None)
        await polling.poll(after=31 * DAY)
        await polling.app.feeds.release_held(one.id, accept=False)
    assert await redis.zcard(keys.seen(one.id)) <= 30 + 200 + 50
    assert await redis.hlen(keys.revisions(one.id)) <= 30 + 200 + 50
