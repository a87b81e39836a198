"""Entries with a summary only, read by the parts that production is made of; and extraction alone.

    python -m tests.benchmarks.pages_by_us PORT PAGES

Prints one line of JSON: CPU seconds of raw ``trafilatura.extract``, of reading the same pages in
one process, and of the whole way from ENTRIES to ARTICLES with pages fetched from ``page_site``.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

import trafilatura

from bot.adapters.clock import Clock
from bot.adapters.embedded_redis import EmbeddedRedis
from bot.adapters.redis import streams
from bot.adapters.redis.codec import encode
from bot.bootstrap.app import App, open_app
from bot.bootstrap.configuration import load_configuration
from bot.bootstrap.loops import reading
from bot.bootstrap.settings import Settings, shipped
from bot.core.articles.page import article_text
from bot.core.articles.read import read
from bot.domain.news import Entry, EntryReason, TextState
from tests.benchmarks.feeds_by_us import Meter
from tests.benchmarks.page_site import address, page, summary, title
from tests.builders import make_entry

#: Read before anything is measured: imports, compiled topics, worker processes.
WARM = 24


@asynccontextmanager
async def opened() -> AsyncIterator[App]:
    """The product with default settings and the shipped topics and people."""
    with tempfile.TemporaryDirectory(prefix="nbb-") as folder, EmbeddedRedis(folder) as redis:
        settings = Settings(
            config_dir=shipped("config"),
            data_dir=Path(folder),
            allow=(ip_network("127.0.0.0/8"),),
        )
        configuration = replace(load_configuration(settings), feeds=())
        async with open_app(settings, configuration, redis.start(), clock=Clock()) as app:
            yield app


def entry(number: int, port: int) -> Entry:
    """What a feed gives of a page."""
    return make_entry(
        key=f"k{number}",
        article_id=f"a{number}",
        url=address(number, port),
        title=title(number),
        summary=summary(number),
        language="en",
        reason=EntryReason.NEW,
    )


def spent(work: Callable[[int], object], numbers: Iterable[int]) -> float:
    """CPU seconds of ``work`` on each number, after some to warm up."""
    for number in range(WARM):
        work(number)
    began = time.process_time()
    for number in numbers:
        work(number)
    return time.process_time() - began


async def whole_way(app: App, entries: Iterable[Entry]) -> None:
    """Publish entries, and read until all have become articles."""
    articles = app.keys.stream(streams.ARTICLES)
    wanted = await app.redis.xlen(articles)
    for one in entries:
        fields = {"rev": 1, "d": encode(one)}
        await app.redis.xadd(app.keys.stream(streams.ENTRIES), fields)
        wanted += 1
    while await app.redis.xlen(articles) < wanted:
        await asyncio.sleep(0.05)


async def main(port: int, many: int) -> None:
    """Measure, and print."""
    pages = [page(number) for number in range(many)]
    measured = range(WARM, many)
    async with opened() as app:
        rules = app.rules
        entries = [entry(number, port) for number in range(many)]
        said: dict[str, object] = {
            "pages": len(measured),
            "kilobytes": sum(map(len, pages)) / many / 1000,
            "raw": spent(lambda n: trafilatura.extract(pages[n]), measured),
            "extract": spent(lambda n: article_text(pages[n], url=entries[n].url), measured),
            "think": spent(lambda n: read(entries[n], pages[n], rules), measured),
        }
        stop = asyncio.Event()
        running = asyncio.create_task(reading(app, stop))
        await whole_way(app, entries[:WARM])
        said["whole"] = await Meter(app).measured(lambda: whole_way(app, entries[WARM:]))
        stop.set()
        await running
        stored = await app.redis.xrange(app.keys.stream(streams.ARTICLES))
        states = [
            streams.record(position.decode(), fields).article.state for position, fields in stored
        ]
    said["full"] = Counter(states)[TextState.FULL]
    print(json.dumps(said))


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
