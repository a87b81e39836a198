"""Cases 6 to 8: hosts that ask for quiet, bridges to many sites, and our own network."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bot.domain.feeds import FeedStatus
from tests.acceptance.feeds.documents import named
from tests.acceptance.feeds.feed_server import HOSTS, Answer
from tests.acceptance.feeds.polling import DAY, HOUR

# The header's date is compared with the wall clock, so that is what it is made from; an hour may
# pass before the test that sends it is run.
IN_TWENTY_HOURS = format_datetime(datetime.now(UTC) + timedelta(hours=20), usegmt=True)


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [
        ("7200", 2 * HOUR, 4 * HOUR),
        (IN_TWENTY_HOURS, 19 * HOUR, 40 * HOUR),
        ("-5", 0.2 * HOUR, HOUR),
        ("316800", DAY, 1.1 * DAY),
        ("soon", 0.2 * HOUR, HOUR),
    ],
    ids=["seconds", "a date", "negative", "88 hours", "garbage"],
)
async def test_case_06_429_with_retry_after_pauses_the_host(start, site, feed, asked, least, most):
    site.answers["/busy"] = Answer(status=429, headers={"Retry-After": asked})
    site.answers["/other"] = named("a")
    busy, other = feed("/busy"), feed("/other")
    polling = await start(busy, later=(other,))
    began = polling.app.clock.now()
    await polling.poll()
    site.answers["/busy"] = named("b")
    await polling.subscribe(busy, other)
    await polling.poll_for(least - 60, every=(least - 60) / 4)
    assert (site.times_asked("/busy"), site.times_asked("/other")) == (1, 0)
    assert least <= (await polling.due(busy) - began).total_seconds() <= most
    await polling.poll_for(most, every=most / 8)
    assert {"Report a", "Report b"} == set(await polling.titles())


async def test_case_06_200_feeds_of_a_paused_host_do_not_resume_together(start, site, feed):
    feeds = [feed(f"/{n}") for n in range(200)]
    for one in feeds:
        site.answers[f"/{one.id}"] = Answer(status=429, headers={"Retry-After": "3600"})
    polling = await start(*feeds)
    began = polling.app.clock.now()
    await polling.poll()
    await polling.poll_for(60, every=5)
    assert len(site.asked) <= 2
    due = [(await polling.due(one) - began).total_seconds() for one in feeds]
    assert min(due) >= 3600
    assert max(Counter(int(seconds // 60) for seconds in due).values()) <= 40


async def test_case_07_503_of_one_feed_on_a_bridge_leaves_the_others_alone(start, site, feed):
    site.answers["/down"] = Answer(status=503, headers={"Retry-After": "7200"})
    site.answers["/up"] = named("a")
    down, up = feed("/down", bridge=True), feed("/up", bridge=True)
    polling = await start(down, later=(up,))
    for _ in range(3):
        await polling.next_poll(down)
    assert (await polling.state(down)).failures == 3
    await polling.subscribe(down, up)
    await polling.poll()
    assert await polling.titles() == ["Report a"]


async def test_case_08_an_outage_of_our_own_freezes_counters_and_ends_smoothly(start, site, feed):
    feeds = [feed(f"/{n}", host=host, interval=600.0) for n, host in enumerate(HOSTS)]
    for one in feeds:
        site.answers[f"/{one.id}"] = named(one.id)
    polling = await start(*feeds)
    await polling.poll()
    await site.stop()
    await polling.poll_for(2 * HOUR, every=60)
    states = [await polling.state(one) for one in feeds]
    assert {(state.failures, state.status) for state in states} == {(0, FeedStatus.OK)}
    await site.start()
    site.asked.clear()
    at_once = [await polling.poll(after=60) for _ in range(20)]
    assert {asked.path for asked in site.asked} == {f"/{one.id}" for one in feeds}
    assert max(at_once) < len(feeds)
    assert {(await polling.state(one)).failures for one in feeds} == {0}
    assert len(await polling.entries()) == len(feeds)


async def test_case_08_three_hosts_out_of_reach_are_our_own_outage_until_one_answers(
    start, site, feed
):
    feeds = [feed(f"/{n}", host=HOSTS[n], interval=4 * HOUR) for n in range(3)]
    for one in feeds:
        site.answers[f"/{one.id}"] = named(one.id)
    polling = await start(*feeds)
    await polling.poll()
    await site.stop()
    for _ in range(36):
        await polling.poll_for(2 * HOUR, every=600)
        states = [await polling.state(one) for one in feeds]
        assert {(state.failures, state.status) for state in states} == {(0, FeedStatus.OK)}
    await site.start()
    site.asked.clear()
    await polling.poll_for(600, every=60)
    assert {asked.path for asked in site.asked} == {"/0", "/1", "/2"}
    assert {(await polling.state(one)).failures for one in feeds} == {0}


async def test_case_08_one_host_of_three_out_of_reach_is_that_feeds_failure(start, site, feed):
    feeds = [feed(f"/{n}", host=HOSTS[n], interval=4 * HOUR) for n in range(3)]
    dead = replace(feeds[2], url=site.url("/2", host="127.0.0.250"))
    for one in feeds:
        site.answers[f"/{one.id}"] = named(one.id)
    polling = await start(*feeds[:2], dead)
    await polling.poll()
    await polling.poll_for(600, every=60)
    assert (await polling.state(dead)).failures == 1
    site.asked.clear()
    await polling.poll_for(10 * HOUR, every=300)
    assert (await polling.state(dead)).failures >= 4
    assert {(await polling.state(one)).failures for one in feeds[:2]} == {0}
    # Others are asked early to tell, a few times and not for ever.
    assert len(site.asked) <= 20


async def test_case_08_seven_dead_hosts_of_twenty_four_are_no_outage(start, site, feed):
    alive = [feed(f"/{n}", host=HOSTS[n], interval=4 * HOUR) for n in range(17)]
    for one in alive:
        site.answers[f"/{one.id}"] = named(one.id)
    dead = [
        replace(alive[0], id=f"dead{n}", url=site.url("/", host=f"127.0.0.{200 + n}"))
        for n in range(7)
    ]
    polling = await start(*alive, *dead)
    await polling.poll()
    await polling.poll_for(3 * HOUR, every=120)
    assert min([(await polling.state(one)).failures for one in dead]) >= 3
    assert {(await polling.state(one)).failures for one in alive} == {0}


async def test_case_08_the_only_host_out_of_reach_is_its_feeds_failure(start, site, feed):
    only, other = feed("/a"), feed("/b")
    site.answers["/a"] = named("a")
    polling = await start(only, other)
    await polling.poll()
    await site.stop()
    await polling.next_poll(only)
    state = await polling.state(only)
    assert (state.failures, state.status) == (1, FeedStatus.FAILING)
