"""The poller of ``soak_feeds``, in a process of its own so that its memory is its own.

    python -m tests.benchmarks.soak_poller SERVER PORT FEEDS     polls until killed

Prints one line of JSON every ten seconds. The parts are production's, with all waiting thirty
times shorter.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import time
from collections import Counter
from ipaddress import ip_network
from multiprocessing import active_children
from pathlib import Path

from bot.bootstrap.app import App, open_app
from bot.bootstrap.settings import Settings
from bot.core.feeds.settings import PollSettings
from bot.domain.channels import Configuration
from bot.domain.feeds import Feed
from tests.benchmarks.soak_site import address

_PAGE = os.sysconf("SC_PAGE_SIZE")
#: Seconds between two polls of a feed.
INTERVAL = 30.0
POLLING = PollSettings(
    retry=10.0,
    longest_wait=40.0,
    outage_retry=10.0,
    host_pause=10.0,
    resume_over=10.0,
    gone_retry=40.0,
    gone_after=60.0,
    full_every=90.0,
    moved_after=120.0,
    moved_polls=4,
)


def feeds(port: int, many: int) -> tuple[Feed, ...]:
    """The feeds of the site."""
    return tuple(
        Feed(id=f"s{n}", url=address(n, port), name=f"Site {n}", interval=INTERVAL)
        for n in range(many)
    )


def _megabytes(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * _PAGE / 1024**2


async def _report(app: App) -> None:
    began = time.monotonic()
    while True:
        await asyncio.sleep(10)
        states = [state for state, _ in (await app.feeds.states()).values()]
        said = {
            "second": round(time.monotonic() - began),
            "rss": round(_megabytes(os.getpid()), 1),
            "parsers": [round(_megabytes(child.pid or 0), 1) for child in active_children()],
            "cpu": round(time.process_time(), 1),
            "polls": sum(state.polls for state in states),
            "status": Counter(str(state.status) for state in states),
            "moved": sum(state.moved_to is not None for state in states),
            "held": sum(state.held for state in states),
            "load": os.getloadavg()[0],
        }
        print(json.dumps(said), flush=True)


async def main(server: str, port: int, many: int) -> None:
    logging.disable(logging.WARNING)
    settings = Settings(
        config_dir=Path(),
        data_dir=Path(),
        tag="soak",
        allow=(ip_network("127.0.0.0/8"),),
        polling=POLLING,
    )
    found = feeds(port, many)
    async with open_app(settings, Configuration(feeds=found), server) as app:
        now = app.clock.now()
        await app.feeds.subscribe(found, first_due={feed.id: now for feed in found})
        reporting = asyncio.create_task(_report(app))
        while not reporting.done():
            await app.poll.tick()
            await asyncio.sleep(1.0)
        await reporting


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
