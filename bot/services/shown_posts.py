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
        await self._check(posts)
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

    async def _check(self, posts: Iterable[Post]) -> None:
        """Look up quotes that were not looked up before.

        One that was sent stays when its record was dropped: it was checked when it was sent.
        """
        if len(self._checks) > _REMEMBERED:
            self._checks.clear()
        quotes = [(q, post.sent) for post in posts for i in post.brief.items for q in i.quotes]
        fresh = {key: (q, sent) for q, sent in quotes if (key := _key(q)) not in self._checks}
        places = sorted({quote.position for quote, _ in fresh.values()})
        found = await asyncio.gather(*(self._articles.at(position) for position in places))
        records = dict(zip(places, found, strict=True))
        gone = {
            at for at, record in records.items() if not record and await self._articles.dropped(at)
        }
        results = {
            key: stands(quote, records[quote.position]) or (sent > 0 and quote.position in gone)
            for key, (quote, sent) in fresh.items()
        }
        self._checks |= results
        if withheld := sum(not good for good in results.values()):
            _log.error(line("page.quote_withheld", n=withheld))
            await self._tally.withheld("page", withheld)


def _key(quote: BriefQuote) -> _Key:
    return (quote.article_id, quote.revision, quote.position, quote.span, quote.text, quote.parts)
