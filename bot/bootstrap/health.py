"""What a monitor asks: is it well, and how much is there to do."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from redis.exceptions import RedisError

from bot.bootstrap.app import App
from bot.bootstrap.loops import backlog, dead_letters
from bot.core.feeds.freshness import freshness
from bot.domain.incidents import Passage

Figures = dict[str, float]

#: Raised by any store whose server does not answer.
AWAY = (RedisError, OSError)
#: Feeds whose freshness is measured one by one.
_FRESH = 200
#: Entries a group may be behind before it counts as a problem.
BEHIND = 10_000
#: Seconds that a server may take to answer.
PATIENCE = 5.0


async def problems(app: App) -> tuple[str, ...]:
    """One sentence for each thing that keeps news from arriving; nothing while all is well."""
    try:
        async with asyncio.timeout(PATIENCE):
            undone = await backlog(app)
            states = await app.feeds.states()
    except AWAY as error:
        return (f"the server does not answer: {type(error).__name__}",)
    found = [f"{name} is {n:,} entries behind" for name, n in undone.items() if n > BEHIND]
    failing = sum(1 for state, _ in states.values() if state.problem)
    if states and failing == len(states):
        found.append(f"all {failing} feeds fail; `nato-brief doctor` lists why")
    return tuple(found)


async def figures(app: App) -> dict[str, float]:
    """Name → value, labels in braces."""
    states = await app.feeds.states()
    stored = await app.articles.extent()
    found = app.index.extent()
    withheld = await app.tally.counts()
    return {
        **_freshness(await app.feed_log.passages([feed.id for feed in app.config.feeds][:_FRESH])),
        "feeds": len(states),
        "feeds_failing": sum(1 for state, _ in states.values() if state.problem),
        "articles_stored": stored.articles,
        "articles_indexed": found.articles,
        **{
            f'quotes_withheld{{stage="{stage}"}}': withheld.get(stage, 0)
            for stage in ("deliver", "ask", "page")
        },
        **{f'undone{{group="{name}"}}': n for name, n in (await backlog(app)).items()},
        **{f'given_up{{group="{name}"}}': n for name, (n, _) in (await dead_letters(app)).items()},
    }


def _freshness(passages: Mapping[str, tuple[tuple[Passage, ...], tuple[Passage, ...]]]) -> Figures:
    """Seconds from published to seen, and from seen to posted: each feed, and all together."""
    figures: Figures = {}
    read = [one for entries, _ in passages.values() for one in entries]
    posted = [one for _, entries in passages.values() for one in entries]
    for feed_id, (entries, posts) in {"all": (read, posted), **passages}.items():
        found = freshness(entries, posts)
        for way, lag in (("seen", found.seen), ("posted", found.posted)):
            if lag is not None:
                labels = f'feed="{feed_id}",way="{way}"'
                figures[f'feed_seconds{{{labels},quantile="0.5"}}'] = lag.p50
                figures[f'feed_seconds{{{labels},quantile="0.95"}}'] = lag.p95
    return figures
