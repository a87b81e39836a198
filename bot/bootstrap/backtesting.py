"""A watchlist file on trial: loaded as it would be in force, tried in processes of its own."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot.adapters.files import WATCHLISTS, read_watchlists
from bot.adapters.pool import ProcessPool
from bot.bootstrap.app import READER_MEMORY, App
from bot.core.config import watchlists_of
from bot.domain.backtests import Backtest
from bot.domain.errors import ConfigError, UsageError
from bot.domain.watch import Watchlists
from bot.services.backtest import RunBacktest

#: CPU seconds that one chunk, or the fold, may take.
_PATIENCE = 600.0
#: Somebody waits for the result, so it goes before the readers; the rest of the bot goes first.
_NICE = 5


async def run_backtest(
    app: App, path: Path, *, since: datetime, progress: Callable[[int], None]
) -> Backtest:
    """Try the watchlist file, or folder of them, at ``path`` on the archive.

    Raises:
        UsageError: there are no topics to try.
        ConfigError: the file has problems.
        Unavailable: it cannot be read.
    """
    on_trial, replaced = await _on_trial(app, path)
    if not on_trial.topics and not replaced:
        raise UsageError(f"{path} has no topics to try")
    pool = ProcessPool(workers=os.cpu_count() or 1, cpu=_PATIENCE, memory=READER_MEMORY, nice=_NICE)
    try:
        run = RunBacktest(articles=app.articles, pool=pool, cpu_clock=time.process_time)
        return await run(
            app.config,
            on_trial,
            replaced=replaced,
            since=since,
            now=app.clock.now(),
            progress=progress,
        )
    finally:
        await pool.close()


async def _on_trial(app: App, path: Path) -> tuple[Watchlists, frozenset[str]]:
    """The topics of the file, and names of those in force that they replace.

    What stands in a file of the same name, or has the same name, is replaced. Files in force
    are loaded along, since topics may use lists of other files.
    """
    files = {f"{WATCHLISTS}/{name}": text for name, text in read_watchlists(path).items()}
    stored = await app.versions.files(app.current.number) or {}
    force = {name: text for name, text in stored.items() if name.startswith(f"{WATCHLISTS}/")}
    try:
        loaded = watchlists_of({**force, **files}, check_examples=False)
    except ConfigError:
        # A copy under another name has every topic twice; alone it may be fine.
        loaded = watchlists_of(files, check_examples=False)
    topics = tuple(topic for topic in loaded.topics if topic.file in files)
    names = {topic.name.casefold() for topic in topics}
    replaced = frozenset(
        topic.name
        for topic in app.config.watchlists.topics
        if topic.file in files or topic.name.casefold() in names
    )
    return Watchlists(topics=topics, version=loaded.version), replaced
