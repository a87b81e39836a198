"""Process roles: what ``run``, ``scheduler``, ``worker`` and ``web`` keep going, and how they stop.

    scheduler   APScheduler ticks: poll, digests, retries, housekeeping
    worker      consumers: read, desk, deliver, jobs
    web         pages, health, metrics; the index tail

SIGINT and SIGTERM set one event. Intake stops first, then what was started is finished, then
clients are closed, the embedded server last. A second signal ends the process at once.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from bot.bootstrap.app import App, open_app

from bot.bootstrap.settings import Settings
from bot.domain.errors import UsageError

_log = logging.getLogger("nato_brief.roles")

#: Seconds a stopping process may spend on finishing what it started.
DRAIN = 20.0


def start(settings: Settings, *, roles: Sequence[str]) -> None:
    """Run ``roles`` until a signal comes.

    Raises:
        UsageError: a single role was started without REDIS_URL, or another ``run`` is on this
            data folder.
        ConfigError: the configuration has problems.
    """
    if len(roles) == 1 and settings.redis_url is None:
        raise UsageError(
            f"`{roles[0]}` shares its work through a server: set REDIS_URL,"
            " or use `nato-brief run`, which brings its own"
        )
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname).1s %(message)s"
    )
    for chatty in ("apscheduler", "trafilatura", "courlan", "htmldate", "uvicorn.access"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
    asyncio.run(_until_signal(settings, roles))


async def _until_signal(settings: Settings, roles: Sequence[str]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stopping() -> None:
        if stop.is_set():
            raise SystemExit(1)
        _log.info("roles.stopping")
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping)
    async with open_app(settings, run=True) as app:
        app.say_start(roles)
        await serve(app, roles, stop)


async def serve(app: App, roles: Sequence[str], stop: asyncio.Event) -> None:
    """Keep ``roles`` going until ``stop`` is set; one that fails stops the others and is raised."""
    async with asyncio.TaskGroup() as group:
        for role in roles:
            group.create_task(_stopping_all(ROLES[role], app, stop), name=role)


async def _stopping_all(
    role: Callable[[App, asyncio.Event], Awaitable[None]], app: App, stop: asyncio.Event
) -> None:
    try:
        await role(app, stop)
    finally:
        stop.set()


async def scheduler(app: App, stop: asyncio.Event) -> None:
    """Ticks; what is due stands in Redis, so any number of schedulers may run."""
    await app.subscribe()
    ticks = AsyncIOScheduler(timezone="UTC")
    for name, every, tick in app.ticks():
        ticks.add_job(
            tick,
            "interval",
            seconds=every,
            id=name,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
            next_run_time=datetime.now(UTC),
        )
    ticks.start()
    await stop.wait()
    ticks.shutdown(wait=False)
    async with asyncio.timeout(DRAIN):
        await app.poll.drain()


async def worker(app: App, stop: asyncio.Event) -> None:
    """Every consumer group of the pipeline, in this one process."""
    async with asyncio.TaskGroup() as group:
        for name, consumer in app.consumers():
            group.create_task(consumer(stop), name=name)


async def web(app: App, stop: asyncio.Event) -> None:
    """Pages, health and metrics, with the index kept up to date behind them."""
    from handlers.web import serve_web

    async with asyncio.TaskGroup() as group:
        group.create_task(app.tail.run(stop), name="index")
        group.create_task(serve_web(app, stop), name="http")


ROLES: dict[str, Callable[[App, asyncio.Event], Awaitable[None]]] = {
    "scheduler": scheduler,
    "worker": worker,
    "web": web,
}
