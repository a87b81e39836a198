"""``feeds check``, ``accept`` and ``drop``: how the polled feeds are, and what is held of them."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.bootstrap.app import App
from bot.bootstrap.settings import Settings
from bot.core.feeds.blind import duration
from bot.core.feeds.freshness import freshness
from bot.core.feeds.opml import same_feed
from bot.domain.addresses import shown
from bot.domain.errors import UsageError
from bot.domain.feeds import Feed, FeedState, FeedStatus
from bot.domain.incidents import Freshness, Lag
from bot.domain.times import iso
from bot.render.escape import plain
from bot.render.words import count
from handlers.cli.archive import on_app
from handlers.cli.docs import Line, emit

#: Out of reach, but perhaps for our own network's sake.
_UNREACHED = "unreached"
_COLOURS: dict[str, str] = {
    FeedStatus.OK: "green",
    FeedStatus.HELD: "yellow",
    _UNREACHED: "yellow",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One feed as it is shown."""

    feed: Feed
    #: None for a feed that was never polled.
    state: FeedState | None
    due: datetime | None
    fresh: Freshness


def check(settings: Settings, *, as_json: bool) -> None:
    """Show every configured feed; exit status 1 when one of them is in trouble."""
    rows, now = on_app(settings, _rows)
    if as_json:
        for row in rows:
            emit(_line(row))
    else:
        # In a pipe there is no width to fit in, and nothing should be folded.
        Console(width=None if sys.stdout.isatty() else 220).print(_table(rows, now))
        bad = sum(_status(row) not in ("ok", "waiting") for row in rows)
        Console(soft_wrap=True).print(f"{count(len(rows), 'feed')}, {len(rows) - bad:,} fine")
    if any(_status(row) not in ("ok", "waiting") for row in rows):
        raise SystemExit(1)


def decide_held(settings: Settings, named: str, *, accept: bool) -> None:
    """Pass on what is held of a feed, or drop it for good."""

    async def decide(app: App) -> str:
        feed = _named(app.config.feeds, named)
        released = await app.feeds.release_held(feed.id, accept=accept)
        if not released:
            raise UsageError(f"nothing is held of {feed.name} ({feed.url})")
        done = "passed on" if accept else "dropped"
        return f"{released:,} entries of {feed.name} {done}"

    Console(soft_wrap=True, stderr=True).print(plain(on_app(settings, decide)))


async def _rows(app: App) -> tuple[tuple[_Row, ...], datetime]:
    feeds = app.config.feeds
    states = await app.feeds.states()
    passages = await app.feed_log.passages([feed.id for feed in feeds])
    rows = []
    for feed in feeds:
        state, due = states.get(feed.id, (None, None))
        fresh = freshness(*passages[feed.id])
        rows.append(_Row(feed=feed, state=state, due=due, fresh=fresh))
    return tuple(rows), app.clock.now()


def _named(feeds: tuple[Feed, ...], named: str) -> Feed:
    """The one feed that is meant by an id, an address or an outlet's name."""
    found = [f for f in feeds if f.id == named or same_feed(f.url) == same_feed(named)]
    found = found or [f for f in feeds if f.name.casefold() == named.strip().casefold()]
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(f"no feed {named!r}: give its id, address or name as `feeds check` does")
    ids = ", ".join(f"{feed.id} ({feed.url})" for feed in found)
    raise UsageError(f"{len(found)} feeds are called {named!r}; give an id: {ids}")


def _status(row: _Row) -> str:
    """``ok``, ``failing``, ``blocked`` …, or ``waiting`` before the first poll."""
    if row.state is not None and row.state.doubt and not row.state.problem:
        return _UNREACHED
    if row.state is None or (not row.state.polls and row.state.problem is None):
        return "waiting"
    if row.state.held:
        return FeedStatus.HELD
    if row.state.problem and row.state.status is FeedStatus.OK:
        return FeedStatus.FAILING
    return row.state.status


def _table(rows: tuple[_Row, ...], now: datetime) -> Table:
    table = Table(box=box.SIMPLE, show_edge=False, pad_edge=False)
    for heading in ("Feed", "State", "Last", "Every", "Next", "Seen after", "Posted after"):
        table.add_column(heading, overflow="fold")
    table.add_column("Id", no_wrap=True)
    for row in rows:
        state, status = row.state or FeedState(), _status(row)
        table.add_row(
            Text(plain(row.feed.name)),
            Text(_said(row, status), _COLOURS.get(status, "red"))
            if status != "waiting"
            else "waiting",
            f"{duration(now - state.last_success)} ago" if state.last_success else "never",
            _seconds(row.feed.interval or state.interval),
            _until(row.due, now),
            _lag(row.fresh.seen),
            _lag(row.fresh.posted),
            row.feed.id,
        )
    return table


def _said(row: _Row, status: str) -> str:
    state = row.state or FeedState()
    if status == FeedStatus.HELD:
        return f"held: {state.held:,} entries"
    if status == FeedStatus.OK:
        return f"ok; {plain(state.notice)}" if state.notice else "ok"
    if status == _UNREACHED:
        return f"unreached: {plain(state.doubt or '')}; perhaps it is our own network"
    reason = plain(state.problem or "no reason known")
    return f"{status}: {reason} ({count(state.failures, 'poll')})"


def _seconds(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def _until(due: datetime | None, now: datetime) -> str:
    if due is None:
        return "–"
    return "now" if due <= now else f"in {_seconds((due - now).total_seconds())}"


def _lag(lag: Lag | None) -> str:
    """``4 min, 11 min``: the median and the 95th percentile."""
    return "–" if lag is None else f"{_seconds(lag.p50)}, {_seconds(lag.p95)}"


def _line(row: _Row) -> Line:
    state = row.state or FeedState()
    return {
        "id": row.feed.id,
        "name": row.feed.name,
        "url": shown(row.feed.url),
        "state": _status(row),
        "problem": state.problem or state.doubt,
        "notice": state.notice,
        "since": iso(state.failing_since),
        "failures": state.failures,
        "held": state.held,
        "last_success": iso(state.last_success),
        "last_entry": iso(state.last_entry),
        "interval": row.feed.interval or state.interval,
        "next_poll": iso(row.due),
        "gaps": state.gaps,
        "seen_after": _lag_line(row.fresh.seen),
        "posted_after": _lag_line(row.fresh.posted),
    }


def _lag_line(lag: Lag | None) -> Line | None:
    if lag is None:
        return None
    return {"p50": round(lag.p50, 1), "p95": round(lag.p95, 1), "measured": lag.measured}
