"""Process roles: what ``run``, ``scheduler``, ``worker`` and ``web`` keep going, and how they stop.

    scheduler   APScheduler ticks: poll, digests, housekeeping
    worker      consumers: read, desk, deliver, jobs
    web         pages, health, metrics; the index tail

SIGINT and SIGTERM set one event. Intake stops first, then what was started is finished, then
clients are closed, the embedded server last. A second signal ends the process at once.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.bootstrap.app import App, open_app
from bot.bootstrap.lone import load_configuration
from bot.bootstrap.loops import CONSUMERS, TICKS, beat, subscribe
from bot.bootstrap.server import server
from bot.bootstrap.settings import Settings
from bot.domain.channels import CONSOLE, Configuration
from bot.domain.errors import UsageError

_log = logging.getLogger("nato_brief.roles")

#: Seconds a stopping scheduler may spend on the polls it started; their leases do the rest.
DRAIN = 20.0
#: Libraries that tell us what we tell ourselves.
_CHATTY = ("apscheduler", "trafilatura", "courlan", "htmldate", "uvicorn")


def start(settings: Settings, *, roles: Sequence[str]) -> None:
    """Run ``roles`` until a signal comes.

    Raises:
        UsageError: a single role was started without REDIS_URL, or another ``run`` is on this
            data folder.
        ConfigError: the configuration has problems.
        Unavailable: the server, or the web address, cannot be had.
    """
    if len(roles) == 1 and settings.redis_url is None:
        raise UsageError(
            f"`{roles[0]}` shares its work through a server: set REDIS_URL,"
            " or use `nato-brief run`, which brings its own"
        )
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname).1s %(message)s"
    )
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.ERROR)
    config = load_configuration(settings, check_examples="worker" in roles)
    with server(settings, run=True) as url:
        asyncio.run(_until_signal(settings, config, url, roles))


async def _until_signal(
    settings: Settings, config: Configuration, url: str, roles: Sequence[str]
) -> None:
    stop = asyncio.Event()

    def stopping() -> None:
        if stop.is_set():
            os._exit(1)  # asked twice: leases and receipts are made for this
        _log.info("roles.stopping")
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping)
    async with open_app(settings, config, url) as app:
        _say_start(app, roles)
        await serve(app, roles, stop)


async def serve(app: App, roles: Sequence[str], stop: asyncio.Event) -> None:
    """Keep ``roles`` going until ``stop`` is set; one that fails stops the others and is raised."""
    tasks = [asyncio.create_task(ROLES[role](app, stop), name=role) for role in roles]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    await asyncio.gather(*tasks)


async def scheduler(app: App, stop: asyncio.Event) -> None:
    """Ticks; what is due stands in Redis, so any number of schedulers may run."""
    await subscribe(app)
    ticks = AsyncIOScheduler(timezone=UTC)
    for name, (seconds, _) in TICKS.items():
        ticks.add_job(
            beat,
            args=(app, name),
            trigger="interval",
            seconds=seconds,
            id=name,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
            next_run_time=datetime.now(UTC),
        )
    ticks.start()
    await stop.wait()
    ticks.shutdown(wait=False)
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAIN):
            await app.poll.drain()


async def worker(app: App, stop: asyncio.Event) -> None:
    """Every consumer group of the pipeline, in this one process."""
    await _together([loop(app, stop) for loop in CONSUMERS.values()], stop)


async def web(app: App, stop: asyncio.Event) -> None:
    """Pages, health, metrics and chat, with the index kept up to date behind them."""
    from handlers.slack import listen_to_slack
    from handlers.web import serve_web

    await _together([app.tail.run(stop), serve_web(app, stop), listen_to_slack(app, stop)], stop)


async def _together(loops: Sequence[Awaitable[None]], stop: asyncio.Event) -> None:
    """Run until all have returned; the first that fails stops the others."""
    tasks = [asyncio.ensure_future(loop) for loop in loops]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    stop.set()
    await asyncio.gather(*tasks)


def _say_start(app: App, roles: Sequence[str]) -> None:
    settings, config = app.settings, app.config
    _log.info(
        "roles.started roles=%s feeds=%d topics=%d channels=%d config=%s",
        ",".join(roles),
        len(config.feeds),
        len(config.watchlists.topics),
        len(config.channels),
        settings.config_dir,
    )
    if "web" in roles:
        _log.info("web.listening url=%s/", settings.web_url)
    for channel in config.channels:
        if channel.to != CONSOLE and app.sender(channel.to) is app.console:
            _log.warning("roles.no_token to=%s shown_at=console", channel.to)


ROLES: dict[str, Callable[[App, asyncio.Event], Coroutine[None, None, None]]] = {
    "scheduler": scheduler,
    "worker": worker,
    "web": web,
}
