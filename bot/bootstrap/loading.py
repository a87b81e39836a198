"""Docs → KEPT: reads each doc like an entry, stores it, and waits until it can be found."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from bot.bootstrap.app import App
from bot.domain.news import Entry, EntryReason

#: Docs in the readers' hands at once.
_AHEAD = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What became of the docs."""

    loaded: int
    #: The same id with the same text was there.
    known: int


class Loader:
    """Loads docs through the readers, several at once."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._room = asyncio.Semaphore(_AHEAD)
        self._tasks: set[asyncio.Task[bool]] = set()
        self._stored = 0
        self._known = 0

    async def add(
        self,
        *,
        name: str,
        title: str,
        text: str,
        outlet: str,
        url: str,
        published: datetime | None,
    ) -> None:
        """Take one doc; waits while too many are under way. ``name`` becomes the article id."""
        await self._room.acquire()
        now = self._app.clock.now()
        entry = Entry(
            feed_id="load",
            outlet=outlet or "archive",
            tier=2,
            key=name,
            article_id=name,
            url=url,
            title=title,
            text=text,
            published=published or now,
            first_seen=now,
            fingerprint="",
            reason=EntryReason.BACKFILL,
        )
        task = asyncio.create_task(self._store(entry))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self) -> Loaded:
        """Wait until every doc is stored and this host's index has it."""
        while self._tasks:
            await asyncio.gather(*self._tasks)
        await self._app.tail.catch_up()
        return Loaded(loaded=self._stored, known=self._known)

    async def _store(self, entry: Entry) -> bool:
        from bot.core.articles.read import read  # brings spaCy, which only `load` needs here

        try:
            article = await self._app.readers.run(read, entry, None, self._app.rules)
            stored = await self._app.articles.load(article)
        finally:
            self._room.release()
        if stored:
            self._stored += 1
        else:
            self._known += 1
        return stored
