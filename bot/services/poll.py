"""poll: tick → claim due feeds → fetch → parse → decide → settle.

Whatever happens to one feed is a value by the time it gets here, so no feed can stop another.
The one script of ``FeedStore.settle`` makes the hop exactly once: a poll that dies anywhere
before it is simply done again when the lease lapses.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime

from bot.core.feeds.decide import body_hash, decide
from bot.core.feeds.identity import entry_keys
from bot.core.feeds.parse import parse
from bot.domain.errors import Permanent
from bot.domain.news import Feed, FeedClaim, Fetched, FetchFailure, ParsedFeed
from bot.ports.news import FeedStore, Fetcher
from bot.ports.work import Pool
from bot.services.log import line, logger

_log = logger("poll")


class Poll:
    """Polls feeds as they fall due, at most ``slots`` at a time."""

    def __init__(
        self,
        *,
        feeds: Mapping[str, Feed],
        store: FeedStore,
        fetcher: Fetcher,
        pool: Pool,
        clock: Callable[[], datetime],
        jitter: Callable[[], float],
        slots: int = 20,
    ) -> None:
        self._feeds = feeds
        self._store = store
        self._fetcher = fetcher
        self._pool = pool
        self._clock = clock
        self._jitter = jitter
        self._slots = slots
        self._running: set[asyncio.Task[None]] = set()

    async def tick(self) -> int:
        """Start polling what is due and fits; returns how many were started."""
        free = self._slots - len(self._running)
        claims = await self._store.claim_due(free) if free > 0 else ()
        for claim in claims:
            task = asyncio.create_task(self.poll(claim), name=f"poll {claim.feed_id}")
            self._running.add(task)
            task.add_done_callback(self._ended)
        return len(claims)

    async def drain(self) -> None:
        """Wait for the polls under way."""
        while self._running:
            await asyncio.wait(self._running)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """An unforeseen error costs this one poll; the lease lapses and it is done again."""
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error(line("poll.failed", task=task.get_name()), exc_info=error)

    async def poll(self, claim: FeedClaim) -> None:
        """Poll one claimed feed and settle it."""
        feed = self._feeds.get(claim.feed_id)
        if feed is None:  # taken off the list meanwhile; the lease lapses with it
            return
        fetched = await self._fetcher.fetch(
            feed.url, etag=claim.state.etag, last_modified=claim.state.last_modified
        )
        parsed: ParsedFeed | None = None
        digest: str | None = None
        if isinstance(fetched, Fetched) and not fetched.not_modified:
            digest = body_hash(fetched.body)
            if digest != claim.state.body_hash:
                fetched, parsed = await self._parse(fetched)
        known: dict[str, str] = {}
        if parsed is not None:
            known = await self._store.fingerprints(feed.id, entry_keys(parsed.entries))
        update = decide(
            feed,
            claim.state,
            fetched,
            parsed,
            known,
            body_hash=digest,
            now=self._clock(),
            jitter=self._jitter(),
        )
        settled = await self._store.settle(claim, update)
        if not settled:
            _log.warning(line("poll.lease_lost", feed=feed.id, name=feed.name))
        elif update.state.problem:
            _log.warning(
                line("poll.problem", feed=feed.id, url=feed.url, problem=update.state.problem)
            )
        elif update.entries:
            _log.info(line("poll.entries", feed=feed.id, name=feed.name, n=len(update.entries)))

    async def _parse(self, fetched: Fetched) -> tuple[Fetched | FetchFailure, ParsedFeed | None]:
        """Parse in a worker process; a parser that had to be killed is a failure of this feed."""
        try:
            parsed = await self._pool.run(
                parse, fetched.body, content_type=fetched.content_type, url=fetched.url
            )
        except Permanent as error:
            return FetchFailure(url=fetched.url, problem=f"cannot be parsed: {error}"), None
        return fetched, parsed
