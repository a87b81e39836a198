"""read: an entry → page if needed → text, quotes, matches, copy signature → one Article record."""

from __future__ import annotations

from bot.core.articles.given import needs_page
from bot.core.articles.read import ReadingRules, read
from bot.domain.jobs import Claimed
from bot.domain.news import Entry
from bot.ports.news import ArticleLog
from bot.ports.work import Pool
from bot.services.log import line, logger
from bot.services.pages import Pages

_log = logger("read")


class Read:
    """Reads entries, many at once; the thinking happens in worker processes."""

    def __init__(
        self, *, articles: ArticleLog, pages: Pages, pool: Pool, rules: ReadingRules
    ) -> None:
        self._articles = articles
        self._pages = pages
        self._pool = pool
        self._rules = rules

    async def __call__(self, claimed: Claimed, entry: Entry) -> None:
        """Read one entry and finish the hop.

        Raises Permanent when reading it took too long or killed the worker, LostOwnership when
        another consumer has it by now, Recoverable when its page is to be fetched later.
        """
        page = await self._pages(entry) if needs_page(entry) else None
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
