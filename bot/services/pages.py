"""The linked page of an entry, asked for as a good guest: cached, as robots.txt allows, in turn.

    known ─► the copy kept for a retry, or for another feed's same article
    else ──► robots.txt ─► the host's turn ─► fetch ─► kept for ten minutes
                 └◄────────── where it leads ◄──┘

Where a page cannot be had in time there is none; the article then has what the feed gave. It is
never fetched while a feed is held, so a slow site delays no poll.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from bot.core.feeds.robots import CLOSED, MOST, delay, may_fetch, robots_url
from bot.domain.errors import NotYet
from bot.domain.fetches import Fetched, FetchFailure
from bot.domain.news import Entry, EntryReason
from bot.ports.news import Fetcher, PageStore
from bot.services.log import line, logger

_log = logger("pages")

#: Seconds the rules of a site are taken for granted, and those of one that did not answer.
_RULES_KEPT, _SILENCE_KEPT = 24 * 3600.0, 600.0
#: Seconds waited for a turn with the entry in hand; for a later turn it is put off.
_IN_HAND = 5.0
#: Redirects followed.
_HOPS = 5
#: What an article can stand in; anything else is a film, a picture or a document.
_TYPES = ("text/html", "application/xhtml", "text/plain", "application/xml", "text/xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLimits:
    """How hard one host is asked for pages."""

    #: Seconds between two pages of one host; robots.txt may ask for more.
    spacing: float = 1.0
    #: Pages of one host under way at once, in all processes together.
    at_once: int = 2
    #: Seconds a fresh entry waits for its page at most, and one that announces nothing.
    patience: float = 60.0
    patience_unhurried: float = 900.0
    #: Seconds until a page is looked at again; again after six and 24 times as long. 0 for never.
    again: float = 3600.0


class Pages:
    """Fetches the pages of entries."""

    def __init__(
        self, *, fetcher: Fetcher, store: PageStore, limits: PageLimits | None = None
    ) -> None:
        self._fetcher = fetcher
        self._store = store
        self._limits = limits or PageLimits()
        #: One at a time asks for the rules of a site; sites may share a lock.
        self._asking = tuple(asyncio.Lock() for _ in range(64))

    async def __call__(self, entry: Entry) -> bytes | None:
        """The page of ``entry`` as served, or None with the reason in the log.

        Raises NotYet when its turn comes later.
        """
        name = _name(entry)
        if (kept := await self._store.page(name)) is not None:
            return kept
        page = await self._told(entry, name)
        if page is not None:
            await self._store.keep_page(name, page)
        return page

    async def done(self, entry: Entry) -> None:
        """Let go of the page of an entry that was read; until then it serves another try."""
        await self._store.drop_page(_name(entry))

    async def again(self, entry: Entry, *, look: int) -> bytes | None:
        """The page as it is now, whatever is kept; otherwise the same.

        There is no hurry: its turn may come as late as that of what announces nothing.
        """
        unhurried = replace(entry, reason=EntryReason.BACKFILL)
        return await self._told(unhurried, f"{entry.article_id}:look {look}")

    async def _told(self, entry: Entry, name: str) -> bytes | None:
        page = await self._page(entry, name)
        if isinstance(page, bytes):
            return page
        _log.info(line("pages.none", article=entry.article_id, problem=page))
        return None

    async def _page(self, entry: Entry, name: str) -> bytes | str:
        """The page, or in a few words why there is none."""
        fetched = await self._fetch(entry, name)
        if isinstance(fetched, str):
            return fetched
        if not _readable(fetched):
            return f"not a page: {fetched.content_type}"
        return fetched.body

    async def _fetch(self, entry: Entry, name: str) -> Fetched | str:
        """The answer at the end of the redirects, or why there is none.

        Each address is asked about in its own site's rules and asked for in its own host's turn.
        One turn at a time is held, so entries sent to each other's hosts do not wait in a ring.
        """
        url, at = entry.url, ""
        try:
            for _ in range(_HOPS + 1):
                rules = await self._rules(url)
                if not may_fetch(rules, url):
                    return "robots.txt forbids it, or cannot be had"
                host = urlsplit(url).netloc.rpartition("@")[2].lower()
                if host != at:
                    if at:
                        await self._store.leave(at, name)
                    at = ""
                    if not await self._turn(entry, host, name, spacing=delay(rules)):
                        return f"{host} is asked too much for it now"
                    at = host
                fetched = await self._fetcher.fetch(url, follow=False)
                if isinstance(fetched, Fetched):
                    return fetched
                if fetched.location is None:
                    if fetched.retry_after is not None and fetched.status in (429, 503):
                        await self._store.hold(host, fetched.retry_after)
                    return fetched.problem
                url = fetched.location
            return f"more than {_HOPS} redirects"
        finally:
            if at:
                await self._store.leave(at, name)

    async def _turn(self, entry: Entry, host: str, name: str, *, spacing: float) -> bool:
        """Wait for the host's turn; False when it comes too late to be of use."""
        limits = self._limits
        patience = limits.patience if entry.reason.announces else limits.patience_unhurried
        while True:
            wait = await self._store.enter(
                host,
                name,
                spacing=max(spacing, limits.spacing),
                at_once=limits.at_once,
                patience=patience,
            )
            if wait is None:
                return False
            if wait <= 0:
                return True
            if wait > _IN_HAND:
                raise NotYet(f"{host} has its turn later", after=wait)
            await asyncio.sleep(wait)

    async def _rules(self, url: str) -> str:
        """The site's robots.txt; empty when it has none."""
        where = robots_url(url)
        if where is None:
            return CLOSED
        async with self._asking[hash(where) % len(self._asking)]:
            if (kept := await self._store.robots(where)) is not None:
                return kept
            fetched = await self._fetcher.fetch(where)
            if isinstance(fetched, Fetched):
                rules, seconds = fetched.body[:MOST].decode("utf-8", "replace"), _RULES_KEPT
            elif _has_none(fetched):
                rules, seconds = "", _RULES_KEPT
            else:
                rules, seconds = CLOSED, _SILENCE_KEPT
            await self._store.keep_robots(where, rules, seconds)
            return rules


def _has_none(failure: FetchFailure) -> bool:
    """Whether the site says that it has no rules, rather than that it cannot be asked now."""
    return failure.status is not None and failure.status < 500 and failure.status != 429


def _name(entry: Entry) -> str:
    return f"{entry.article_id}:{entry.revision}"


def _readable(fetched: Fetched) -> bool:
    kind = (fetched.content_type or "text/html").strip().lower()
    return kind.startswith(_TYPES)
