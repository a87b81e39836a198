"""freshness: an alert that stands → how long its article took from its feed into the channel."""

from __future__ import annotations

from datetime import datetime

from bot.domain.news import EntryReason
from bot.domain.posts import PostKey, PostKind
from bot.ports.news import ArticleLog, FeedLog


class Freshness:
    """Measures posts; told by ``deliver``."""

    def __init__(self, *, articles: ArticleLog, feeds: FeedLog) -> None:
        self._articles = articles
        self._feeds = feeds

    async def posted(self, key: PostKey, at: datetime) -> None:
        """Note the first post of a story, by the article that opened it."""
        if key.kind is not PostKind.STORY:
            return
        record = await self._articles.latest(key.subject[0])
        if record is not None and record.article.reason is EntryReason.NEW:
            await self._feeds.was_posted(record.article, at)
