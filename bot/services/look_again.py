"""look again: a page that was read, an hour, six and a day later → an edit, if it was edited.

A feed with summaries says nothing when an article is corrected behind them. What is found goes on
ENTRIES as the article's next revision, so it is read, judged and told like any other edit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from bot.core.articles.again import seconds_until, was_edited
from bot.core.articles.given import needs_page
from bot.domain.errors import Permanent, Recoverable, cause
from bot.domain.news import Article, Entry, EntryReason, Look
from bot.domain.stories import Action, Decision
from bot.ports.news import ArticleLog, Looks
from bot.ports.work import Pool
from bot.services.log import line, logger
from bot.services.pages import Pages

_log = logger("look")

#: Pages looked at together by one process.
TOGETHER = 8


class LookAgain:
    """Looks at pages again, in spare time."""

    def __init__(
        self,
        *,
        looks: Looks,
        articles: ArticleLog,
        decisions: Callable[[str], Awaitable[Sequence[Decision]]],
        pages: Pages,
        pool: Pool,
        first: float,
    ) -> None:
        """Nothing is planned yet.

        Args:
            looks: What is to be looked at, and when.
            articles: What was read.
            decisions: Article id → what channels got of it: what nobody gets is not looked at.
            pages: Fetches pages.
            pool: Where pages are read.
            first: Seconds until the first look; 0 for none at all.
        """
        self._looks = looks
        self._articles = articles
        self._decisions = decisions
        self._pages = pages
        self._pool = pool
        self._first = first

    async def plan(self, entry: Entry, article: Article) -> None:
        """Have the page looked at if a topic matched and the feed gave only a summary."""
        if not self._first or not article.matches or not entry.reason.announces:
            return
        after = seconds_until(0, first=self._first)
        if needs_page(entry) and after is not None:
            await self._looks.plan(entry, after=after)

    async def look(self) -> int:
        """Look at what is due; returns how many pages that were."""
        looks = await self._looks.claim(TOGETHER)
        results = await asyncio.gather(*map(self._look, looks), return_exceptions=True)
        for look, result in zip(looks, results, strict=True):
            if isinstance(result, Exception):  # its lease lapses, and it is done again
                _log.error(line("look.failed", article=look.entry.article_id, problem=repr(result)))
        return len(looks)

    async def _look(self, look: Look) -> None:
        entry = look.entry
        if not await self._shown(entry.article_id):
            await self._looks.settle(look, again=None)
            return
        again = seconds_until(look.number, first=self._first)
        try:
            page = await self._pages.again(entry, look=look.number)
            if page is not None and not await self._edited(entry, page):
                page = None
        except Recoverable as error:
            await self._looks.settle(look, done=False, again=error.after or self._first)
            return
        if page is None:
            await self._looks.settle(look, again=again)
            return
        edit = replace(entry, reason=EntryReason.EDITED)
        revision = await self._looks.settle(look, again=again, edit=edit, page=page)
        if revision is not None:
            _log.info(line("look.edited", article=entry.article_id, revision=revision))

    async def _shown(self, article_id: str) -> bool:
        """Whether a channel got the article, or will with its digest."""
        decisions = await self._decisions(article_id)
        return any(decision.action is not Action.NONE for decision in decisions)

    async def _edited(self, entry: Entry, page: bytes) -> bool:
        known = await self._articles.latest(entry.article_id)
        if known is None or known.article.feed_id != entry.feed_id:
            return False
        try:
            return await self._pool.run(was_edited, entry, page, known.article)
        except Permanent as error:
            _log.error(line("look.page_failed", article=entry.article_id, problem=cause(error)))
            return False
