"""Case 30: pollers that are killed, that are two, or whose clock jumps."""

from __future__ import annotations

import asyncio
import random
import sys
from collections import Counter
from pathlib import Path

import pytest

from bot.adapters.clock import Clock
from tests.acceptance.feeds.documents import named
from tests.acceptance.feeds.killed_poller import LEASE, feeds_at
from tests.acceptance.feeds.polling import HOUR, LONG

PROGRAM = Path(__file__).with_name("killed_poller.py")
KILLED_FEEDS, KILLS = 4, 2


async def test_case_30_a_claim_whose_poller_died_is_polled_within_the_lease(start, site, feed):
    site.answers["/feed"] = named("a")
    dead = await start(claimed := feed())
    assert len(await dead.app.feeds.claim_due(1)) == 1
    alive = await start(claimed)
    assert await alive.poll(after=119) == 0  # no second poll inside a lease
    assert await alive.poll(after=2) == 1
    assert await alive.titles() == ["Report a"]


async def test_case_30_two_pollers_at_once_pass_everything_on_once(start, site, feed):
    feeds = [feed(f"/{n}", interval=HOUR) for n in range(40)]
    for one in feeds:
        site.answers[f"/{one.id}"] = named(f"{one.id}-a")
    pollers = [await start(*feeds), await start(*feeds)]
    for letter in "bcd":
        for _ in range(30):  # a host is asked by two at once only
            await asyncio.gather(*(poller.poll(after=5) for poller in pollers))
        for one in feeds:
            site.answers[f"/{one.id}"] = named(f"{one.id}-{letter}", f"{one.id}-a")
        await asyncio.gather(*(poller.poll(after=LONG) for poller in pollers))
    for _ in range(30):
        await asyncio.gather(*(poller.poll(after=5) for poller in pollers))
    expected = {f"Report {one.id}-{letter}": 1 for one in feeds for letter in "abcd"}
    assert Counter(await pollers[0].titles()) == expected


@pytest.mark.parametrize("step", [HOUR, -HOUR], ids=["ahead", "back"])
async def test_case_30_a_clock_that_steps_by_an_hour_loses_and_doubles_nothing(
    start, site, feed, clock, step
):
    site.answers["/feed"] = named("a")
    polling = await start(feed())
    await polling.poll()
    clock.advance(step)
    site.answers["/feed"] = named("b", "a")
    await polling.poll_for(LONG, every=HOUR)
    assert await polling.titles() == ["Report a", "Report b"]


@pytest.mark.slow
async def test_case_30_pollers_killed_at_any_moment_lose_and_double_nothing(
    start, server, site, tag, clock, processes
):
    clock.advance((Clock().now() - clock.now()).total_seconds())  # the processes' own time
    address = site.url("/k{n}")
    feeds = feeds_at(address, KILLED_FEEDS)
    listed = {one.id: [f"{one.id}-0"] for one in feeds}
    for one in feeds:
        site.answers[f"/{one.id}"] = named(*listed[one.id], date=None)
    polling = await start(*feeds)
    arguments = [server, tag.strip("{}"), address, str(KILLED_FEEDS)]
    for n in range(1, KILLS + 1):
        asked = len(site.asked)
        process = processes.start(sys.executable, PROGRAM, *arguments)
        await processes.until(lambda enough=asked + KILLED_FEEDS: len(site.asked) >= enough)
        for one in feeds:
            listed[one.id].insert(0, f"{one.id}-{n}")
            site.answers[f"/{one.id}"] = named(*listed[one.id], date=None)
        await asyncio.sleep(random.uniform(0, 0.3))
        process.kill()
        await asyncio.to_thread(process.wait)
    expected = {f"Report {name}": 1 for names in listed.values() for name in names}
    while set(await polling.titles()) != expected.keys():
        await asyncio.sleep(LEASE / 5)
        await polling.poll()
    for _ in range(5):
        await asyncio.sleep(0.2)
        await polling.poll()
    assert Counter(await polling.titles()) == expected
