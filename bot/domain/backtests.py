"""Backtests: what a watchlist would have flagged in the archive, against the one in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.errors import Problem
from bot.domain.watch import Match


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicTrial:
    """One topic's articles."""

    name: str
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAlerts:
    """Alerts of one day (UTC) over all channels, whatever their topic."""

    day: date
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """An article that only one of the two flags for a topic, with that one's evidence."""

    article_id: str
    title: str
    outlet: str
    url: str
    at: datetime
    match: Match


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """What came of it."""

    since: datetime
    until: datetime
    articles: int
    topics: tuple[TopicTrial, ...] = ()
    alerts: tuple[DayAlerts, ...] = ()
    gained: tuple[Difference, ...] = ()
    lost: tuple[Difference, ...] = ()
    #: CPU milliseconds an article of matching these topics.
    cost_before: float = 0.0
    cost_after: float = 0.0
    #: Terms that stand in too many articles.
    common: tuple[Problem, ...] = ()
