"""A site of many feeds, each on a loopback address of its own, as a process of its own.

    python -m tests.benchmarks.feed_site FEEDS ENTRIES     prints its port, serves until killed

A third are RSS with ``content:encoded``, a third RSS with escaped descriptions, a third Atom; an
entry has some 2 KB of HTML. ETag and Last-Modified are sent, and a match is answered 304.
"""

from __future__ import annotations

import asyncio
import random
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

from aiohttp import web

_LETTERS = "abcdefghijklmnoprstuvw"
_WORDS = [
    "".join(random.Random(n).choices(_LETTERS, k=2 + random.Random(n + 1).randint(1, 8)))
    for n in range(2_000)
]
#: The newest entry's date, whenever this runs.
_NOW = datetime.now(UTC).replace(microsecond=0)


def host(number: int) -> str:
    """The loopback address of a feed: 127.0.1.1, 127.0.1.2, … 127.0.2.1, …"""
    return f"127.0.{1 + number // 250}.{1 + number % 250}"


def address(number: int, port: int) -> str:
    """The address of a feed."""
    return f"http://{host(number)}:{port}/{number}.xml"


def document(number: int, entries: int) -> bytes:
    """One feed; the same number gives the same entries."""
    chance = random.Random(number)
    site = f"https://site{number}.example"
    make = (_with_content, _with_description, _atom)[number % 3]
    items = "".join(make(site, n, chance) for n in range(entries))
    if make is _atom:
        head = f"<title>Site {number}</title><link href='{site}/'/><id>{site}/</id>"
        return f"<feed xmlns='http://www.w3.org/2005/Atom'>{head}{items}</feed>".encode()
    head = f"<title>Site {number}</title><link>{site}/</link><description>News</description>"
    space = "xmlns:content='http://purl.org/rss/1.0/modules/content/'"
    return f"<rss version='2.0' {space}><channel>{head}{items}</channel></rss>".encode()


def _html(chance: random.Random) -> str:
    def words(count: int) -> str:
        return " ".join(chance.choices(_WORDS, k=count))

    return "".join(
        f'<p class="story">{words(45)} <a href="/tag/{words(1)}">{words(2)}</a>, '
        f'said <b>{words(2)}</b>: "{words(20)}." <img src="/i/{words(1)}.jpg" alt="{words(3)}"></p>'
        for _ in range(4)
    )


def _parts(site: str, n: int, chance: random.Random) -> tuple[str, str, datetime]:
    title = " ".join(chance.choices(_WORDS, k=9)).capitalize()
    return title, f"{site}/news/{n}/report", _NOW - timedelta(minutes=37 * n)


def _with_content(site: str, n: int, chance: random.Random) -> str:
    title, link, date = _parts(site, n, chance)
    return (
        f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid>"
        f"<pubDate>{format_datetime(date)}</pubDate><description>{title} in short.</description>"
        f"<content:encoded><![CDATA[{_html(chance)}]]></content:encoded></item>"
    )


def _with_description(site: str, n: int, chance: random.Random) -> str:
    title, link, date = _parts(site, n, chance)
    return (
        f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid>"
        f"<pubDate>{format_datetime(date)}</pubDate>"
        f"<description>{escape(_html(chance))}</description></item>"
    )


def _atom(site: str, n: int, chance: random.Random) -> str:
    title, link, date = _parts(site, n, chance)
    return (
        f"<entry><title>{title}</title><link href='{link}'/><id>{link}</id>"
        f"<updated>{date.isoformat()}</updated><published>{date.isoformat()}</published>"
        f"<author><name>A. Writer</name></author>"
        f"<content type='html'>{escape(_html(chance))}</content></entry>"
    )


async def main(feeds: int, entries: int) -> None:
    bodies = [document(number, entries) for number in range(feeds)]
    validators = {"Last-Modified": format_datetime(_NOW, usegmt=True)}

    async def answer(request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        headers = {"ETag": f'"v{number}"', **validators}
        if request.headers.get("If-None-Match") == headers["ETag"]:
            return web.Response(status=304, headers=headers)
        return web.Response(body=bodies[number], headers=headers, content_type="text/xml")

    application = web.Application()
    application.router.add_get(r"/{number:\d+}.xml", answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    port = 0
    for number in range(feeds):
        await web.TCPSite(runner, host(number), port).start()
        port = port or runner.addresses[0][1]
    print(port, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
