"""Fetching from a real server on loopback."""

from __future__ import annotations

import asyncio
import gzip
import ipaddress
import socket
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.adapters.http import HttpFetcher, seconds_fresh, seconds_to_wait, user_agent
from bot.domain.fetches import FailureKind, Fetched, FetchFailure, Hop
from bot.domain.logins import Login
from bot.domain.secrets import Secret

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))
AGENT = user_agent(version="1.0", contact="https://brief.example/about")


@asynccontextmanager
async def serving(**handlers):
    """A server with one path per handler, and a fetcher that may talk to it."""
    app = web.Application()
    for name, handler in handlers.items():
        app.router.add_get(f"/{name}", handler)
    server = TestServer(app)
    fetcher = HttpFetcher(user_agent=AGENT, allow=LOOPBACK, max_body=100_000, timeout=300)
    await server.start_server()
    try:
        yield server, fetcher
    finally:
        await fetcher.close()
        await server.close()


async def fetch(handler, **conditions):
    async with serving(feed=handler) as (server, fetcher):
        return str(server.make_url("/feed")), await fetcher.fetch(
            str(server.make_url("/feed")), **conditions
        )


async def test_fetch_gives_the_body_and_what_tells_it_apart():
    async def feed(request):
        assert request.headers["User-Agent"] == "nato-brief/1.0 (+https://brief.example/about)"
        return web.Response(
            text="<rss/>", content_type="text/xml", headers={"ETag": 'W/"1"', "Last-Modified": "x"}
        )

    url, fetched = await fetch(feed)
    assert fetched == Fetched(
        status=200,
        url=url,
        body=b"<rss/>",
        content_type="text/xml; charset=utf-8",
        etag='W/"1"',
        last_modified="x",
    )


async def test_fetch_sends_validators_as_they_were_and_knows_a_304():
    async def feed(request):
        given = request.headers["If-None-Match"], request.headers["If-Modified-Since"]
        return web.Response(status=304 if given == ('W/"1"', "Mon, 1 May") else 500)

    _, fetched = await fetch(feed, etag='W/"1"', last_modified="Mon, 1 May")
    assert isinstance(fetched, Fetched)
    assert fetched.not_modified
    assert fetched.body == b""


async def test_fetch_sends_no_validator_that_would_break_the_request():
    async def feed(request):
        return web.Response(text=str("If-None-Match" in request.headers))

    _, fetched = await fetch(feed, etag="a\r\nX: y")
    assert fetched.body == b"False"


async def test_fetch_reports_a_status_and_how_long_to_stay_away():
    async def feed(request):
        return web.Response(status=429, headers={"Retry-After": "120"})

    url, failure = await fetch(feed)
    assert failure == FetchFailure(url=url, problem="HTTP 429", status=429, retry_after=120.0)


async def test_fetch_says_how_long_the_answer_stays_good_and_when_to_come_again():
    async def feed(request):
        return web.Response(
            text="<rss/>",
            headers={"Cache-Control": "public, max-age=600", "Retry-After": "30"},
        )

    _, fetched = await fetch(feed)
    assert (fetched.max_age, fetched.retry_after) == (600.0, 30.0)


async def test_case_13_fetch_knows_the_bot_check_of_a_host():
    async def feed(request):
        return web.Response(status=503, headers={"cf-mitigated": "challenge"})

    _, failure = await fetch(feed)
    assert (failure.problem, failure.kind) == ("HTTP 503, a bot check", FailureKind.BLOCKED)


async def test_fetch_tells_what_passes_from_what_lasts():
    async def hang(request):
        await asyncio.sleep(5)

    async def loop(request):
        raise web.HTTPFound("/loop")

    async def large(request):
        return web.Response(body=b"." * 200_000)

    async with serving(hang=hang, loop=loop, large=large) as (server, fetcher):
        urls = (
            *(str(server.make_url(f"/{name}")) for name in ("hang", "loop", "large")),
            "http://127.0.0.1:1/",
            "http://10.0.0.1/",
            "http://no-such-host.invalid/",
            "mailto:x@y.example",
        )
        hasty = HttpFetcher(user_agent=AGENT, allow=LOOPBACK, timeout=0.3)
        kinds = [(await hasty.fetch(urls[0])).kind]
        kinds += [(await fetcher.fetch(url)).kind for url in urls[1:]]
        await hasty.close()
    assert kinds == [
        FailureKind.NETWORK,
        FailureKind.HARD,
        FailureKind.HARD,
        FailureKind.NETWORK,
        FailureKind.HARD,
        FailureKind.NETWORK,
        FailureKind.HARD,
    ]


async def test_fetch_follows_redirects_and_says_where_it_ended():
    async def hop(request):
        raise web.HTTPFound("/end?token=secret")

    async def end(request):
        return web.Response(text="here")

    async with serving(hop=hop, end=end) as (server, fetcher):
        fetched = await fetcher.fetch(str(server.make_url("/hop")))
        assert fetched.url == str(server.make_url("/end?token=secret"))
        assert fetched.hops == (Hop(status=302, url=fetched.url),)
        assert not fetched.hops[0].permanent
        assert fetched.body == b"here"


async def test_fetch_names_the_place_of_a_failure_behind_a_redirect_without_its_secrets():
    async def hop(request):
        raise web.HTTPFound("/gone?token=secret")

    async with serving(hop=hop) as (server, fetcher):
        failure = await fetcher.fetch(str(server.make_url("/hop")))
        assert failure.problem == f"HTTP 404 at {server.make_url('/gone')}?token=***"


async def test_fetch_sends_a_login_to_its_own_place_and_nowhere_else():
    shown = []

    async def note(request):
        shown.append((request.path, request.headers.get("X-Key")))
        if (there := ways.get(request.path)) is not None:
            raise web.HTTPFound(there)
        return web.Response(text="here")

    async with (
        serving(feed=note, own=note, back=note) as (own, fetcher),
        serving(other=note) as (other, _),
    ):
        address = str(own.make_url("/feed"))
        back = str(own.make_url("/back"))
        ways = {"/feed": "/own", "/own": str(other.make_url("/other")), "/other": back}
        login = Login(header="X-Key", value=Secret("s3cret"), to=address)
        assert (await fetcher.fetch(address, login=login)).body == b"here"
        assert shown == [("/feed", "s3cret"), ("/own", "s3cret"), ("/other", None), ("/back", None)]
        shown.clear()
        await fetcher.fetch(back, login=login)
        await fetcher.fetch(back.replace("127.0.0.1", "localhost"), login=login)
        await fetcher.fetch(back, login=replace(login, to=address.replace("http:", "https:")))
        assert [value for _, value in shown] == ["s3cret", None, None]


async def test_fetch_gives_up_in_a_redirect_loop():
    async def hop(request):
        raise web.HTTPFound("/hop")

    async with serving(hop=hop) as (server, fetcher):
        failure = await fetcher.fetch(str(server.make_url("/hop")))
        assert failure.problem == "more than 5 redirects"


async def test_fetch_says_where_a_redirect_leads_that_it_is_not_to_follow():
    async def hop(request):
        raise web.HTTPFound("http://me:secret@127.0.0.9/end?x=1")

    async def end(request):
        return web.Response(text="here")

    async with serving(hop=hop, end=end) as (server, fetcher):
        failure = await fetcher.fetch(str(server.make_url("/hop")), follow=False)
        assert (failure.status, failure.location) == (302, "http://127.0.0.9/end?x=1")
        assert (await fetcher.fetch(str(server.make_url("/end")), follow=False)).body == b"here"


@pytest.mark.parametrize(
    "location",
    ["http://10.0.0.1/", "http://169.254.169.254/latest/meta-data", "http://[::ffff:10.0.0.1]/"],
)
async def test_fetch_refuses_a_redirect_to_a_private_address(location):
    async def hop(request):
        raise web.HTTPFound(location)

    async with serving(hop=hop) as (server, fetcher):
        failure = await fetcher.fetch(str(server.make_url("/hop")))
        assert failure.problem == "refused: a private address"


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://x.example/", "gopher:x"])
async def test_fetch_refuses_a_redirect_to_another_scheme(location):
    async def hop(request):
        return web.Response(status=302, headers={"Location": location})

    async with serving(hop=hop) as (server, fetcher):
        failure = await fetcher.fetch(str(server.make_url("/hop")))
        assert failure.problem == "not an http or https address"


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "0x7f.1", "[::7f00:1]"],
)
async def test_fetch_refuses_every_way_to_write_loopback(host):
    fetcher = HttpFetcher(user_agent=AGENT)
    try:
        failure = await fetcher.fetch(f"http://{host}:9/")
        assert failure.problem == "refused: a private address"
    finally:
        await fetcher.close()


async def test_fetch_dials_only_the_public_ones_of_the_addresses_of_a_name(monkeypatch):
    async def feed(request):
        return web.Response(text="here")

    async def resolved(loop, host, port, **_):
        mixed = ("10.0.0.1", "192.0.0.8", "127.0.0.1")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in mixed]

    async with serving(feed=feed) as (server, fetcher):
        monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", resolved)
        fetched = await fetcher.fetch(f"http://mixed.example:{server.port}/feed")
    assert fetched.body == b"here"


async def test_fetch_through_a_proxy_judges_literal_addresses():
    async def feed(request):
        return web.Response(text="by proxy")

    async with serving(feed=feed) as (server, _):
        fetcher = HttpFetcher(user_agent=AGENT, proxy=str(server.make_url("/")))
        try:
            for host in ("127.0.0.1", "2130706433", "localhost.", "[fe80::1%1]", "x.internal"):
                failure = await fetcher.fetch(f"http://{host}/feed")
                assert failure.problem == "refused: a private address"
            assert (await fetcher.fetch("http://wire.example/feed")).body == b"by proxy"
        finally:
            await fetcher.close()


async def test_fetch_stops_a_compressed_bomb_at_the_limit():
    async def bomb(request):
        return web.Response(
            body=gzip.compress(b"0" * 20_000_000), headers={"Content-Encoding": "gzip"}
        )

    _, failure = await fetch(bomb)
    assert failure.problem == "larger than 0.0954 MiB"
    assert failure.status == 200


async def test_fetch_unpacks_a_body_that_does_not_say_it_is_compressed():
    bodies = iter((gzip.compress(b"<rss/>"), gzip.compress(b"0" * 20_000_000), b"\x1f\x8bno gzip"))

    async def feed(request):
        return web.Response(body=next(bodies))

    async with serving(feed=feed) as (server, fetcher):
        url = str(server.make_url("/feed"))
        assert (await fetcher.fetch(url)).body == b"<rss/>"
        assert (await fetcher.fetch(url)).problem == "larger than 0.0954 MiB"
        assert (await fetcher.fetch(url)).body == b"\x1f\x8bno gzip"


async def test_fetch_ends_a_slow_drip_by_the_clock():
    async def drip(request):
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b".")
            await asyncio.sleep(0.05)

    async with serving(drip=drip) as (server, _):
        fetcher = HttpFetcher(user_agent=AGENT, allow=LOOPBACK, timeout=0.3)
        failure = await fetcher.fetch(str(server.make_url("/drip")))
        await fetcher.close()
        assert failure.problem == "no answer within 0.3 s"


async def test_fetch_reports_a_body_that_breaks_off():
    async def cut(request):
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b"<rss>")
        request.transport.close()
        return response

    _, failure = await fetch(cut)
    assert failure.problem == "the answer broke off or was garbled"


async def test_case_16_fetch_keeps_the_whole_entries_of_a_body_that_breaks_off():
    async def cut(request):
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b"<rss><channel><item><title>A</title></item><item>")
        request.transport.close()
        return response

    _, fetched = await fetch(cut)
    assert (fetched.partial, fetched.body[-6:]) == (True, b"<item>")


async def test_case_17_fetch_takes_a_larger_body_where_that_is_allowed():
    async def feed(request):
        return web.Response(body=b"." * 150_000)

    async with serving(feed=feed) as (server, fetcher):
        url = str(server.make_url("/feed"))
        assert (await fetcher.fetch(url)).problem == "larger than 0.0954 MiB"
        assert len((await fetcher.fetch(url, max_body=200_000)).body) == 150_000


async def test_fetch_reports_a_wrong_encoding():
    async def feed(request):
        return web.Response(body=b"no gzip at all", headers={"Content-Encoding": "gzip"})

    _, failure = await fetch(feed)
    assert failure.problem == "the answer broke off or was garbled"


async def test_fetch_explains_servers_that_are_not_there_or_speak_something_else():
    async def answer(reader, writer):
        await reader.readline()
        writer.write(b"SSH-2.0-OpenSSH\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    fetcher = HttpFetcher(user_agent=AGENT, allow=LOOPBACK, timeout=300)
    try:
        said = [
            (await fetcher.fetch(url)).problem
            for url in (
                f"http://127.0.0.1:{port}/",
                f"https://127.0.0.1:{port}/",
                "http://127.0.0.1:1/",
                "http://[::1",
                "mailto:x@y.example",
                "http://user:secret@127.0.0.1:1/?token=secret",
            )
        ]
    finally:
        await fetcher.close()
        server.close()
        await server.wait_closed()
    assert said == [
        "not a valid HTTP answer",
        "no TLS connection",
        "no connection: connection refused",
        "not a usable address",
        "not an http or https address",
        "no connection: connection refused",
    ]


async def test_fetch_explains_a_name_that_does_not_exist():
    fetcher = HttpFetcher(user_agent=AGENT)
    failure = await fetcher.fetch("http://no-such-host.invalid/")
    await fetcher.close()
    assert failure.problem == "the host name cannot be resolved"


def test_seconds_to_wait_reads_seconds_and_dates_and_nothing_else():
    now = datetime(2025, 4, 4, 12, 0, tzinfo=UTC)
    assert {
        header: seconds_to_wait(header, now=now)
        for header in (
            None,
            "",
            "120",
            "-5",
            "316800",
            "soon",
            "Fri, 04 Apr 2025 12:10:00 GMT",
            "Fri, 04 Apr 2025 12:10:00 -0000",
            "Thu, 03 Apr 2025 12:00:00 GMT",
            "Fri, 99 Apr 2025 12:10:00 GMT",
        )
    } == {
        None: None,
        "": None,
        "120": 120.0,
        "-5": None,
        "316800": 316800.0,
        "soon": None,
        "Fri, 04 Apr 2025 12:10:00 GMT": 600.0,
        "Fri, 04 Apr 2025 12:10:00 -0000": 600.0,
        "Thu, 03 Apr 2025 12:00:00 GMT": 0.0,
        "Fri, 99 Apr 2025 12:10:00 GMT": None,
    }


def test_seconds_fresh_reads_what_servers_write():
    now = datetime(2025, 4, 4, 12, 0, tzinfo=UTC)
    later = "Fri, 04 Apr 2025 13:00:00 GMT"
    assert [
        seconds_fresh(control, expires, now)
        for control, expires in (
            ((), None),
            (("max-age=60",), later),
            (("public", 'Max-Age="60"'), None),
            (("no-cache, max-age=60",), later),
            (("max-age=soon",), later),
            ((), later),
            ((), "0"),
            ((), "Thu, 03 Apr 2025 12:00:00 GMT"),
        )
    ] == [None, 60.0, 60.0, None, None, 3600.0, None, None]
