"""The feeds of ``feed_site`` polled by the parts that production is made of, on a server of theirs.

    python -m tests.benchmarks.feeds_by_us passes ADDRESS…        two passes over the feeds
    python -m tests.benchmarks.feeds_by_us schedule FEEDS         a minute of so many feeds

Each prints one line of JSON. CPU is that of this process, the parsers and the server together;
each is given on its own, too.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from ipaddress import ip_network
from multiprocessing import active_children
from pathlib import Path

from bot.adapters.clock import Clock
from bot.adapters.embedded_redis import EmbeddedRedis
from bot.adapters.redis import streams
from bot.bootstrap.app import App, open_app
from bot.bootstrap.settings import Settings
from bot.core.feeds.parse import parse
from bot.core.feeds.schedule import first_poll_after
from bot.domain.channels import Configuration
from bot.domain.feeds import Feed
from bot.domain.fetches import Fetched

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
#: Seconds between two looks at whether the loop still turns.
_LOOK = 0.005


@asynccontextmanager
async def opened(feeds: tuple[Feed, ...]) -> AsyncIterator[App]:
    """The product with default settings, but for the addresses it may fetch from."""
    with tempfile.TemporaryDirectory(prefix="nbb-") as folder, EmbeddedRedis(folder) as redis:
        settings = Settings(
            config_dir=Path(folder), data_dir=Path(folder), allow=(ip_network("127.0.0.0/8"),)
        )
        configuration = Configuration(feeds=feeds)
        async with open_app(settings, configuration, redis.start(), clock=Clock()) as app:
            gc.collect()
            gc.freeze()  # as a role does before it begins
            yield app


class Meter:
    """CPU seconds of the processes that share the work, and wall seconds."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def measured(self, work: Callable[[], Awaitable[object]]) -> dict[str, float]:
        """What ``work`` took."""
        before, wall = await self._spent(), time.perf_counter()
        await work()
        wall = time.perf_counter() - wall
        after = await self._spent()
        parts = {name: after[name] - before[name] for name in after}
        return {"wall": wall, "cpu": sum(parts.values()), **parts}

    async def _spent(self) -> dict[str, float]:
        info = await self._app.redis.info("cpu")
        workers = (_cpu_of(child.pid) for child in active_children() if child.pid is not None)
        return {
            "parent": time.process_time(),
            "parsers": sum(workers),
            "server": float(info["used_cpu_user"]) + float(info["used_cpu_sys"]),
        }


def _cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_A_SECOND


async def _lags(into: list[float]) -> None:
    """Note, again and again, by how many seconds the loop comes late."""
    while True:
        wanted = time.perf_counter() + _LOOK
        await asyncio.sleep(_LOOK)
        into.append(time.perf_counter() - wanted)


def _percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(int(share * len(values)), len(values) - 1)]


def _rss() -> float:
    """MB this process took at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def passes(addresses: list[str]) -> None:
    """Poll all feeds twice; the second time nothing has changed."""
    feeds = tuple(
        Feed(id=f"f{n}", url=address, name=f"Site {n}") for n, address in enumerate(addresses)
    )
    async with opened(feeds) as app:
        now = app.clock.now()
        await app.feeds.subscribe(feeds, first_due={feed.id: now for feed in feeds})
        small = b"<rss><channel><item><title>warm</title></item></channel></rss>"
        await asyncio.gather(*(app.parsers.run(parse, small) for _ in range(8)))

        async def poll() -> None:
            polled = await app.poll.tick()
            while polled:
                await app.poll.drain()
                polled = await app.poll.tick()

        lags: list[float] = []
        watching = asyncio.create_task(_lags(lags))
        meter = Meter(app)
        first = await meter.measured(poll)
        watching.cancel()
        entries = await app.redis.xlen(app.keys.stream(streams.ENTRIES))
        app.clock.advance(7 * 3600)
        await poll()  # after a pause the feeds come back spread over a while
        app.clock.advance(4 * 60)
        again = await meter.measured(poll)
        states = [state for state, _ in (await app.feeds.states()).values()]
        said = {
            "first": first,
            "again": again,
            "entries": entries,
            "polls": sum(state.polls for state in states),
            "unchanged": sum(state.was_304 for state in states),
            "failed": sum(state.failures > 0 for state in states),
            "lag p50": _percentile(lags, 0.5),
            "lag p99": _percentile(lags, 0.99),
            "rss": _rss(),
        }
    print(json.dumps(said))


class _Unchanged:
    """A network that costs nothing: every feed is unchanged, at once."""

    async def fetch(self, url: str, *, etag: str | None = None, **_: object) -> Fetched:
        if etag is None:
            return Fetched(status=200, url=url, body=_ONE_ENTRY, etag='"1"')
        return Fetched(status=304, url=url)

    async def close(self) -> None:
        """Nothing is open."""


class _NoPool:
    """Parses here; only the first time a feed is polled."""

    async def run(
        self, function: Callable[..., object], /, *args: object, **options: object
    ) -> object:
        return function(*args, **options)

    async def close(self) -> None:
        """Nothing is open."""


_ONE_ENTRY = (
    b"<rss version='2.0'><channel><item><title>One</title><guid>1</guid></item></channel></rss>"
)


async def schedule(many: int) -> None:
    """A minute of claiming and of whole polls that find nothing, with so many feeds."""
    feeds = tuple(
        Feed(id=f"f{n}", url=f"https://host{n}.example/feed", name=f"Site {n}", interval=900.0)
        for n in range(many)
    )
    async with opened(feeds) as app:
        app.fetcher = _Unchanged()  # type: ignore[assignment]
        app.parsers = _NoPool()  # type: ignore[assignment]
        now = app.clock.now()
        settings = app.settings.polling
        await app.feeds.subscribe(
            feeds,
            first_due={
                feed.id: now.fromtimestamp(
                    now.timestamp() + first_poll_after(feed.id, feeds=many, settings=settings),
                    tz=now.tzinfo,
                )
                for feed in feeds
            },
        )
        polls = 0

        async def seconds(count: int) -> None:
            nonlocal polls
            for _ in range(count):
                app.clock.advance(1.0)
                polls += await app.poll.tick()
                await app.poll.drain()

        await seconds(900)  # everything has been polled once
        polls = 0
        meter = Meter(app)
        whole = await meter.measured(lambda: seconds(60))
        claimed = 0

        async def claims() -> None:
            nonlocal claimed
            for _ in range(60):
                app.clock.advance(1.0)
                claimed += len(await app.feeds.claim_due(50))

        said = {"minute": whole, "polls": polls, "rss": _rss()}
        said |= {"claims": await meter.measured(claims), "claimed": claimed}
    print(json.dumps(said))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["passes", *found]:
            asyncio.run(passes(found))
        case ["schedule", number]:
            asyncio.run(schedule(int(number)))
