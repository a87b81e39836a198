"""backtest over an archive on the real server."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.adapters.redis.article_log import RedisArticleLog
from bot.core.config import load
from bot.domain.backtests import TopicTrial
from bot.domain.errors import UsageError
from bot.domain.news import EntryReason
from bot.domain.watch import Phrase, Topic, Watchlists
from bot.services.backtest import RunBacktest
from handlers.cli.backtest import since_time
from tests.builders import NOW, make_article
from tests.services.configuring import FEEDS, watchlist

CONFIG = load(
    {"feeds.yaml": FEEDS.encode(), "watchlists/a.yaml": watchlist("arms").encode()},
    check_examples=False,
)


class Inline:
    """A pool that runs jobs here."""

    async def run(self, function, /, *args, **kwargs):
        return function(*args, **kwargs)


@pytest.fixture
def archive(redis, keys, clock):
    return RedisArticleLog(redis, keys, clock)


@pytest.fixture
def backtest(archive):
    run = RunBacktest(articles=archive, pool=Inline(), cpu_clock=lambda: 0.0)

    async def backtest(*phrases, days=7):
        topic = Topic(
            name="Spending", any=tuple(Phrase(text=p) for p in phrases), file="a.yaml", line=3
        )
        return await run(
            CONFIG,
            Watchlists(topics=(topic,), version=" ".join(phrases)),
            replaced=frozenset({"Spending"}),
            since=NOW - timedelta(days=days),
            now=NOW,
        )

    return backtest


async def put(archive, name, text, *, days):
    await archive.load(
        make_article(
            id=name,
            title=f"Report {name}",
            text=text,
            published=NOW - timedelta(days=days),
            reason=EntryReason.BACKFILL,
        )
    )


async def test_backtest_tells_gained_and_lost_articles_with_evidence(archive, backtest):
    await put(archive, "a1", "They sent arms.", days=1)
    await put(archive, "a2", "They sent missiles.", days=2)
    await put(archive, "a3", "They sent arms long ago.", days=30)
    found = await backtest("missiles")
    assert found.articles == 2
    assert found.topics == (TopicTrial(name="Spending", before=1, after=1),)
    assert [(d.article_id, d.match.evidence[0].text) for d in found.gained] == [("a2", "missiles")]
    assert [(d.article_id, d.match.evidence[0].text) for d in found.lost] == [("a1", "arms")]
    assert found.gained[0].at == NOW - timedelta(days=2)


async def test_backtest_counts_alerts_on_the_days_articles_were_news(archive, backtest):
    await put(archive, "a1", "They sent arms, arms and arms.", days=1)
    await put(archive, "a2", "They sent missiles, missiles, missiles.", days=2)
    found = await backtest("arms", "missiles")
    assert [(d.day.day, d.before, d.after) for d in found.alerts] == [(2, 0, 1), (3, 1, 1)]


async def test_backtest_reads_both_streams_and_every_article_once(archive, backtest):
    for number in range(450):
        await put(archive, f"a{number}", f"Number {number} has arms.", days=1)
    assert (await backtest("arms")).articles == 450


async def test_backtest_reports_terms_that_are_everywhere(archive, backtest):
    for number in range(40):
        await put(archive, f"a{number}", f"The president met guest {number}.", days=1)
    (problem,) = (await backtest("president")).common
    assert "stands in 100 % of 2 articles" in problem.message
    assert (problem.file, problem.line) == ("a.yaml", 3)


async def test_backtest_of_nothing_is_empty(backtest):
    found = await backtest("arms")
    assert (found.articles, found.alerts, found.gained, found.common) == (0, (), (), ())


@pytest.mark.parametrize(
    ("written", "hours"), [("7d", 168), ("12h", 12), ("2 w", 336), ("2025-04-03T12:00Z", 24)]
)
def test_since_takes_an_age_or_a_date(written, hours):
    assert since_time(written, now=NOW) == NOW - timedelta(hours=hours)


def test_since_says_what_to_write():
    with pytest.raises(UsageError, match="write 7d"):
        since_time("yesterday", now=NOW)
