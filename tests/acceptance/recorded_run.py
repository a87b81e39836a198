"""A ``run`` whose sender writes every message to a file and can read it back; a process to kill.

Everything else is the real thing: embedded server, HTTP, worker processes, loops and leases. Ends
by itself once every feed was polled and every queue is empty.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
from datetime import datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

from bot.adapters.clock import Clock
from bot.bootstrap.app import open_app
from bot.bootstrap.configuration import load_configuration
from bot.bootstrap.loops import backlog
from bot.bootstrap.server import server
from bot.bootstrap.settings import Leases, Settings
from bot.domain.posts import Brief, PostKey, Receipt
from bot.domain.times import from_iso, to_ms
from bot.ports.work import Begin
from bot.services.pages import PageLimits
from handlers.roles import serve


class FileSender:
    """Appends one line a message, with a pause on both sides for a kill to fall into."""

    can_look_up = True
    edits_in_place = True

    def __init__(self, file: Path, clock: Clock) -> None:
        self._file = file
        self._clock = clock

    async def send(self, key: PostKey, brief: Brief, begin: Begin) -> Receipt:
        await begin()
        return await self._write("send", key, brief)

    async def edit(self, key: PostKey, handle: str, brief: Brief, begin: Begin) -> None:
        await begin()
        await self._write("edit", key, brief)

    async def find(self, key: PostKey, *, since: datetime) -> Receipt | None:
        lines = self._file.read_text().splitlines() if self._file.exists() else []
        found = any(json.loads(line)["key"] == str(key) for line in lines)
        return Receipt(handle=str(key), at=since) if found else None

    async def _write(self, what: str, key: PostKey, brief: Brief) -> Receipt:
        await asyncio.sleep(random.uniform(0, 0.05))
        urls = sorted({report.url for item in brief.items for report in item.coverage})
        line = json.dumps({"what": what, "key": str(key), "urls": urls})
        with self._file.open("a") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())
        await asyncio.sleep(random.uniform(0, 0.05))
        return Receipt(handle=str(key), at=self._clock.now())


async def main(settings: Settings, url: str, record: Path, now: datetime) -> None:
    stop = asyncio.Event()
    config = load_configuration(settings)
    async with open_app(settings, config, url, clock=Clock(now)) as app:
        sender = FileSender(record, app.clock)
        app.sender = lambda destination: sender  # type: ignore[method-assign]
        running = asyncio.create_task(serve(app, ("scheduler", "worker"), stop))
        quiet = 0
        while quiet < 5:
            await asyncio.sleep(0.1)
            states = await app.feeds.states()
            polled = len(states) == len(config.feeds) and all(s.polls for s, _ in states.values())
            busy = not polled or any((await backlog(app)).values())
            quiet = 0 if busy else quiet + 1
        stop.set()
        await running


if __name__ == "__main__":
    config_dir, data_dir, record, start, real = sys.argv[1:]
    settings = Settings(
        config_dir=Path(config_dir),
        data_dir=Path(data_dir),
        allow=(ip_network("127.0.0.0/8"),),
        pages=PageLimits(spacing=0),
        # Longer than the test waits, but for the grace of a post: a lone run inherits the rest.
        leases=Leases(feed=300.0, entry=300.0, desk=300.0, post=1.5),
    )
    # The clock goes on through restarts: it began at ``start`` when it was really ``real``.
    began = Clock()
    passed = timedelta(milliseconds=to_ms(began.now()) - int(real))
    with server(settings, run=True) as url:
        asyncio.run(main(settings, url, Path(record), from_iso(start) + passed))
