"""What a monitor asks: is it well, and how much is there to do."""

from __future__ import annotations

import asyncio

from redis.exceptions import RedisError

from bot.bootstrap.app import App
from bot.bootstrap.loops import backlog, dead_letters

#: Raised by any store whose server does not answer.
AWAY = (RedisError, OSError)
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
    return {
        "feeds": len(states),
        "feeds_failing": sum(1 for state, _ in states.values() if state.problem),
        "articles_stored": stored.articles,
        "articles_indexed": found.articles,
        **{f'undone{{group="{name}"}}': n for name, n in (await backlog(app)).items()},
        **{f'given_up{{group="{name}"}}': n for name, (n, _) in (await dead_letters(app)).items()},
    }
