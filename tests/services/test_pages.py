"""Pages of entries, asked for politely, on a real server and loopback."""

from __future__ import annotations

import asyncio
import ipaddress
import random
from time import monotonic

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.adapters.http import HttpFetcher
from bot.adapters.redis.page_store import RedisPageStore
from bot.domain.errors import Recoverable
from bot.domain.fetches import Fetched, FetchFailure
from bot.domain.news import EntryReason
from bot.services.pages import PageLimits, Pages
from tests.builders import make_entry
from tests.recorders import RecordedFetcher

URL = "https://wire.example/2025/ferry"
ROBOTS = "https://wire.example/robots.txt"
PAGE = b"<html><p>The ferry</p></html>"
SWIFT = PageLimits(spacing=0)


@pytest.fixture
def store(redis, keys, clock):
    return RedisPageStore(redis, keys, clock)


@pytest.fixture
def fetcher():
    return RecordedFetcher({URL: PAGE})


@pytest.fixture
def pages(store, fetcher):
    return Pages(fetcher=fetcher, store=store, limits=SWIFT)


def asked(fetcher):
    return [url for url, _, _ in fetcher.asked]


async def test_pages_asks_for_the_rules_of_a_site_once_and_for_a_page_once(pages, fetcher):
    entry = make_entry(url=URL)
    assert [await pages(entry) for _ in range(3)] == [PAGE] * 3
    assert asked(fetcher) == [ROBOTS, URL]


async def test_pages_fetches_an_edited_entry_afresh(pages, fetcher):
    await pages(make_entry(url=URL))
    fetcher.answers[URL] = b"<html>corrected</html>"
    edited = make_entry(url=URL, revision=2, reason=EntryReason.EDITED)
    assert await pages(edited) == b"<html>corrected</html>"


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (b"User-agent: *\nDisallow: /2025/", None),
        (b"User-agent: nato-brief\nDisallow: /\n\nUser-agent: *\nAllow: /", None),
        (b"User-agent: *\nDisallow: /*/ferry$", None),
        (b"User-agent: *\nDisallow: /2025/\nAllow: /2025/ferry", PAGE),
        (b"User-agent: other\nDisallow: /", PAGE),
        (b"<html>Not found</html>", PAGE),
        (b"\xff\xfe\x00", PAGE),
        (FetchFailure(url=ROBOTS, problem="HTTP 404", status=404), PAGE),
        (FetchFailure(url=ROBOTS, problem="HTTP 503", status=503), None),
        (FetchFailure(url=ROBOTS, problem="no connection"), None),
    ],
    ids=[
        "forbidden to all",
        "forbidden to us",
        "forbidden by a wildcard",
        "the longest rule allows",
        "meant for somebody else",
        "a page",
        "bytes",
        "no rules",
        "rules out of order",
        "no answer",
    ],
)
async def test_pages_respects_robots_txt(pages, fetcher, rules, expected):
    fetcher.answers[ROBOTS] = rules
    assert await pages(make_entry(url=URL)) == expected


async def test_pages_asks_nobody_for_what_is_no_web_address(pages, fetcher):
    assert await pages(make_entry(url="urn:uuid:1")) is None
    assert fetcher.asked == []


async def test_a_page_too_large_to_keep_is_not_kept(store):
    await store.keep_page("a1:1", random.Random(1).randbytes(1_200_000))
    assert await store.page("a1:1") is None


async def test_pages_asks_a_silent_site_for_its_rules_again(pages, fetcher, redis, keys):
    fetcher.answers[ROBOTS] = FetchFailure(url=ROBOTS, problem="HTTP 503", status=503)
    await pages(make_entry(url=URL))
    assert 0 < await redis.ttl(keys.robots(ROBOTS)) <= 600


async def test_pages_takes_no_film_for_a_page(pages, fetcher):
    fetcher.answers[URL] = Fetched(status=200, url=URL, body=b"\x00", content_type="video/mp4")
    assert await pages(make_entry(url=URL)) is None


async def test_pages_leaves_a_host_alone_that_asks_for_it(pages, fetcher, store, clock):
    fetcher.answers[URL] = FetchFailure(url=URL, problem="HTTP 429", status=429, retry_after=3600)
    assert await pages(make_entry(url=URL)) is None
    other = make_entry(url="https://wire.example/2025/crew", article_id="a2")
    fetcher.answers[other.url] = PAGE
    assert await pages(other) is None
    assert other.url not in asked(fetcher)
    clock.advance(3601)
    assert await pages(other) == PAGE


async def test_pages_puts_an_entry_off_whose_turn_comes_later(store, fetcher, clock):
    pages = Pages(fetcher=fetcher, store=store, limits=PageLimits(spacing=20))
    await pages(make_entry(url=URL))
    second = make_entry(url=URL + "2", article_id="a2")
    fetcher.answers[second.url] = PAGE
    with pytest.raises(Recoverable) as put_off:
        await pages(second)
    assert 19 < put_off.value.after <= 20
    with pytest.raises(Recoverable):  # asking again does not lose its turn, nor gain one
        await pages(second)
    clock.advance(20)
    assert await pages(second) == PAGE


async def test_pages_reads_a_fresh_entry_without_a_page_that_would_come_too_late(store, fetcher):
    pages = Pages(fetcher=fetcher, store=store, limits=PageLimits(spacing=100))
    await pages(make_entry(url=URL))
    assert await pages(make_entry(url=URL + "2", article_id="a2")) is None
    with pytest.raises(Recoverable):
        await pages(make_entry(url=URL + "3", article_id="a3", reason=EntryReason.BACKFILL))


async def test_turns_are_so_many_at_once_and_lapse_with_their_lease(store, redis, keys, clock):
    limits = {"spacing": 0.0, "at_once": 2, "patience": 60.0}
    assert [await store.enter("h", name, **limits) for name in "abc"] == [0, 0, 0.25]
    await store.leave("h", "a")
    assert await store.enter("h", "c", **limits) == 0
    assert await store.enter("h", "d", **limits) == 0.25
    clock.advance(61)  # nobody left: they died
    assert await store.enter("h", "d", **limits) == 0


async def test_turns_of_other_hosts_are_their_own(store):
    limits = {"spacing": 30.0, "at_once": 2, "patience": 60.0}
    assert [await store.enter(host, "a", **limits) for host in ("h1", "h2")] == [0, 0]


async def test_pages_of_one_host_are_apart_and_never_more_than_two_at_once(store):
    """On loopback: eight entries at once, in two processes' worth of Pages."""
    under_way, most = 0, 0

    async def page(_request):
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.05)
        under_way -= 1
        return web.Response(body=PAGE, content_type="text/html")

    app = web.Application()
    app.router.add_get("/{name}", page)
    server = TestServer(app)
    await server.start_server()
    fetchers = [
        HttpFetcher(user_agent="nato-brief/1.0", allow=[ipaddress.ip_network("127.0.0.0/8")])
        for _ in range(2)
    ]
    crowd = [Pages(fetcher=f, store=store, limits=PageLimits(spacing=0.05)) for f in fetchers]
    entries = [make_entry(url=str(server.make_url(f"/n{n}")), article_id=f"n{n}") for n in range(8)]
    began = monotonic()
    try:
        got = await asyncio.gather(*(crowd[n % 2](entry) for n, entry in enumerate(entries)))
    finally:
        for fetcher in fetchers:
            await fetcher.close()
        await server.close()
    assert got == [PAGE] * 8
    assert most <= 3  # two pages, and the rules at the very first
    assert monotonic() - began > 0.05 * 7 * 0.9


MOVED = "https://mirror.example/2025/ferry"


def leads_to(target, url=URL, status=302):
    return FetchFailure(url=url, problem="a redirect", status=status, location=target)


async def test_pages_asks_the_rules_of_a_host_it_is_sent_to(pages, fetcher):
    fetcher.answers[URL] = leads_to(MOVED)
    fetcher.answers[MOVED] = PAGE
    assert await pages(make_entry(url=URL)) == PAGE
    assert asked(fetcher) == [ROBOTS, URL, "https://mirror.example/robots.txt", MOVED]


async def test_pages_does_not_go_where_the_rules_there_forbid_it(pages, fetcher):
    fetcher.answers[URL] = leads_to(MOVED)
    fetcher.answers[MOVED] = PAGE
    fetcher.answers["https://mirror.example/robots.txt"] = b"User-agent: *\nDisallow: /2025/"
    assert await pages(make_entry(url=URL)) is None
    assert MOVED not in asked(fetcher)


async def test_pages_does_not_go_where_a_site_forbids_it_by_way_of_itself(pages, fetcher):
    inner = "https://wire.example/private/ferry"
    fetcher.answers |= {URL: leads_to(inner), inner: PAGE, ROBOTS: b"User-agent: *\nDisallow: /p"}
    assert await pages(make_entry(url=URL)) is None
    assert asked(fetcher) == [ROBOTS, URL]


async def test_pages_takes_its_turn_at_a_host_it_is_sent_to(store, fetcher, clock):
    pages = Pages(fetcher=fetcher, store=store, limits=PageLimits(spacing=20))
    fetcher.answers[MOVED] = PAGE
    assert await pages(make_entry(url=MOVED)) == PAGE
    fetcher.answers[URL] = leads_to(MOVED)
    entry = make_entry(url=URL, article_id="a2")
    with pytest.raises(Recoverable):
        await pages(entry)
    assert asked(fetcher).count(MOVED) == 1
    clock.advance(20)
    assert await pages(entry) == PAGE


async def test_pages_sent_on_within_a_host_stays_in_its_turn(store, fetcher):
    pages = Pages(fetcher=fetcher, store=store, limits=PageLimits(spacing=20))
    fetcher.answers |= {URL: leads_to(URL + "/"), URL + "/": PAGE}
    assert await pages(make_entry(url=URL)) == PAGE


async def test_pages_sent_to_each_others_hosts_do_not_wait_for_each_other(store, fetcher):
    pages = Pages(fetcher=fetcher, store=store, limits=PageLimits(spacing=0, at_once=1))
    there = "https://mirror.example/there"
    fetcher.answers |= {URL: leads_to(MOVED), MOVED: PAGE}
    fetcher.answers |= {there: leads_to("https://wire.example/here", url=there)}
    fetcher.answers["https://wire.example/here"] = PAGE
    entries = [make_entry(url=URL), make_entry(url=there, article_id="a2")]
    assert await asyncio.gather(*map(pages, entries)) == [PAGE, PAGE]


async def test_pages_sent_round_in_circles_gives_up(pages, fetcher, redis, keys):
    fetcher.answers |= {URL: leads_to(MOVED), MOVED: leads_to(URL, url=MOVED)}
    assert await pages(make_entry(url=URL)) is None
    assert len([url for url in asked(fetcher) if not url.endswith("robots.txt")]) == 6
    assert not [f for f in await redis.hkeys(keys.turns("wire.example")) if f.startswith(b"at:")]


async def test_pages_holds_the_host_that_asked_for_it(pages, fetcher):
    fetcher.answers[URL] = leads_to(MOVED)
    busy = FetchFailure(url=MOVED, problem="HTTP 429", status=429, retry_after=3600)
    fetcher.answers[MOVED] = busy
    assert await pages(make_entry(url=URL)) is None
    here, there = "https://wire.example/here", "https://mirror.example/there"
    fetcher.answers |= {here: PAGE, there: PAGE}
    assert await pages(make_entry(url=here, article_id="a2")) == PAGE
    assert await pages(make_entry(url=there, article_id="a3")) is None


async def test_a_page_that_is_looked_at_again_is_not_kept(pages, redis, keys):
    await pages.again(make_entry(), look=1)
    assert [key async for key in redis.scan_iter(keys.page_text("") + "*")] == []
