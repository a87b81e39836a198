"""discover: the address of a site → the feeds that answer there, the likeliest first.

    address ─► is it a feed itself? ─► what the page announces ─► where feeds usually are ─► news
                                                                         sitemaps of robots.txt

Each place is asked for only until something is found, and at most a dozen of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.feeds.addresses import web_address
from bot.core.feeds.discover import announced, news_sitemaps, usual
from bot.core.feeds.opml import same_feed
from bot.core.feeds.parse import parse
from bot.core.feeds.robots import robots_url
from bot.domain.errors import Permanent, UsageError
from bot.domain.feeds import ParsedFeed
from bot.domain.fetches import Fetched, FetchFailure
from bot.ports.news import Fetcher
from bot.ports.work import Pool

#: Places asked at most, the given one included.
_MOST = 16
#: Feeds that are enough to choose from.
_ENOUGH = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeed:
    """A feed that answered."""

    #: Where it answers, after redirects.
    url: str
    title: str
    #: ``rss20``, ``atom10``, ``json11``, ``sitemap`` …
    format: str
    entries: int


class Discover:
    """Finds the feeds of a site."""

    def __init__(self, *, fetcher: Fetcher, pool: Pool) -> None:
        self._fetcher = fetcher
        self._pool = pool

    async def __call__(self, written: str) -> tuple[FoundFeed, ...]:
        """The feeds behind an address, the likeliest first; nothing where there are none.

        Raises:
            UsageError: the address cannot be reached at all.
        """
        url = web_address(written)
        fetched = await self._fetcher.fetch(url)
        if isinstance(fetched, FetchFailure):
            raise UsageError(f"{url}: {fetched.problem}")
        if (itself := await self._feed(fetched)) is not None:
            return (itself,)
        told = announced(fetched.body, url=fetched.url, content_type=fetched.content_type)
        return (
            await self._first(told)
            or await self._first(usual(fetched.url))
            or await self._first(await self._sitemaps(fetched.url))
        )

    async def _first(self, places: Iterable[str]) -> tuple[FoundFeed, ...]:
        """Those of ``places`` that answer with a feed, each once."""
        found: dict[str, FoundFeed] = {}
        for place in list(places)[:_MOST]:
            fetched = await self._fetcher.fetch(place)
            if isinstance(fetched, Fetched) and (feed := await self._feed(fetched)) is not None:
                found.setdefault(same_feed(feed.url), feed)
            if len(found) >= _ENOUGH:
                break
        return tuple(found.values())

    async def _feed(self, fetched: Fetched) -> FoundFeed | None:
        """What answered, if it is a feed."""
        try:
            parsed: ParsedFeed = await self._pool.run(
                parse, fetched.body, content_type=fetched.content_type, url=fetched.url
            )
        except Permanent:
            return None
        if not parsed.format:
            return None
        return FoundFeed(
            url=fetched.url, title=parsed.title, format=parsed.format, entries=len(parsed.entries)
        )

    async def _sitemaps(self, url: str) -> tuple[str, ...]:
        where = robots_url(url)
        fetched = await self._fetcher.fetch(where) if where else None
        if not isinstance(fetched, Fetched):
            return ()
        return news_sitemaps(fetched.body.decode("utf-8", "replace"))
