"""What a monitor asks: is it well, and how much is there to do."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from redis.exceptions import RedisError

from bot.adapters.files import free_bytes
from bot.adapters.redis.ailments import in_words
from bot.bootstrap.app import App
from bot.bootstrap.loops import backlog
from bot.core.feeds.freshness import freshness
from bot.core.health import problems as problems_of
from bot.domain.feeds import Feed
from bot.domain.health import Signs
from bot.render.facts import refusal
from bot.render.metrics import Labels, Metric, gauge, gauges

#: Raised by any store whose server does not answer.
AWAY = (RedisError, OSError)
#: Feeds whose freshness is measured one by one.
_FRESH = 200
#: Seconds that a server may take to answer.
PATIENCE = 5.0


async def problems(app: App) -> tuple[str, ...]:
    """One sentence for each thing that keeps news from arriving; nothing while all is well."""
    try:
        async with asyncio.timeout(PATIENCE):
            return problems_of(await _signs(app))
    except AWAY as error:
        return (f"the server cannot be asked: {in_words(error)}",)


async def not_ready(app: App) -> tuple[str, ...]:
    """Why this web host cannot serve yet; nothing once it can."""
    try:
        async with asyncio.timeout(PATIENCE):
            await app.redis.ping()
    except AWAY as error:
        return (f"the server cannot be asked: {in_words(error)}",)
    found = []
    if app.current.number == 0:
        found.append("no configuration is in force yet")
    if not app.tail.caught_up:
        found.append("the index is being read")
    return tuple(found)


async def _signs(app: App) -> Signs:
    states = await app.feeds.states()
    return replace(
        await app.pulse.signs(),
        room=await app.room.measure(),
        disk=free_bytes(app.settings.data_dir),
        feeds=len(states),
        failing=sum(1 for state, _ in states.values() if state.problem),
        parked=tuple(map(refusal, await app.parking.refused())),
    )


async def figures(app: App) -> tuple[Metric, ...]:
    """What a monitor draws."""
    states = await app.feeds.states()
    withheld = await app.tally.counts()
    seen = await app.pulse.signs()
    given_up = await app.dead_letters.counts()
    stages = ("deliver", "ask", "page")
    return (
        gauge("feeds", "Feeds that were polled", len(states)),
        gauge(
            "feeds_failing",
            "Feeds whose last poll failed",
            sum(1 for state, _ in states.values() if state.problem),
        ),
        gauge(
            "articles_stored",
            "Articles in the archive",
            (await app.articles.extent()).articles,
        ),
        gauge("articles_indexed", "Articles this host can find", app.index.extent().articles),
        gauges(
            "quotes_withheld",
            "Quotes not shown because their last check failed",
            "stage",
            {stage: withheld.get(stage, 0) for stage in stages},
        ),
        gauges("undone", "Entries a group has still to finish", "group", await backlog(app)),
        gauges(
            "oldest_seconds", "Age of the oldest entry a group has to finish", "group", seen.oldest
        ),
        gauges("silent_seconds", "Since the last sign of life of a role", "role", seen.alive),
        gauges("given_up", "Dead letters a group left", "group", given_up),
        *await _freshness(app),
    )


async def _freshness(app: App) -> tuple[Metric, ...]:
    """From published to seen, and from seen to posted: each feed, and all together."""
    feeds = app.config.feeds[:_FRESH]
    passages = await app.feed_log.passages([feed.id for feed in feeds])
    read = [one for entries, _ in passages.values() for one in entries]
    posted = [one for _, entries in passages.values() for one in entries]
    by_name = {
        name: passages[feed_id] for feed_id, name in _names(feeds).items() if feed_id in passages
    }
    seen: list[tuple[Labels, float]] = []
    sent: list[tuple[Labels, float]] = []
    for name, (entries, posts) in {"all": (read, posted), **by_name}.items():
        found = freshness(entries, posts)
        for values, lag in ((seen, found.seen), (sent, found.posted)):
            if lag is not None:
                values.append(({"feed": name, "percentile": "50"}, lag.p50))
                values.append(({"feed": name, "percentile": "95"}, lag.p95))
    return (
        Metric("feed_seen_seconds", "From published to seen, by percentile", seen),
        Metric("feed_posted_seconds", "From seen to posted, by percentile", sent),
    )


def _names(feeds: Sequence[Feed]) -> dict[str, str]:
    """Feed id → its name; with its id where two share one, or it is ``all``."""
    often = Counter(feed.name for feed in feeds)
    return {
        feed.id: feed.name
        if often[feed.name] == 1 and feed.name != "all"
        else f"{feed.name} ({feed.id})"
        for feed in feeds
    }
