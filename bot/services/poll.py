"""poll: tick → claim due feeds → fetch → parse → decide → settle.

Whatever happens to one feed is a value by the time it gets here, so no feed can stop another.
The one script of ``FeedStore.settle`` makes the hop exactly once: a poll that dies anywhere
before it is simply done again when the lease lapses.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime

from bot.core.feeds.decide import body_hash, decide
from bot.core.feeds.entries import without_keys_of
from bot.core.feeds.identity import entry_keys
from bot.core.feeds.network import may_be_ours
from bot.core.feeds.parse import parse
from bot.core.feeds.redirects import address
from bot.core.feeds.schedule import failure_kind
from bot.core.feeds.settings import DEFAULTS, PollSettings
from bot.core.feeds.validators import to_send
from bot.domain.errors import Permanent, Recoverable, cause
from bot.domain.feeds import Feed, FeedClaim, FeedState, FeedUpdate, ParsedFeed
from bot.domain.fetches import FailureKind, Fetched, FetchFailure
from bot.domain.logins import Login, missing
from bot.ports.news import FeedStore, Fetcher
from bot.ports.work import Pool
from bot.services.log import line, logger

_log = logger("poll")
NO_LOGINS: Mapping[str, Login] = {}


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
        chance: Callable[[], float] = lambda: 1.0,
        settings: PollSettings = DEFAULTS,
        slots: int | None = None,
        logins: Mapping[str, Login] = NO_LOGINS,
        of_the_server: Callable[[Exception], bool] = lambda _: False,
    ) -> None:
        """Nothing is polled yet.

        Args:
            feeds: Feed id → feed.
            store: Feeds, when they are due and what they showed.
            fetcher: HTTP.
            pool: Where documents are parsed.
            clock: What time it is.
            jitter: From -0.1 to 0.1, another at every call.
            chance: From 0 to 1, another at every call: below a share, validators are not sent.
            settings: The limits.
            slots: Polls at once; those of the settings if None.
            logins: Variable that a feed names → its login.
            of_the_server: Whether an error is the store's server's: it is away or refuses writes.
        """
        self._feeds = feeds
        self._store = store
        self._fetcher = fetcher
        self._pool = pool
        self._clock = clock
        self._jitter = jitter
        self._chance = chance
        self._settings = settings
        self._slots = settings.slots if slots is None else slots
        self._logins = logins
        self._of_the_server = of_the_server
        self._running: set[asyncio.Task[None]] = set()
        #: Comparing a document takes milliseconds: one a turn of the loop, however many are there.
        self._comparing = asyncio.Lock()
        self._claiming: asyncio.Task[int] | None = None
        #: Whether the last claim took all it asked for, so that more may be due.
        self._more = False

    async def tick(self) -> int:
        """Start polling what is due and fits; returns how many were started.

        While more is due than fits, polls that end make room for others without a further tick.
        """
        return await asyncio.shield(self._claim())

    async def drain(self) -> None:
        """Wait for the polls under way, and for those that take their places."""
        while waited := {*self._running, *filter(None, (self._claiming,))}:
            await asyncio.wait(waited)

    async def poll(self, claim: FeedClaim) -> None:
        """Poll one claimed feed and settle it."""
        feed = self._feeds.get(claim.feed_id)
        if feed is None:  # taken off the list meanwhile; the lease lapses with it
            return
        try:
            update = await self._polled(feed, claim)
            settled = await self._store.settle(claim, update)
        except Exception as error:
            if not (isinstance(error, Recoverable) or self._of_the_server(error)):
                raise
            # Our own machine's fault, or the server's; when the lease lapses, again.
            _log.warning(line("poll.put_off", feed=feed.id, name=feed.name, problem=cause(error)))
            return
        if not settled:
            _log.warning(line("poll.lease_lost", feed=feed.id, name=feed.name))
        else:
            _say(feed, claim.state, update)

    async def _polled(self, feed: Feed, claim: FeedClaim) -> FeedUpdate:
        """One poll of ``feed``: what it changes."""
        began = self._clock()
        state = claim.state.as_of(began)
        etag, last_modified = to_send(
            state, now=began, chance=self._chance(), settings=self._settings
        )
        fetched = await self._fetch(feed, state, etag=etag, last_modified=last_modified)
        parsed: ParsedFeed | None = None
        digest: str | None = None
        if isinstance(fetched, Fetched) and not fetched.not_modified:
            digest = body_hash(fetched.body)
            if digest != state.body_hash:
                fetched, parsed = await self._parse(feed, fetched)
        known: dict[str, str] = {}
        remembered: dict[str, str] | None = None
        if parsed is not None and parsed.entries:
            keys = entry_keys(parsed.entries, by_url=feed.by_url)
            known = await self._store.fingerprints(feed.id, keys)
            if state.polls and len(known) < len(keys):
                remembered = await self._store.remembered(feed.id)
        doubted = await self._doubted(claim.host, state.doubted, fetched, began)
        async with self._comparing if parsed is not None else nullcontext():
            return decide(
                feed,
                state,
                fetched,
                parsed,
                known,
                body_hash=digest,
                now=self._clock(),
                jitter=self._jitter(),
                remembered=remembered,
                full=not etag and not last_modified,
                doubted=doubted,
                settings=self._settings,
            )

    async def _fetch(
        self, feed: Feed, state: FeedState, *, etag: str | None, last_modified: str | None
    ) -> Fetched | FetchFailure:
        """The feed's answer; without the login it names it is not even asked."""
        login = self._logins.get(feed.auth) if feed.auth else None
        if feed.auth and login is None:
            return FetchFailure(url=feed.url, problem=missing(feed.auth), kind=FailureKind.HARD)
        return await self._fetcher.fetch(
            address(feed.url, state),
            etag=etag,
            last_modified=last_modified,
            max_body=feed.max_body,
            login=login and replace(login, to=feed.url),
        )

    async def _doubted(
        self, host: str, doubted: datetime | None, fetched: Fetched | FetchFailure, began: datetime
    ) -> datetime | None:
        """Since when a failure may be our own network's; None for the host's own, or for none."""
        if isinstance(fetched, Fetched) or failure_kind(fetched) is not FailureKind.NETWORK:
            return None
        network = await self._store.network(host, ask=doubted is None)
        asked = network.now - (self._clock() - began)
        if not may_be_ours(network, began=asked, doubted=doubted):
            return None
        return doubted or network.now

    async def _parse(
        self, feed: Feed, fetched: Fetched
    ) -> tuple[Fetched | FetchFailure, ParsedFeed | None]:
        """Parse in a worker process; a parser that had to be killed is a failure of this feed."""
        try:
            parsed: ParsedFeed = await self._pool.run(
                parse, fetched.body, content_type=fetched.content_type, url=fetched.url
            )
        except Permanent as error:
            problem = f"cannot be parsed: {error}"
            return FetchFailure(url=fetched.url, problem=problem, kind=FailureKind.HARD), None
        return fetched, replace(parsed, entries=without_keys_of(feed.url, parsed.entries))

    def _claim(self) -> asyncio.Task[int]:
        """The claim under way, begun if there is none."""
        if self._claiming is None:
            self._claiming = asyncio.create_task(self._fill(), name="claim feeds")
            self._claiming.add_done_callback(self._claimed)
        return self._claiming

    async def _fill(self) -> int:
        """Claim what is due and fits, and start on it."""
        free = self._slots - len(self._running)
        claims = await self._store.claim_due(free) if free > 0 else ()
        self._more = free <= 0 or len(claims) == free
        for claim in claims:
            task = asyncio.create_task(self.poll(claim), name=f"poll {claim.feed_id}")
            self._running.add(task)
            task.add_done_callback(self._ended)
        return len(claims)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """An unforeseen error costs this one poll; the lease lapses and it is done again."""
        self._running.discard(task)
        if task.cancelled():
            return
        if (error := task.exception()) is not None:
            _log.error(line("poll.failed", task=task.get_name()), exc_info=error)
            self._more = False  # the next tick tries again, not the next instant
        # A few at a time: each claim is a round trip.
        room = self._slots - len(self._running) >= max(1, self._slots // 4)
        if self._more and room:
            self._claim()

    def _claimed(self, task: asyncio.Task[int]) -> None:
        """What went wrong is the next tick's to say: it will meet the same."""
        self._claiming = None
        if not task.cancelled():
            task.exception()


def _say(feed: Feed, before: FeedState, update: FeedUpdate) -> None:
    """One line for what a poll brought about; silence for what stays as it was."""
    state = update.state
    if state.failures > before.failures:
        said = {"status": state.status, "problem": state.problem}
        _log.warning(line("poll.problem", feed=feed.id, url=feed.url, **said))
    elif update.answered is False:
        # Not counted: it may be our own network.
        said = {"status": "unreached", "problem": state.doubt}
        _log.warning(line("poll.problem", feed=feed.id, url=feed.url, **said))
    if state.notice and state.notice != before.notice:
        _log.warning(line("poll.notice", feed=feed.id, name=feed.name, notice=state.notice))
    if state.gaps > before.gaps:
        _log.warning(line("poll.gap", feed=feed.id, name=feed.name, n=state.gaps))
    if update.held:
        _log.warning(line("poll.held", feed=feed.id, name=feed.name, n=len(update.held)))
    if update.entries:
        _log.info(line("poll.entries", feed=feed.id, name=feed.name, n=len(update.entries)))
