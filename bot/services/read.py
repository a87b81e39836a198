"""read: an entry → page if needed → text, quotes, matches, copy signature → one Article record."""

from __future__ import annotations

from bot.core.articles.read import ReadingRules, needs_page, read
from bot.domain.jobs import Claimed
from bot.domain.news import Entry, Fetched
from bot.ports.news import ArticleLog, Fetcher
from bot.ports.work import Pool
from bot.services.log import line, logger

_log = logger("read")


class Read:
    """Reads entries, many at once; the thinking happens in worker processes."""

    def __init__(
        self, *, articles: ArticleLog, fetcher: Fetcher, pool: Pool, rules: ReadingRules
    ) -> None:
        self._articles = articles
        self._fetcher = fetcher
        self._pool = pool
        self._rules = rules

    async def __call__(self, claimed: Claimed, entry: Entry) -> None:
        """Read one entry and finish the hop.

        Raises Permanent when reading it took too long or killed the worker, LostOwnership when
        another consumer has it by now.
        """
        page = await self._page(entry) if needs_page(entry) else None
        article = await self._pool.run(read, entry, page, self._rules)
        await self._articles.append(claimed, article)
        _log.info(
            line(
                "read.done",
                feed=entry.feed_id,
                article=article.id,
                revision=article.revision,
                state=article.state,
                quotes=len(article.quotes),
                topics=",".join(match.topic for match in article.matches) or None,
            )
        )

    async def _page(self, entry: Entry) -> bytes | None:
        """The linked page, or None: the summary is then all there is, and the article says so."""
        fetched = await self._fetcher.fetch(entry.url)
        if isinstance(fetched, Fetched):
            return fetched.body
        _log.info(line("read.no_page", article=entry.article_id, problem=fetched.problem))
        return None
