"""The fault cases' fixtures: a server that misbehaves, and pollers of the real parts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from bot.adapters.clock import Clock
from bot.adapters.http import HttpFetcher
from bot.adapters.pool import ProcessPool
from bot.bootstrap.app import PARSER_MEMORY, open_app
from bot.bootstrap.settings import Leases, Settings
from bot.core.feeds.settings import DEFAULTS
from bot.domain.channels import Configuration
from bot.domain.feeds import Feed
from bot.domain.watch import Watchlists
from tests.acceptance.feeds.admins import ADMINS
from tests.acceptance.feeds.feed_server import HOSTS, FeedServer
from tests.acceptance.feeds.polling import LentPool, Polling
from tests.builders import make_feed

NOTHING_WATCHED = Watchlists()
LOOPBACK = ip_network("127.0.0.0/8")

#: Starts a poller of these feeds.
Start = Callable[..., Awaitable[Polling]]


@pytest.fixture(scope="session")
def parsers() -> Iterator[ProcessPool]:
    """Worker processes as in production, but for their patience."""
    pool = ProcessPool(workers=2, cpu=2.0, wall=300, memory=PARSER_MEMORY)
    yield pool
    asyncio.run(pool.close())


@pytest.fixture
async def site() -> AsyncIterator[FeedServer]:
    served = FeedServer()
    await served.start()
    yield served
    await served.stop()


@pytest.fixture
def feed(site: FeedServer) -> Callable[..., Feed]:
    """Makes a feed of a path."""

    def feed(path: str = "/feed", *, host: str = HOSTS[0], **changes: Any) -> Feed:
        return make_feed(id=path.strip("/"), url=site.url(path, host=host), **changes)

    return feed


@pytest.fixture
async def start(
    server: str, tag: str, clock: Clock, parsers: ProcessPool, tmp_path: Path
) -> AsyncIterator[Start]:
    settings = Settings(
        config_dir=tmp_path,
        data_dir=tmp_path,
        tag=tag.strip("{}"),
        allow=(LOOPBACK,),
        # No request goes without validators by chance.
        polling=replace(DEFAULTS, full_share=0.0),
    )
    async with AsyncExitStack() as stack:

        async def start(
            *feeds: Feed,
            later: tuple[Feed, ...] = (),
            timeout: float = 300.0,
            pool: ProcessPool = parsers,
            lease: float = 120.0,
            watchlists: Watchlists = NOTHING_WATCHED,
        ) -> Polling:
            """A poller that is subscribed to ``feeds``, and knows those that are ``later``."""
            app = await stack.enter_async_context(
                open_app(
                    replace(settings, leases=Leases(feed=lease)),
                    Configuration(
                        feeds=(*feeds, *later), admin_channel=ADMINS, watchlists=watchlists
                    ),
                    server,
                    clock=clock,
                )
            )
            app.fetcher = HttpFetcher(user_agent="tests", allow=settings.allow, timeout=timeout)
            lent = LentPool(pool, tmp_path / f"jobs-{uuid4().hex}")
            app.parsers = lent  # type: ignore[assignment]
            polling = Polling(app, lent)
            await polling.subscribe(*feeds)
            return polling

        yield start
