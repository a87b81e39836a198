"""One poller, made of the parts production is made of, beside a clock that is moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from bot.adapters.pool import ProcessPool
from bot.adapters.redis import streams
from bot.bootstrap.app import App
from bot.domain.feeds import Feed, FeedState
from bot.domain.news import Entry, EntryReason

P = ParamSpec("P")
T = TypeVar("T")

#: Longer than any interval a feed that works can have, in seconds.
LONG = 7 * 3600.0
HOUR, DAY = 3600.0, 24 * 3600.0


def begun(note: Path, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Do a job in its worker, and leave a note that it has begun."""
    with note.open("a") as file:
        file.write(".")
    return function(*args, **kwargs)


class LentPool:
    """A pool that outlives the app it is lent to, and knows how many jobs its workers began."""

    def __init__(self, pool: ProcessPool, note: Path) -> None:
        self._pool = pool
        self._note = note

    @property
    def jobs(self) -> int:
        return self._note.stat().st_size if self._note.exists() else 0

    async def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._pool.run(begun, self._note, function, *args, **kwargs)

    async def close(self) -> None:
        """The owner does."""


class Polling:
    """Polls, and says what came of it."""

    def __init__(self, app: App, pool: LentPool) -> None:
        self.app = app
        self.pool = pool

    async def subscribe(self, *feeds: Feed) -> None:
        """Make all of them due now, those known already when they are due anyway."""
        now = self.app.clock.now()
        await self.app.feeds.subscribe(feeds, first_due={feed.id: now for feed in feeds})

    async def poll(self, *, after: float = 0.0) -> int:
        """Poll what is due ``after`` so many seconds; returns how many feeds were."""
        self.app.clock.advance(after)
        started = await self.app.poll.tick()
        await self.app.poll.drain()
        return started

    async def poll_for(self, seconds: float, *, every: float) -> None:
        """Let time pass, looking for due feeds ``every`` so many seconds."""
        for _ in range(round(seconds / every)):
            await self.poll(after=every)

    async def next_poll(self, feed: Feed) -> None:
        """Wait until this feed is due, and poll."""
        wait = (await self.due(feed) - self.app.clock.now()).total_seconds()
        await self.poll(after=max(wait, 0.0) + 0.1)

    async def state(self, feed: Feed) -> FeedState:
        """What the polls taught us about a feed."""
        return (await self.app.feeds.states())[feed.id][0]

    async def due(self, feed: Feed) -> datetime:
        """When a feed is polled next."""
        return (await self.app.feeds.states())[feed.id][1]

    async def entries(self) -> list[Entry]:
        """Everything passed on, in order."""
        found: Any = await self.app.redis.xrange(self.app.keys.stream(streams.ENTRIES))
        return [streams.entry(position.decode(), fields) for position, fields in found]

    async def titles(self) -> list[str]:
        """Titles of everything passed on, in order."""
        return [entry.title for entry in await self.entries()]

    async def reasons(self) -> dict[str, int]:
        """Reason → how many entries were passed on for it."""
        return dict(Counter(str(entry.reason) for entry in await self.entries()))

    async def announced(self) -> list[str]:
        """Keys of the entries that channels may hear of."""
        telling = (EntryReason.NEW, EntryReason.EDITED)
        return [entry.key for entry in await self.entries() if entry.reason in telling]
