"""Case 30: clocks that are set back or ahead, by any amount, and machines that slept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.bootstrap.loops import subscribe
from tests.acceptance.feeds.documents import item, named, rss
from tests.acceptance.feeds.feed_server import HOSTS, Answer, validating
from tests.acceptance.feeds.polling import DAY, HOUR

MANY = 120


@pytest.mark.parametrize("step", [-HOUR, -DAY, -400 * DAY], ids=["an hour", "a day", "400 days"])
async def test_case_30_after_a_clock_set_back_a_feed_waits_no_longer_than_its_interval(
    start, site, feed, clock, step
):
    site.answers["/feed"] = named("a")
    polling = await start(feed(interval=600.0))
    await polling.poll()
    await polling.poll(after=300)
    clock.advance(step)
    site.answers["/feed"] = named("b", "a", date=None)
    await polling.poll()
    assert site.times_asked("/feed") == 1
    await polling.poll_for(420, every=60)
    assert await polling.titles() == ["Report a", "Report b"]
    await polling.poll_for(660 * 3, every=60)
    assert site.times_asked("/feed") == 5


async def test_case_30_a_clock_set_back_forgets_no_entry_and_tells_none_again(
    start, site, feed, clock
):
    old = [f"o{n}" for n in range(300)]
    site.answers["/feed"] = named(*old)
    polling = await start(feed(interval=600.0))
    await polling.poll()
    clock.advance(-DAY)
    for n in range(6):
        site.answers["/feed"] = named(f"n{n}", *(f"n{m}" for m in range(n)), *old[:5], date=None)
        await polling.poll(after=660)
    site.answers["/feed"] = named(*old, date=None)
    await polling.poll(after=660)
    assert [key for key in await polling.announced() if key.startswith("n")] == [
        f"n{n}" for n in range(6)
    ]
    assert len(await polling.entries()) == 306


async def test_case_30_a_clock_set_back_hides_no_edit_and_no_frozen_validator(
    start, site, feed, clock
):
    document = [named("a")]
    site.answers["/feed"] = validating(lambda: document[0], etag='"1"')
    polling = await start(feed(interval=600.0))
    await polling.poll()
    document[0] = rss(item("a", text="Rewritten."))
    await polling.poll_for(25 * HOUR, every=HOUR)
    assert await polling.reasons() == {"new": 1, "edited": 1}
    clock.advance(-90 * DAY)
    document[0] = rss(item("a", text="Rewritten again, at length."))
    await polling.poll_for(27 * HOUR, every=HOUR)
    assert await polling.reasons() == {"new": 1, "edited": 2}


async def test_case_30_a_host_held_before_the_clock_was_set_back_is_asked_again(
    start, site, feed, clock
):
    site.answers["/feed"] = Answer(status=429, headers={"Retry-After": "3600"})
    polling = await start(feed(interval=600.0))
    await polling.poll()
    clock.advance(-30 * DAY)
    site.answers["/feed"] = named("a")
    await polling.poll_for(3 * HOUR, every=300)
    assert await polling.titles() == ["Report a"]


async def test_case_30_a_day_that_passes_at_once_brings_no_storm(start, site, feed):
    feeds = [feed(f"/{n}", host=HOSTS[n % 24], interval=HOUR) for n in range(MANY)]
    for one in feeds:
        site.answers[f"/{one.id}"] = named(one.id)
    polling = await start(*feeds)
    await polling.poll_for(60, every=3)
    assert len(site.asked) == MANY
    site.asked.clear()
    at_once = [await polling.poll(after=DAY), *[await polling.poll(after=1) for _ in range(30)]]
    assert len({asked.path for asked in site.asked}) == len(site.asked) == MANY
    assert max(at_once) < MANY / 4
    assert await polling.reasons() == {"new": MANY}


async def test_an_interval_that_an_admin_shortens_holds_within_minutes(start, site, feed):
    hourly, failing = feed("/hourly", interval=6 * HOUR), feed("/failing", interval=6 * HOUR)
    site.answers["/hourly"] = site.answers["/failing"] = named("a")
    polling = await start(hourly, failing)
    await polling.poll()
    site.answers["/failing"] = Answer(status=404)
    await polling.poll_for(4 * DAY, every=HOUR)
    site.asked.clear()
    soon = [replace(one, interval=300.0) for one in (hourly, failing)]
    app = polling.app
    app.current.config = replace(app.config, feeds=tuple(soon))
    await app._forget()
    for _ in range(30):
        await subscribe(app)
        await polling.poll(after=60)
    assert 5 <= site.times_asked("/hourly") <= 7
    # What failed for long is left alone as before.
    assert site.times_asked("/failing") <= 1


async def test_an_interval_that_stayed_yields_to_a_wish_to_be_left_alone(start, site, feed):
    site.answers["/feed"] = Answer(body=named("a"), headers={"Retry-After": "7200"})
    polling = await start(feed(interval=300.0))
    await polling.poll()
    for _ in range(60):
        await subscribe(polling.app)
        await polling.poll(after=60)
    assert site.times_asked("/feed") == 1
