"""backtest: what a watchlist would have flagged in the archive, against the one in force.

    ARTICLES and KEPT ─► chunks ─► worker processes match both sides ─► gained, lost
                                                                   └─► fold both ─► alerts a day

Nothing is written. Costs and common terms come from a sample. Every article counts as news at the
time it was stored, or published when it came with the first fetch of a feed or was loaded; the
first stored revision stands for it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from bot.core.backtest import ChunkTried, Text, Trial, alerts_by_day, try_texts
from bot.core.matching import common_terms
from bot.domain.backtests import Backtest, DayAlerts, Difference, TopicTrial
from bot.domain.channels import Configuration
from bot.domain.news import EntryReason, Record
from bot.domain.times import to_ms
from bot.domain.watch import Match, Phrase, Topic, Watchlists
from bot.ports.news import ArticleLog
from bot.ports.work import Pool

#: Articles in one job of a worker process, and jobs under way at once.
CHUNK: Final = 200
_AHEAD: Final = 4
#: Records read from the server at once.
_BATCH: Final = 500


@dataclass(slots=True)
class _Sum:
    """What the chunks add up to."""

    articles: int = 0
    sampled: int = 0
    before: list[Record] = field(default_factory=list)
    after: list[Record] = field(default_factory=list)
    gained: list[Difference] = field(default_factory=list)
    lost: list[Difference] = field(default_factory=list)
    counts: tuple[Counter[str], Counter[str]] = field(
        default_factory=lambda: (Counter(), Counter())
    )
    phrases: Counter[Phrase] = field(default_factory=Counter)
    cost_before: float = 0.0
    cost_after: float = 0.0


class RunBacktest:
    """Tries a watchlist on the archive."""

    def __init__(self, *, articles: ArticleLog, pool: Pool, cpu_clock: Callable[[], float]) -> None:
        """``cpu_clock`` is called in the worker processes; it has to be picklable."""
        self._articles = articles
        self._pool = pool
        self._cpu_clock = cpu_clock

    async def __call__(
        self,
        config: Configuration,
        on_trial: Watchlists,
        *,
        replaced: frozenset[str],
        since: datetime,
        now: datetime,
        progress: Callable[[int], None] = lambda _: None,
    ) -> Backtest:
        """Compare the topics on trial with those in force.

        Args:
            config: In force.
            on_trial: The new topics alone.
            replaced: Names of the topics in force that they take the place of.
            since: Articles before are left out.
            now: The end of the time looked at.
            progress: Called with the number of articles that are done.
        """
        old = tuple(topic for topic in config.watchlists.topics if topic.name in replaced)
        trial = Trial(
            version=f"{config.watchlists.version} {on_trial.version}",
            before=Watchlists(topics=old, version=config.watchlists.version),
            after=on_trial,
        )
        names = replaced | {topic.name for topic in on_trial.topics}
        total = _Sum()
        under_way: list[tuple[list[Record], asyncio.Task[ChunkTried]]] = []

        async def finish_one() -> None:
            records, task = under_way.pop(0)
            _add(total, records, await task, names)
            progress(total.articles)

        try:
            async for records in self._chunks(since):
                texts = tuple(Text.of(record.article) for record in records)
                job = self._pool.run(try_texts, texts, trial, clock=self._cpu_clock)
                under_way.append((records, asyncio.create_task(job)))
                if len(under_way) >= _AHEAD:
                    await finish_one()
            while under_way:
                await finish_one()
        finally:
            for _, task in under_way:
                task.cancel()
        changed = replace(config, watchlists=_swapped(config.watchlists, on_trial, replaced))
        alerts = await asyncio.gather(
            self._pool.run(alerts_by_day, _in_order(total.before), config),
            self._pool.run(alerts_by_day, _in_order(total.after), changed),
        )
        sampled = max(total.sampled, 1)
        return Backtest(
            since=since,
            until=now,
            articles=total.articles,
            topics=tuple(
                TopicTrial(name=name, before=total.counts[0][name], after=total.counts[1][name])
                for name in sorted(names)
            ),
            alerts=tuple(
                DayAlerts(day=day, before=alerts[0].get(day, 0), after=alerts[1].get(day, 0))
                for day in sorted({*alerts[0], *alerts[1]})
            ),
            gained=tuple(sorted(total.gained, key=lambda each: each.at, reverse=True)),
            lost=tuple(sorted(total.lost, key=lambda each: each.at, reverse=True)),
            cost_before=1000 * total.cost_before / sampled,
            cost_after=1000 * total.cost_after / sampled,
            common=common_terms(on_trial, total.phrases, articles=total.sampled),
        )

    async def _chunks(self, since: datetime) -> AsyncIterator[list[Record]]:
        """Every stored article once, from ``since`` on."""
        start = f"{to_ms(since)}-0"
        positions = {"articles": start, "kept": start}
        seen: set[str] = set()
        chunk: list[Record] = []
        while True:
            before = dict(positions)
            positions, records = await self._articles.tail(positions, limit=_BATCH)
            if positions == before:
                break
            for record in map(_as_news, records):
                if record.stored >= since and record.article.id not in seen:
                    seen.add(record.article.id)
                    chunk.append(record)
                    if len(chunk) == CHUNK:
                        yield chunk
                        chunk = []
        if chunk:
            yield chunk


def _as_news(record: Record) -> Record:
    """The record as if its article had been announced when it was news."""
    article = record.article
    at = article.published if article.reason is EntryReason.BACKFILL else record.stored
    return replace(record, stored=at, article=replace(article, reason=EntryReason.NEW))


def _add(total: _Sum, records: list[Record], chunk: ChunkTried, names: frozenset[str]) -> None:
    total.articles += len(records)
    total.sampled += chunk.sampled
    total.phrases.update(chunk.phrases)
    total.cost_before += chunk.cost_before
    total.cost_after += chunk.cost_after
    tried = {each.number: each for each in chunk.tried}
    for number, record in enumerate(records):
        others = tuple(m for m in record.article.matches if m.topic not in names)
        found = tried.get(number)
        before = found.before if found else ()
        after = found.after if found else ()
        if others or before:
            total.before.append(_matched(record, (*others, *before)))
        if others or after:
            total.after.append(_matched(record, (*others, *after)))
        flagged = {m.topic for m in before}, {m.topic for m in after}
        for counts, topics in zip(total.counts, flagged, strict=True):
            counts.update(topics)
        total.gained += [_difference(record, m) for m in after if m.topic not in flagged[0]]
        total.lost += [_difference(record, m) for m in before if m.topic not in flagged[1]]


def _matched(record: Record, matches: tuple[Match, ...]) -> Record:
    return replace(record, article=replace(record.article, matches=matches))


def _difference(record: Record, match: Match) -> Difference:
    article = record.article
    return Difference(
        article_id=article.id,
        title=article.title,
        outlet=article.outlet,
        url=article.url,
        at=record.stored,
        match=match,
    )


def _in_order(records: list[Record]) -> tuple[Record, ...]:
    return tuple(sorted(records, key=lambda record: (record.stored, record.position)))


def _swapped(force: Watchlists, on_trial: Watchlists, replaced: frozenset[str]) -> Watchlists:
    kept: tuple[Topic, ...] = tuple(t for t in force.topics if t.name not in replaced)
    return Watchlists(topics=(*kept, *on_trial.topics), version=on_trial.version)
