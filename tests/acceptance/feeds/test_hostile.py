"""Cases 15 to 20: answers meant to hurt cost their own feed its poll, and nothing else.

Beside each hostile feed a good one of another host is polled at the same time; it has to come
through as if it were alone.
"""

from __future__ import annotations

import asyncio
import gzip
import io
import os
import signal
from collections.abc import AsyncIterator
from contextlib import suppress
from multiprocessing import active_children

import pytest
from aiohttp import web

from bot.adapters.pool import ProcessPool
from bot.bootstrap.app import PARSER_MEMORY
from tests.acceptance.feeds.documents import item, named, rss
from tests.acceptance.feeds.feed_server import HOSTS, Answer, Script, dripping, raw
from tests.acceptance.feeds.polling import DAY, LONG
from tests.waiting import until

MIB = 1024 * 1024


@pytest.fixture
def good(site, feed):
    """An ordinary feed of another host."""
    site.answers["/good"] = named("good")
    return feed("/good", host=HOSTS[1])


def bomb(size: int) -> bytes:
    """So many bytes of blanks behind the start of a feed, compressed."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as file:
        file.write(b'<rss version="2.0"><channel>')
        for _ in range(size // MIB):
            file.write(b" " * MIB)
    return packed.getvalue()


async def test_case_15_a_gzip_bomb_is_never_unpacked_whole(start, site, feed, good):
    body = bomb(64 * MIB)
    site.answers["/said"] = Answer(body=body, headers={"Content-Encoding": "gzip"})
    site.answers["/unsaid"] = Answer(body=body)
    polling = await start(said := feed("/said"), unsaid := feed("/unsaid", host=HOSTS[2]), good)
    await polling.poll()
    for bad in (said, unsaid):
        assert (await polling.state(bad)).problem == "larger than 5 MiB"
    assert await polling.titles() == ["Report good"]


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
async def test_case_15_a_wrong_content_encoding_fails_one_feed(start, site, feed, good, encoding):
    site.answers["/feed"] = raw(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: " + encoding.encode() + b"\r\n"
        b"Content-Length: 9\r\n\r\nnot a bit"
    )
    polling = await start(wrong := feed(), good)
    await polling.poll()
    assert (await polling.state(wrong)).failures == 1
    assert await polling.titles() == ["Report good"]


async def test_case_15_gzip_without_the_header_is_read(start, site, feed):
    site.answers["/feed"] = Answer(body=gzip.compress(named("a")))
    polling = await start(feed())
    await polling.poll()
    assert await polling.titles() == ["Report a"]


SLOW: dict[str, Script] = {
    "one byte at a time": dripping(named("a"), every=0.05),
    "silence after the headers": raw(
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", hang=asyncio.Event()
    ),
    "nothing at all": raw(b"", hang=asyncio.Event()),
}


@pytest.mark.parametrize("answer", SLOW.values(), ids=SLOW.keys())
async def test_case_16_a_slow_answer_ends_by_the_clock(start, site, feed, good, answer):
    site.answers["/feed"] = answer
    await (await start(good)).poll()
    polling = await start(slow := feed(), timeout=0.5)
    await polling.poll()
    state = await polling.state(slow)
    assert (state.failures, state.problem) == (1, "no answer within 0.5 s")
    assert await polling.titles() == ["Report good"]


async def test_case_16_a_slow_answer_holds_up_nobody(start, site, feed, good):
    site.answers["/feed"] = raw(b"", hang=(hang := asyncio.Event()))
    polling = await start(slow := feed(), good)
    await polling.app.poll.tick()
    await until(polling.entries)
    assert (await polling.state(slow)).polls == 0  # still under way
    hang.set()
    await polling.app.poll.drain()
    assert await polling.titles() == ["Report good"]


async def test_case_16_a_chunked_answer_that_breaks_off_is_fetched_again(start, site, feed, good):
    whole = named("a", "b")
    site.answers["/feed"] = raw(
        b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nETag: "cut"\r\n\r\n'
        + f"{len(whole):x}\r\n".encode()
        + whole[:-60]
    )
    polling = await start(cut := feed(), good)
    await polling.poll()
    state = await polling.state(cut)
    assert (state.failures, state.body_hash, state.etag) == (1, None, None)
    site.answers["/feed"] = whole
    await polling.next_poll(cut)
    assert sorted(await polling.titles()) == ["Report a", "Report b", "Report good"]


async def test_case_16_a_document_that_breaks_off_gives_its_whole_entries(start, site, feed):
    whole = named("a", "b", "c")
    site.answers["/feed"] = Answer(body=whole[: whole.rindex(b"</pubDate>")], headers={"ETag": "1"})
    polling = await start(cut := feed())
    await polling.poll()
    assert sorted(await polling.titles()) == ["Report a", "Report b"]
    site.answers["/feed"] = Answer(body=whole, headers={"ETag": "1"})
    await polling.next_poll(cut)
    assert not site.asked[-1].conditional
    assert sorted(await polling.titles()) == ["Report a", "Report b", "Report c"]


LIES = {"too short": 10_000, "too long": 20}


@pytest.mark.parametrize("length", LIES.values(), ids=LIES.keys())
async def test_case_17_a_content_length_that_lies_costs_one_poll(start, site, feed, good, length):
    site.answers["/feed"] = raw(
        f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n".encode() + named("a")
    )
    polling = await start(lying := feed(), good)
    await polling.poll()
    assert (await polling.state(lying)).failures == 1
    assert await polling.titles() == ["Report good"]


async def test_case_17_an_endless_feed_is_cut_at_the_cap_which_the_problem_names(
    start, site, feed, good
):
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        while sent < 200 * MIB:
            await response.write(b" " * MIB)
            sent += MIB
        return response

    site.answers["/feed"] = endless
    polling = await start(huge := feed(), good)
    await polling.poll()
    assert (await polling.state(huge)).problem == "larger than 5 MiB"
    assert sent < 50 * MIB
    assert await polling.titles() == ["Report good"]


def with_doctype(doctype: str, text: str = "") -> bytes:
    return f"<?xml version='1.0'?><!DOCTYPE rss {doctype}>".encode() + named("a", text=text)


LAUGHS = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
BOMBS = {
    "billion laughs": f"[<!ENTITY l0 'lol'>{LAUGHS}]",
    "quadratic": f"[<!ENTITY big '{'x' * 100_000}'>]",
    "external entity": "[<!ENTITY file SYSTEM 'file:///etc/passwd'>]",
    "parameter entity": "[<!ENTITY % load SYSTEM 'http://127.0.0.1/x.dtd'> %load;]",
}


@pytest.mark.parametrize("doctype", BOMBS.values(), ids=BOMBS.keys())
async def test_case_18_entities_are_refused_before_the_parser(start, site, feed, good, doctype):
    site.answers["/feed"] = with_doctype(doctype, "&l9;" * 1000)
    polling = await start(bad := feed(), good)
    await polling.poll()
    state = await polling.state(bad)
    assert (state.failures, state.problem) == (1, "refused: it declares entities of its own")
    assert await polling.titles() == ["Report good"]


async def test_case_18_an_external_dtd_is_never_loaded(start, site, feed):
    site.answers["/feed"] = with_doctype(f"SYSTEM '{site.url('/x.dtd')}'")
    polling = await start(feed())
    await polling.poll()
    assert [asked.path for asked in site.asked] == ["/feed"]


HOGS = {
    "nested 200,000 deep": rss("<item>" + "<a>" * 200_000 + "</a>" * 200_000 + "</item>"),
    "a page nested 200,000 deep": rss(item("a", text="<div>" * 200_000)),
    "50,000 items": rss("<item/>" * 50_000),
    "one item of 4 MB": rss(item("a", text="<b>word</b> and " * 250_000)),
}


@pytest.mark.slow
@pytest.mark.parametrize("body", HOGS.values(), ids=HOGS.keys())
async def test_case_19_a_document_that_takes_too_long_is_stopped(start, site, feed, good, body):
    site.answers["/feed"] = body
    polling = await start(hog := feed(), good)
    await polling.app.poll.tick()
    while "Report good" not in await polling.titles():
        await asyncio.sleep(0.01)
    await polling.app.poll.drain()
    state = await polling.state(hog)
    entries = [entry for entry in await polling.entries() if entry.feed_id == hog.id]
    assert len(entries) <= 2_000
    assert entries or (state.failures == 1 and state.problem)
    # Another document, and it is well again.
    site.answers["/feed"] = named("z")
    await polling.poll(after=2 * DAY)
    assert (await polling.state(hog)).failures == 0


async def test_case_20_a_reference_to_no_character_costs_no_entry(start, site, feed):
    site.answers["/feed"] = rss(item("a"), item("b")).replace(b"Report a", b"Report &#1114112;a")
    polling = await start(feed())
    await polling.poll()
    assert sorted(await polling.titles()) == ["Report b", "Report \ufffda"]


@pytest.fixture
async def one_worker() -> AsyncIterator[ProcessPool]:
    pool = ProcessPool(workers=1, cpu=10.0, wall=300, memory=PARSER_MEMORY)
    yield pool
    await pool.close()


@pytest.mark.slow
@pytest.mark.parametrize("cause", [signal.SIGSEGV, signal.SIGKILL], ids=["segfault", "killed"])
async def test_case_20_workers_that_die_each_time_fail_one_feed_and_are_replaced(
    start, site, feed, good, one_worker, cause
):
    others = set(active_children())
    polling = await start(fatal := feed(), later=(good,), pool=one_worker)
    site.answers["/feed"] = named("warm")
    await polling.poll()
    site.answers["/feed"] = HOGS["nested 200,000 deep"]
    polling.app.clock.advance(LONG)
    await polling.app.poll.tick()
    while polling.pool.jobs < 2:
        await asyncio.sleep(0.01)
    draining = asyncio.create_task(polling.app.poll.drain())
    while not draining.done():
        await asyncio.sleep(0.1)
        for worker in set(active_children()) - others:
            if worker.pid is None:
                continue  # it is only being started
            with suppress(ProcessLookupError):
                os.kill(worker.pid, cause)
    state = await polling.state(fatal)
    assert (state.failures, "cannot be parsed: " in (state.problem or "")) == (1, True)
    await polling.subscribe(fatal, good)
    await polling.poll()
    assert await polling.titles() == ["Report warm", "Report good"]
