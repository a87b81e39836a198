"""The demo's newsroom: the seeds' feed server and an App on a clock in April 2025.

Everything else is what ``run`` uses: the embedded server, real HTTP, worker processes, the same
loops and ticks. Time passes when the story needs it to; between two steps the demo waits until
every queue is empty.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from ipaddress import ip_network
from pathlib import Path

from bot.adapters.clock import Clock
from bot.adapters.files import read_folder
from bot.adapters.seed_server import BASE, SeedServer
from bot.bootstrap.app import THINKING, App, open_app
from bot.bootstrap.loops import CONSUMERS, backlog, beat
from bot.bootstrap.server import server
from bot.bootstrap.settings import Settings, shipped
from bot.core.config import load
from bot.core.feeds.settings import PollSettings
from bot.domain.channels import Configuration
from bot.domain.errors import Unavailable
from bot.services.pages import PageLimits

#: Seconds without any movement after which a step is given up: as long as a reader may take for
#: one entry on a busy machine.
PATIENCE = 10 * THINKING


class Newsroom:
    """An App whose feeds and clock are in our hands."""

    def __init__(
        self,
        app: App,
        seeds: SeedServer,
        clock: Clock,
        *,
        loops: Collection[asyncio.Task[None]] = (),
        patience: float = PATIENCE,
    ) -> None:
        """``loops`` are its consumers; ``patience`` is in seconds without any movement."""
        self.app = app
        self._seeds = seeds
        self._clock = clock
        self._loops = loops
        self._patience = patience

    async def poll(self, stage: str, *, at: datetime) -> None:
        """Let the feeds show ``stage``, let it be ``at``, poll what is due and see it through."""
        self._seeds.show(stage)
        self._set(at)
        while await self.app.poll.tick():
            await self.app.poll.drain()
        await self.settle()

    async def digest(self, *, at: datetime) -> None:
        """Let it be ``at`` and see every digest through that is due by then."""
        await beat(self.app, "plan digests")
        self._set(at)
        await beat(self.app, "fire digests")
        await self.settle()

    async def settle(self) -> None:
        """Wait until every queue is empty, as long as anything moves.

        Raises:
            Unavailable: nothing moved for long.
            Exception: what a consumer ended with.
        """
        now = asyncio.get_running_loop().time
        before, since = await backlog(self.app), now()
        while any(before.values()):
            for ended in (loop for loop in self._loops if loop.done()):
                ended.result()
            await asyncio.sleep(0.02)
            if (left := await backlog(self.app)) != before:
                before, since = left, now()
            elif now() - since > self._patience:
                stuck = ", ".join(f"{name} {n}" for name, n in left.items() if n)
                raise Unavailable(
                    f"the demo got stuck: nothing moved for {self._patience:g} s; to do: {stuck}"
                )

    def lasting(self, document: str) -> str:
        """``document`` with links that open when the demo has ended."""
        return self._seeds.lasting(document)

    def _set(self, moment: datetime) -> None:
        self._clock.advance((moment - self._clock.now()).total_seconds())


@contextmanager
def demo_server() -> Iterator[tuple[Settings, str]]:
    """An embedded server in a folder of its own, gone at the end."""
    with tempfile.TemporaryDirectory(prefix="nb-demo-") as folder:
        settings = Settings(
            config_dir=shipped("config"),
            data_dir=Path(folder),
            allow=(ip_network("127.0.0.0/8"),),
            pages=PageLimits(spacing=0, again=0),
            nice=0,  # somebody waits
            # One server has all the seeds' feeds, and the story has its own clock.
            polling=PollSettings(longest=900.0, longest_tier_1=900.0, per_host=100),
        )
        with server(settings) as url:
            yield settings, url


@asynccontextmanager
async def newsroom(settings: Settings, url: str, *, start: datetime) -> AsyncIterator[Newsroom]:
    """The seeds' newsroom at ``start``, its consumers at work."""
    seeds = SeedServer(shipped("seeds"))
    base = await seeds.start()
    clock = Clock(start)
    stop = asyncio.Event()
    try:
        async with open_app(settings, _configuration(base), url, clock=clock) as app:
            feeds = app.config.feeds
            await app.feeds.subscribe(feeds, first_due={feed.id: start for feed in feeds})
            loops = [asyncio.create_task(loop(app, stop)) for loop in CONSUMERS.values()]
            try:
                yield Newsroom(app, seeds, clock, loops=loops)
            finally:
                stop.set()
                await asyncio.gather(*loops)
    finally:
        await seeds.stop()


def _configuration(base: str) -> Configuration:
    """The demo's feeds and channels with the shipped people and watchlists."""
    own = read_folder(shipped("seeds") / "config")
    files = {**read_folder(shipped("config")), **own}
    return load({name: text.replace(BASE.encode(), base.encode()) for name, text in files.items()})
