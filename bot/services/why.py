"""why: everything the system knows about one article, from its record to its posts."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.feeds.identity import article_id, canonical_url
from bot.domain.news import FeedState, Record
from bot.domain.posts import Post, PostKey, PostKind
from bot.domain.stories import Decision
from bot.ports.news import ArticleLog, FeedStore
from bot.ports.work import Desk, Outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One article's way; what is missing did not happen."""

    url: str
    article_id: str
    #: The newest stored revision.
    record: Record | None = None
    #: Of the feed it came from.
    feed: FeedState | None = None
    decisions: tuple[Decision, ...] = ()
    #: Posts of its story.
    posts: tuple[Post, ...] = ()


class Why:
    """Gathers an Explanation; changes nothing."""

    def __init__(
        self, *, feeds: FeedStore, articles: ArticleLog, desk: Desk, outbox: Outbox
    ) -> None:
        self._feeds = feeds
        self._articles = articles
        self._desk = desk
        self._outbox = outbox

    async def __call__(self, url: str) -> Explanation:
        """Explain the article behind ``url``, or say that it was never seen."""
        canonical = canonical_url(url)
        name = article_id(url, title="", outlet="")
        record = await self._articles.latest(name)
        if record is None:
            return Explanation(url=canonical, article_id=name)
        states = await self._feeds.states()
        decisions = await self._desk.decisions(name)
        keys = dict.fromkeys(
            PostKey(kind=PostKind.STORY, destination=d.destination, subject=(d.story_id,))
            for d in decisions
            if d.destination is not None
        )
        found = [await self._outbox.post(key) for key in keys]
        state = states.get(record.article.feed_id)
        return Explanation(
            url=canonical,
            article_id=name,
            record=record,
            feed=state[0] if state else None,
            decisions=decisions,
            posts=tuple(post for post in found if post is not None),
        )
