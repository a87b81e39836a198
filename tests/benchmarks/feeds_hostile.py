"""What one hostile feed costs another that is polled at the same moment.

    python -m tests.benchmarks.feeds_hostile     prints one line of JSON: case → seconds

The hostile feed is claimed first. Measured is from the tick to the other feed's entry in ENTRIES.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from datetime import timedelta

from aiohttp import web

from bot.adapters.redis import streams
from bot.bootstrap.app import App
from bot.core.feeds.parse import parse
from bot.domain.feeds import Feed
from tests.acceptance.feeds.documents import item, named, rss
from tests.acceptance.feeds.feed_server import HOSTS, Answer, FeedServer, Script, dripping, raw
from tests.acceptance.feeds.test_hostile import BOMBS, HOGS, MIB, bomb, with_doctype
from tests.benchmarks.feeds_by_us import opened


async def _endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    for _ in range(200):
        await response.write(b" " * MIB)
    return response


def hostile() -> dict[str, bytes | Answer | Script]:
    """One answer for each case."""
    return {
        "none": named("ordinary"),
        "15 bomb": Answer(body=bomb(300 * MIB), headers={"Content-Encoding": "gzip"}),
        "16 drip": dripping(named("a"), every=0.1),
        "16 silence": raw(b"", hang=asyncio.Event()),
        "17 endless": _endless,
        "18 laughs": with_doctype(BOMBS["billion laughs"], "&l9;" * 1000),
        **{f"19 {name}": body for name, body in HOGS.items()},
        "20 character": rss(item("a")).replace(b"Report a", b"Report &#1114112;a"),
    }


async def _seconds(app: App, site: FeedServer, bad: Feed, good: Feed) -> float:
    """From the tick until the good feed's entry is there."""
    stream = app.keys.stream(streams.ENTRIES)
    now = app.clock.now()
    await app.feeds.subscribe(
        (bad, good), first_due={bad.id: now - timedelta(seconds=1), good.id: now}
    )
    began = time.perf_counter()
    await app.poll.tick()
    while True:
        found = await app.redis.xrevrange(stream, count=50)
        if any(
            streams.entry(position.decode(), fields).feed_id == good.id
            for position, fields in found
        ):
            return time.perf_counter() - began
        await asyncio.sleep(0.002)


async def main() -> None:
    logging.disable(logging.WARNING)
    site = FeedServer()
    await site.start()
    cases = hostile()
    feeds = {}
    for n, (name, answer) in enumerate(cases.items()):
        site.answers[f"/bad{n}"] = answer
        site.answers[f"/good{n}"] = named(f"good{n}")
        feeds[name] = (
            Feed(id=f"bad{n}", url=site.url(f"/bad{n}"), name="Bad"),
            Feed(id=f"good{n}", url=site.url(f"/good{n}", host=HOSTS[1]), name="Good"),
        )
    said = {}
    async with opened(tuple(feed for pair in feeds.values() for feed in pair)) as app:
        await asyncio.gather(*(app.parsers.run(parse, named("warm")) for _ in range(8)))
        for name, (bad, good) in feeds.items():
            said[name] = await _seconds(app, site, bad, good)
            await app.poll.drain()
    await site.stop()
    print(json.dumps(said))


if __name__ == "__main__":
    asyncio.run(main())
