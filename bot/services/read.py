"""read: an entry → page if needed → text, quotes, matches → one Article record.

What cannot be read costs itself only: a page that kills its reader leaves the feed's own text, a
text that does so leaves the headline, so that the entry is matched all the same.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.core.articles.given import needs_page
from bot.core.articles.read import ReadingRules, read
from bot.domain.errors import Recoverable, cause
from bot.domain.jobs import Claimed
from bot.domain.news import Article, Entry
from bot.ports.news import ArticleLog, FeedLog
from bot.ports.work import Pool
from bot.services.log import line, logger
from bot.services.pages import Pages

_log = logger("read")


class Read:
    """Reads entries, many at once; the thinking happens in worker processes."""

    def __init__(
        self,
        *,
        articles: ArticleLog,
        feeds: FeedLog,
        pages: Pages,
        pool: Pool,
        rules: ReadingRules,
        reading: Callable[[Entry, bytes | None, ReadingRules], Article] = read,
        again: Callable[[Entry, Article], Awaitable[None]] | None = None,
    ) -> None:
        """``reading`` is what runs in a worker process; it has to be picklable.

        ``again`` is told of everything read: its page may be worth another look.
        """
        self._articles = articles
        self._feeds = feeds
        self._pages = pages
        self._pool = pool
        self._rules = rules
        self._reading = reading
        self._again = again

    async def __call__(self, claimed: Claimed, entry: Entry) -> None:
        """Read one entry and finish the hop.

        Raises Permanent when reading as little as its headline took too long or killed the
        worker, LostOwnership when another consumer has it by now, Recoverable when its page is
        to be fetched later.
        """
        page = await self._pages(entry) if needs_page(entry) else None
        article = await self._read(entry, page)
        await self._articles.append(claimed, article)
        if page is not None:
            await self._pages.done(entry)
        await self._feeds.was_read(article)
        if self._again is not None:
            await self._again(entry, article)
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

    async def _read(self, entry: Entry, page: bytes | None) -> Article:
        """The article of what can be read: page, else the feed's text, else the headline."""
        if page is not None:
            try:
                return await self._pool.run(self._reading, entry, page, self._rules)
            except Recoverable:
                raise
            except Exception as error:  # noqa: BLE001 - whatever it brings out, it is one page
                _log.error(line("read.page_failed", article=entry.article_id, problem=cause(error)))
        try:
            return await self._pool.run(self._reading, entry, None, self._rules)
        except Recoverable:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it brings out, it is one text
            _log.error(line("read.text_failed", article=entry.article_id, problem=cause(error)))
        headline = replace(entry, summary="", text="")
        return await self._pool.run(self._reading, headline, None, self._rules)
