"""Posts as readers may see them now, whenever they were made.

posts ─► quotes that stand in their stored article ─► names that are not withdrawn
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from typing import Final, TypeAlias

from bot.core.briefs.check import only, stands
from bot.core.briefs.corrected import corrected_brief
from bot.core.quotes.corrections import corrections_of
from bot.domain.posts import BriefQuote, Post
from bot.domain.quotes import Part, Span
from bot.ports.ledger import CorrectionLog, RecentPosts, Tally
from bot.ports.news import ArticleLog
from bot.services.log import line, logger

_log = logger("page")

_Key: TypeAlias = tuple[str, int, str, Span, str, tuple[Part, ...]]

#: Quotes whose check is remembered; what is stored never changes, so once is enough.
_REMEMBERED: Final = 20_000


class ShownPosts:
    """What the pages, the Atom feed and ``latest`` read posts through."""

    def __init__(
        self,
        *,
        posts: RecentPosts,
        articles: ArticleLog,
        corrections: CorrectionLog,
        tally: Tally,
    ) -> None:
        self._posts = posts
        self._articles = articles
        self._corrections = corrections
        self._tally = tally
        #: A quote with its place → whether it stands.
        self._checks: dict[_Key, bool] = {}

    async def recent(self, *, limit: int) -> tuple[Post, ...]:
        """The posts changed last, the newest first."""
        posts = await self._posts.recent(limit=limit)
        await self._check(q for post in posts for item in post.brief.items for q in item.quotes)
        corrections = corrections_of(await self._corrections.in_force())
        return tuple(
            replace(
                post,
                brief=corrected_brief(
                    only(post.brief, lambda quote: self._checks.get(_key(quote), False))[0],
                    corrections,
                ),
            )
            for post in posts
        )

    async def _check(self, quotes: Iterable[BriefQuote]) -> None:
        """Look up quotes that were not looked up before."""
        if len(self._checks) > _REMEMBERED:
            self._checks.clear()
        fresh = {key: quote for quote in quotes if (key := _key(quote)) not in self._checks}
        places = sorted({quote.position for quote in fresh.values()})
        found = await asyncio.gather(*(self._articles.at(position) for position in places))
        records = dict(zip(places, found, strict=True))
        results = {key: stands(quote, records[quote.position]) for key, quote in fresh.items()}
        self._checks |= results
        if withheld := sum(not good for good in results.values()):
            _log.error(line("page.quote_withheld", n=withheld))
            await self._tally.withheld("page", withheld)


def _key(quote: BriefQuote) -> _Key:
    return (quote.article_id, quote.revision, quote.position, quote.span, quote.text, quote.parts)
