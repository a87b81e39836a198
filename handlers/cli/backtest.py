"""``backtest``: a watchlist tried on the archive before it is in force."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console

from bot.bootstrap.app import App
from bot.bootstrap.backtesting import run_backtest
from bot.bootstrap.settings import Settings
from bot.domain.backtests import Backtest, Difference
from bot.domain.errors import UsageError
from bot.domain.times import from_iso, iso
from bot.render.backtest import backtest_text
from handlers.cli.archive import on_app
from handlers.cli.docs import emit
from handlers.cli.lines import match_line

_AGE = re.compile(r"(\d{1,4})\s*([dhw])", re.IGNORECASE)
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def backtest(settings: Settings, path: Path, *, since: str, show: int, as_json: bool) -> None:
    """Print what the watchlist would have flagged, against the one in force."""

    async def work(app: App) -> Backtest:
        now = app.clock.now()
        start = since_time(since, now=now)
        stored = (await app.articles.extent()).articles
        with _bar(stored) as progress:
            return await run_backtest(app, path, since=start, progress=progress)

    found = on_app(settings, work)
    if as_json:
        emit(_line(found))
    else:
        Console().print(backtest_text(found, shown=show))


def since_time(written: str, *, now: datetime) -> datetime:
    """``7d``, ``12h``, ``2w`` before ``now``, or an ISO date or time.

    Raises:
        UsageError: it is neither.
    """
    if age := _AGE.fullmatch(written.strip()):
        return now - int(age[1]) * _UNITS[age[2].lower()]
    try:
        return from_iso(written)
    except ValueError as error:
        raise UsageError(f"--since {written!r}: write 7d, 12h, 2w or a date") from error


@contextmanager
def _bar(total: int) -> Iterator[Callable[[int], None]]:
    """A progress bar on standard error, if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

    with Progress(
        "articles",
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as progress:
        task = progress.add_task("", total=total)
        yield lambda done: progress.update(task, completed=done)


def _line(found: Backtest) -> dict[str, Any]:
    return {
        "since": iso(found.since),
        "until": iso(found.until),
        "articles": found.articles,
        "topics": [{"topic": t.name, "before": t.before, "after": t.after} for t in found.topics],
        "alerts": [
            {"day": d.day.isoformat(), "before": d.before, "after": d.after} for d in found.alerts
        ],
        "gained": [_difference_line(each) for each in found.gained],
        "lost": [_difference_line(each) for each in found.lost],
        "cost_ms": {"before": round(found.cost_before, 3), "after": round(found.cost_after, 3)},
        "common": [
            {"file": p.file, "line": p.line, "column": p.column, "message": p.message}
            for p in found.common
        ],
    }


def _difference_line(each: Difference) -> dict[str, Any]:
    return {
        "id": each.article_id,
        "title": each.title,
        "outlet": each.outlet,
        "url": each.url,
        "at": iso(each.at),
        **match_line(each.match),
    }
