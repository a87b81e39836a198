"""Cases 9 to 12: addresses that move, lie, loop, point inwards, or are gone."""

from __future__ import annotations

import asyncio
import socket

import pytest

from bot.domain.feeds import FeedStatus
from tests.acceptance.feeds.documents import item, named, rss
from tests.acceptance.feeds.feed_server import HOSTS, Answer
from tests.acceptance.feeds.polling import DAY, HOUR, LONG

LOGIN = b"<!DOCTYPE html><html><body><form>Sign in to the hotel's network</form></body></html>"


def moved(to: str, status: int = 301) -> Answer:
    return Answer(status=status, headers={"Location": to})


async def test_case_09_301_to_a_login_page_is_never_stored(start, site, feed):
    site.answers["/feed"] = named("a")
    polling = await start(declared := feed())
    await polling.poll()
    site.answers["/feed"] = moved(site.url("/login", host=HOSTS[1]))
    site.answers["/login"] = LOGIN
    await polling.poll_for(14 * DAY, every=6 * HOUR)
    state = await polling.state(declared)
    assert (state.moved_to, state.moving, state.status) == (None, None, FeedStatus.NOT_A_FEED)
    site.answers["/feed"] = named("b", "a")
    await polling.next_poll(declared)
    assert await polling.titles() == ["Report a", "Report b"]


async def test_case_10_308_is_stored_after_a_week_and_announces_nothing_again(start, site, feed):
    names = ("a", "b", "c", "d")
    site.answers["/feed"] = named(*names)
    polling = await start(declared := feed())
    await polling.poll()
    site.answers["/feed"] = moved(new := site.url("/new", host=HOSTS[1]), 308)
    site.answers["/new"] = rss(*(item(name, guid=f"https://new.example/{name}") for name in names))
    await polling.poll_for(6 * DAY, every=6 * HOUR)
    assert (await polling.state(declared)).moved_to is None
    await polling.poll_for(4 * DAY, every=6 * HOUR)
    assert (await polling.state(declared)).moved_to == new
    site.asked.clear()
    site.answers["/new"] = named("e", *names)
    await polling.poll(after=LONG)
    assert [asked.path for asked in site.asked] == ["/new"]
    assert (await polling.titles())[4:] == ["Report e"]


REFUSED = {
    "a loop": "{site}/feed",
    "six hops": "{site}/hop1",
    "cloud metadata": "http://169.254.169.254/latest?token=secret",
    "a file": "file:///etc/passwd",
    "a private address in IPv6": "http://[::ffff:10.0.0.1]/secret",
}


@pytest.mark.parametrize("target", REFUSED.values(), ids=REFUSED.keys())
async def test_case_11_a_redirect_that_leads_nowhere_good_is_refused(start, site, feed, target):
    site.answers["/feed"] = moved(target.format(site=site.url("")), 302)
    for n in range(1, 6):
        site.answers[f"/hop{n}"] = moved(site.url(f"/hop{n + 1}"))
    site.answers["/hop6"] = named("a")
    polling = await start(declared := feed())
    await polling.poll()
    state = await polling.state(declared)
    assert (state.failures, state.moved_to) == (1, None)
    assert state.problem is not None
    assert "secret" not in state.problem
    assert len(site.asked) <= 6
    assert await polling.entries() == []


async def test_case_11_a_name_that_turns_inward_is_refused_when_dialled(
    start, site, feed, monkeypatch
):
    address = "127.0.0.1"

    async def resolved(host, port, **_):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolved)
    site.answers["/feed"] = named("a")
    polling = await start(turning := feed(host="rebinds.example"))
    await polling.poll()
    assert await polling.titles() == ["Report a"]
    address = "10.0.0.1"
    await polling.app.fetcher.close()  # the next poll resolves again
    await polling.poll(after=LONG)
    state = await polling.state(turning)
    assert (state.failures, state.problem) == (1, "refused: a private address")


async def test_case_12_410_once_then_200_keeps_going(start, site, feed):
    site.answers["/feed"] = Answer(status=410)
    polling = await start(back := feed())
    await polling.poll()
    site.answers["/feed"] = named("a")
    await polling.next_poll(back)
    state = await polling.state(back)
    assert (state.status, state.failures, state.gone_since) == (FeedStatus.OK, 0, None)
    assert await polling.titles() == ["Report a"]


async def test_case_12_410_twice_a_day_apart_pauses_the_feed(start, site, feed):
    site.answers["/feed"] = named("a")
    polling = await start(gone := feed())
    await polling.poll()
    site.answers["/feed"] = Answer(status=410)
    await polling.poll_for(3 * DAY, every=6 * HOUR)
    state = await polling.state(gone)
    assert (state.status, state.problem) == (FeedStatus.GONE, "HTTP 410")
    assert (await polling.due(gone) - polling.app.clock.now()).total_seconds() > 2 * DAY
