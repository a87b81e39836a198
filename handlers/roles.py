"""Process roles: what ``run``, ``scheduler``, ``worker`` and ``web`` keep going, and how they stop.

    scheduler   APScheduler ticks: poll, digests, housekeeping
    worker      consumers: read, desk, deliver, jobs
    web         pages, health, metrics; the index tail

SIGINT, SIGTERM and a closed terminal set one event. Intake stops first, then what was started is
finished, then clients are closed, the embedded server last. A second signal ends the process at
once.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
from collections.abc import Awaitable, Callable, Collection, Coroutine, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.bootstrap.app import App, open_app
from bot.bootstrap.configuration import load_configuration
from bot.bootstrap.loops import CONSUMERS, TICKS, beat, follow, patiently, subscribe, watch
from bot.bootstrap.server import reached, server
from bot.bootstrap.settings import Settings
from bot.domain.channels import CONSOLE, Configuration
from bot.domain.errors import BotError, ConfigError, Unavailable, UsageError
from handlers.logs import log_to_terminal

_log = logging.getLogger("nato_brief.roles")

#: Roles whose process follows its configuration folder; a web host only follows versions.
OWNERS = frozenset({"scheduler", "worker"})
#: Seconds a stopping scheduler may spend on the polls it started; their leases do the rest.
DRAIN = 12.0
#: Seconds after which a process that was asked to stop ends as it is; its server may hang.
STOPPING = 18.0
#: Seconds between two looks at whether the clock was set back.
SETTING_RIGHT = 10.0


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
    if "web" in roles:
        from handlers.access import check_listening

        check_listening(settings)
    log_to_terminal(settings.log_level)
    problem: BotError | None = None
    try:
        config = load_configuration(settings)
    except (ConfigError, Unavailable) as error:  # of no consequence where a version is in force
        config, problem = Configuration(), error
    with server(settings, run=True) as url:
        asyncio.run(_until_signal(settings, config, url, roles, problem=problem))


async def _until_signal(
    settings: Settings,
    config: Configuration,
    url: str,
    roles: Sequence[str],
    *,
    problem: BotError | None,
) -> None:
    stop = asyncio.Event()

    def stopping() -> None:
        if stop.is_set():
            os._exit(1)  # asked twice: leases and receipts are made for this
        _log.info("roles.stopping")
        stop.set()
        asyncio.get_running_loop().call_later(STOPPING, os._exit, 1)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup does
            asyncio.get_running_loop().add_signal_handler(number, stopping)
    if not await reached(url, stop):
        return
    async with open_app(settings, config, url) as app:
        if problem is not None and app.current.number == 0:
            raise problem
        if "worker" in roles:
            await app.check_quote_model()
        _say_start(app, roles)
        # Modules and configuration stay: each full collection would stop the loop to look at them.
        gc.collect()
        gc.freeze()
        await serve(app, roles, stop)


async def serve(app: App, roles: Sequence[str], stop: asyncio.Event) -> None:
    """Keep ``roles`` going until ``stop`` is set; one that fails stops the others and is raised.

    Raises ConfigError when no version is in force and this process's files have problems.
    """

    async def begin() -> None:
        if app.settings.redis_url is None:  # run.lock: nobody else is at work on this server
            found = await app.inherit()
            counts = " ".join(f"{name}={n}" for name, n in found._asdict().items())
            _log.info("roles.inherited %s", counts)
        if not OWNERS.isdisjoint(roles):
            await app.folder.begin()
            await app.current.refresh()

    await patiently(stop, begin)
    tasks = [asyncio.create_task(ROLES[role](app, stop), name=role) for role in roles]
    tasks.append(asyncio.create_task(follow(app, stop), name="follow"))
    if not OWNERS.isdisjoint(roles):
        tasks.append(asyncio.create_task(watch(app, stop), name="watch"))
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    await _ended(tasks)


async def scheduler(app: App, stop: asyncio.Event) -> None:
    """Ticks; what is due stands in Redis, so any number of schedulers may run."""
    await patiently(stop, partial(subscribe, app))

    async def planned_anew() -> None:
        await subscribe(app)
        await app.waiting.hasten()
        await beat(app, "plan digests")

    app.current.on_change(planned_anew)
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
    while not stop.is_set():
        set_right(ticks, now=datetime.now(UTC))
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), SETTING_RIGHT)
    ticks.shutdown(wait=False)
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAIN):
            await app.poll.drain()


def set_right(ticks: AsyncIOScheduler, *, now: datetime) -> None:
    """Let ticks run now that a clock which was set back would make wait."""
    for job in ticks.get_jobs():
        if job.next_run_time > now + job.trigger.interval:
            job.modify(next_run_time=now)


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
    await _ended(tasks)


async def _ended(tasks: Collection[asyncio.Future[None]]) -> None:
    """Wait for all, since they share what is closed after them; then raise what one raised."""
    await asyncio.gather(*tasks, return_exceptions=True)
    for task in tasks:
        task.result()


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
    for channel in config.channels:
        if channel.to != CONSOLE and app.sender(channel.to) is app.console:
            _log.warning("roles.no_token to=%s shown_at=console", channel.to)


ROLES: dict[str, Callable[[App, asyncio.Event], Coroutine[None, None, None]]] = {
    "scheduler": scheduler,
    "worker": worker,
    "web": web,
}
