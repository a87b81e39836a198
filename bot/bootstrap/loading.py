"""Docs → KEPT: reads each doc like an entry, stores it, and waits until it can be found."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from bot.bootstrap.app import App
from bot.core.room import figures, is_full
from bot.domain.errors import Recoverable, Unavailable, cause
from bot.domain.news import Article, Entry, EntryReason
from bot.services.log import line, logger

_log = logger("load")

#: Docs in the readers' hands at once.
_AHEAD = 16
#: Times a doc is read before the load ends, when the machine is too busy for it.
_TRIES = 3
#: Docs between two looks at how full the server is.
_LOOK_EVERY = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What became of the docs."""

    loaded: int
    #: The same id with the same text was there.
    known: int


class Loader:
    """Loads docs through the readers, several at once."""

    def __init__(self, app: App, *, failed: Callable[[str, str], None]) -> None:
        """``failed`` hears of each doc that cannot be read, by its name, and why."""
        self._app = app
        self._failed = failed
        self._room = asyncio.Semaphore(_AHEAD)
        self._tasks: set[asyncio.Task[None]] = set()
        #: What ends the whole load: the server went away, or we are stopped.
        self._error: BaseException | None = None
        self._taken = 0
        self._stored = 0
        self._known = 0

    async def _look_for_room(self) -> None:
        room = await self._app.room.measure()
        if is_full(room):
            raise Unavailable(
                f"the server is full: {figures(room)}; raise NATO_BRIEF_MEMORY"
                " (`maxmemory` on a server of your own) and load again: what is there is skipped"
            )

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
        """Take one doc; waits while too many are under way. ``name`` becomes the article id.

        Raises Unavailable when the server is too full for more.
        """
        if self._taken % _LOOK_EVERY == 0:
            await self._look_for_room()
        self._taken += 1
        await self._room.acquire()
        self._raise()
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
        task.add_done_callback(self._ended)

    async def finish(self) -> Loaded:
        """Wait until every doc is stored and this host's index has it."""
        while self._tasks:
            await asyncio.wait(self._tasks)
        self._raise()
        await self._app.tail.catch_up()
        return Loaded(loaded=self._stored, known=self._known)

    async def _store(self, entry: Entry) -> None:
        try:
            article = await self._read(entry)
        except Recoverable:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a doc brings out costs this doc only
            _log.warning(line("load.unread", doc=entry.article_id, problem=cause(error)))
            self._failed(entry.article_id, f"cannot be read: {error}")
            return
        if await self._app.articles.load(article):
            self._stored += 1
        else:
            self._known += 1

    async def _read(self, entry: Entry) -> Article:
        """The article; what keeps one from being read for now is no reason to leave it out."""

        async def once() -> Article:
            app = self._app
            return await app.readers.run(app.reading, entry, None, app.rules)

        for _ in range(_TRIES - 1):
            with suppress(Recoverable):
                return await once()
        return await once()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._room.release()
        if not task.cancelled():
            error = task.exception()  # asked for each, or asyncio cries over those that follow
            self._error = self._error or error

    def _raise(self) -> None:
        if self._error is not None:
            raise self._error
