"""Ten minutes of 2,000 feeds that change, fail, redirect and lie: what is lost, doubled, leaked?

    python -m tests.benchmarks.soak_feeds [SECONDS [FEEDS]]

At the end the site becomes honest for a while, so that every feed can be read once more; then
each entry that a whole document showed to the poller has to have been passed on, and once. Exits 1
if not, or if the poller's memory grew.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from typing import Any

import aiohttp

from bot.adapters.embedded_redis import EmbeddedRedis
from bot.adapters.redis import streams
from bot.adapters.redis.connect import connect
from bot.adapters.redis.keys import Keys
from bot.domain.news import EntryReason
from tests.benchmarks.soak_site import link, published

#: Seconds after the end in which every feed falls due and is read once more, and some to spare.
HONEST = 150.0
#: What the poller's memory may grow by in the second half.
_GROWTH = 1.1


class Passed:
    """What the poller has passed on, read from ENTRIES as it comes."""

    def __init__(self, redis: Any, keys: Keys) -> None:
        self._redis = redis
        self._stream = keys.stream(streams.ENTRIES)
        self._position = "0"
        #: Address of an entry → how often it was passed on as one not seen before.
        self.first: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()

    async def read(self) -> int:
        """Count what is new in the stream; returns how much that was."""
        found = await self._redis.xread({self._stream: self._position}, count=2_000)
        entries = found[0][1] if found else []
        for position, fields in entries:
            entry = streams.entry(position.decode(), fields)
            self._position = position.decode()
            self.reasons[str(entry.reason)] += 1
            if entry.reason is not EntryReason.EDITED:
                self.first[entry.url] += 1
        if entries:  # what came meanwhile stays
            await self._redis.xtrim(self._stream, minid=self._position, approximate=False)
        return len(entries)


async def main(seconds: float, many: int) -> int:
    module = [sys.executable, "-m"]
    with tempfile.TemporaryDirectory(prefix="nbs-") as folder, EmbeddedRedis(folder) as server:
        url = server.start()
        site = subprocess.Popen(
            [*module, "tests.benchmarks.soak_site", str(seconds)], stdout=subprocess.PIPE, text=True
        )
        assert site.stdout is not None
        port = site.stdout.readline().strip()
        poller = subprocess.Popen(
            [*module, "tests.benchmarks.soak_poller", url, port, str(many)],
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            redis = await connect(url)
            passed = Passed(redis, Keys("{soak}"))
            lines: list[str] = []
            hearing = asyncio.create_task(asyncio.to_thread(_hear, poller, lines))
            end = time.monotonic() + seconds + HONEST
            while time.monotonic() < end and poller.poll() is None:
                if not await passed.read():
                    await asyncio.sleep(0.2)
            shown = await _shown(port)
        finally:
            poller.kill()
            site.kill()
        await hearing
        while await passed.read():
            pass
        memory = await redis.info("memory")
        await redis.aclose()
    return _judge(
        passed, lines, shown, seconds=seconds, many=many, server=memory["used_memory_human"]
    )


async def _shown(port: str) -> set[str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.3.1:{port}/shown") as answer,
    ):
        return set(await answer.json())


def _hear(poller: subprocess.Popen[str], lines: list[str]) -> None:
    assert poller.stdout is not None
    for line in poller.stdout:
        lines.append(line)
        print(line, end="", flush=True)


def _judge(
    passed: Passed, lines: list[str], shown: set[str], *, seconds: float, many: int, server: str
) -> int:
    """Print what came of it; 0 for well."""
    expected = {
        link(number, entry) for number in range(many) for entry in range(published(number, seconds))
    }
    lost = shown - passed.first.keys()
    doubled = {url: n for url, n in passed.first.items() if n > 1}
    reports = [json.loads(line) for line in lines]
    sizes = [report["rss"] for report in reports]
    half = len(sizes) // 2
    early, late = (statistics.median(part) for part in (sizes[half : half + half // 3], sizes[-5:]))
    by_entry = Counter(int(url.rpartition("/")[2]) for url in lost)
    print(
        f"{many} feeds, {seconds:g} s and {HONEST:g} s of honesty; polls {reports[-1]['polls']}; "
        f"entries published {len(expected)}, never shown whole {len(expected - shown)}; "
        f"passed on {dict(passed.reasons)}; "
        f"lost {len(lost)} {dict(by_entry)}, doubled {len(doubled)}, "
        f"unknown {len(passed.first.keys() - expected)}; "
        f"memory of the poller {sizes[0]} at first, {early} in the middle, {late} MB at the end; "
        f"server {server}; CPU of the poller {reports[-1]['cpu']} s; load {reports[-1]['load']:.1f}"
    )
    print("lost:", sorted(lost)[:10], "doubled:", sorted(doubled.items())[:10])
    return int(bool(lost or doubled or late > _GROWTH * early))


if __name__ == "__main__":
    given = sys.argv[1:]
    sys.exit(
        asyncio.run(
            main(
                float(given[0]) if given else 600.0,
                int(given[1]) if len(given) > 1 else 2_000,
            )
        )
    )
