"""Feeds that change, fail, redirect and lie, as a process of its own, for ``soak_feeds``.

    python -m tests.benchmarks.soak_site SECONDS     prints its port, serves until killed

What a feed has published by a moment follows from its number alone. ``/shown`` tells which entries
it has shown: those of every document that went out whole, for an entry may leave the document
before an answer was one. After SECONDS nothing is published any more and every answer is honest;
until then a feed behaves by the last digit of its number, in turns of some seconds:

    0 to 3   well                             6   answers by redirects
    4        without validators               7   lies about what it sends
    5        fails, hangs up, asks for quiet  8   names its entries anew each time
                                              9   sends pages, bombs and pieces in between
"""

from __future__ import annotations

import asyncio
import gzip
import sys
import time
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from aiohttp import web

#: Entries a document lists, and those there were before the beginning.
WINDOW, BEFORE = 20, 10
#: Addresses the feeds share.
_HOSTS = 250
_BOMB = gzip.compress(b"<rss><channel>" + b" " * 8 * 1024 * 1024)
_LAUGHS = (
    b"<!DOCTYPE rss [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]><rss><channel>&b;</channel></rss>"
)


def address(number: int, port: int) -> str:
    """The address of a feed."""
    return f"http://127.0.3.{1 + number % _HOSTS}:{port}/{number}"


def published(number: int, seconds: float) -> int:
    """How many entries the feed has published, so many seconds after the beginning."""
    return BEFORE + int(max(seconds, 0.0) / (30 + number * 7 % 90))


def _listed(number: int, seconds: float) -> range:
    """The entries of the document at that moment."""
    count = published(number, seconds)
    return range(max(count - WINDOW, 0), count)


def link(number: int, entry: int) -> str:
    """The address of an entry."""
    return f"https://site{number}.example/{entry}"


class Site:
    """Answers by number and moment."""

    def __init__(self, seconds: float) -> None:
        self._began = time.time()
        self._seconds = seconds
        self._asked = 0
        #: Number → entries that a whole document listed.
        self._shown: defaultdict[int, set[int]] = defaultdict(set)

    async def shown(self, request: web.Request) -> web.StreamResponse:
        return web.json_response([link(n, e) for n, found in self._shown.items() for e in found])

    async def answer(self, request: web.Request) -> web.StreamResponse:
        number = int(request.match_info["number"])
        self._asked += 1
        past = time.time() - self._began
        if past > self._seconds:
            return self._whole(number, self._seconds)
        turn = int(past / 7 + number) % 6
        match number % 10:
            case 5 if turn < 3:
                return await self._failure(request, turn)
            case 6 if request.query_string != "there":
                status = (301, 302, 307, 308, 301, 302)[turn]
                return web.Response(status=status, headers={"Location": f"/{number}?there"})
            case 7:
                return self._lie(request, number, past, turn)
            case 8:
                return self._whole(number, past, guid=f"?session={self._asked}")
            case 9 if turn < 4:
                return self._other(number, past, turn)
            case 4:
                return self._whole(number, past)
        etag = f'"{published(number, past)}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        return self._whole(number, past, headers={"ETag": etag})

    async def _failure(self, request: web.Request, turn: int) -> web.StreamResponse:
        if turn == 0:
            return web.Response(status=500)
        if turn == 1:
            return web.Response(status=429, headers={"Retry-After": "3"})
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    def _lie(self, request: web.Request, number: int, past: float, turn: int) -> web.StreamResponse:
        frozen = {"ETag": '"never changes"', "Content-Type": "image/png; charset=us-ascii"}
        if turn < 2 and "If-None-Match" in request.headers:
            return web.Response(status=304, headers=frozen)
        return self._whole(number, past, headers=frozen)

    def _other(self, number: int, past: float, turn: int) -> web.StreamResponse:
        if turn == 0:
            return web.Response(body=b"<html><title>Just a moment...</title></html>")
        if turn == 1:
            return web.Response(body=_BOMB, headers={"Content-Encoding": "gzip"})
        if turn == 2:
            return web.Response(body=_LAUGHS)
        return web.Response(body=self._document(number, past)[:-200])

    def _whole(
        self,
        number: int,
        seconds: float,
        *,
        guid: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> web.Response:
        self._shown[number].update(_listed(number, seconds))
        return web.Response(body=self._document(number, seconds, guid=guid), headers=headers)

    def _document(self, number: int, seconds: float, *, guid: str = "") -> bytes:
        items = "".join(
            f"<item><guid>{link(number, n)}{guid}</guid><link>{link(number, n)}</link>"
            f"<title>Report {n} of site {number}</title>"
            f"<pubDate>{self._date(number, n)}</pubDate>"
            f"<description>What happened at {n}, and {'why ' * 40}it did.</description></item>"
            for n in reversed(_listed(number, seconds))
        )
        return (
            f"<rss version='2.0'><channel><title>{number}</title>{items}</channel></rss>".encode()
        )

    def _date(self, number: int, entry: int) -> str:
        after = (entry - BEFORE + 1) * (30 + number * 7 % 90)
        return format_datetime(datetime.fromtimestamp(self._began, UTC) + timedelta(seconds=after))


async def main(seconds: float) -> None:
    application = web.Application()
    site = Site(seconds)
    application.router.add_get(r"/{number:\d+}", site.answer)
    application.router.add_get("/shown", site.shown)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    port = 0
    for host in range(_HOSTS):
        await web.TCPSite(runner, f"127.0.3.{1 + host}", port).start()
        port = port or runner.addresses[0][1]
    print(port, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1])))
