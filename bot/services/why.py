"""why: everything the system knows about one article, from its record to its posts."""

from __future__ import annotations

from bot.core.feeds.identity import article_id, canonical_url
from bot.core.quotes.corrections import corrections_of
from bot.core.quotes.ledger import as_entries
from bot.domain.explanations import Explanation
from bot.domain.posts import PostKey, PostKind
from bot.ports.ledger import CorrectionLog
from bot.ports.news import ArticleLog, FeedStore
from bot.ports.work import DeadLetters, Desk, Outbox, Waiting

#: Posts, the newest, among which the digests that show the article's story are looked for.
_DIGESTS_AMONG = 500
#: Dead letters, the newest, among which those of the article are looked for.
_GIVEN_UP_AMONG = 1_000


class Why:
    """Gathers an Explanation; changes nothing."""

    def __init__(
        self,
        *,
        feeds: FeedStore,
        articles: ArticleLog,
        desk: Desk,
        outbox: Outbox,
        waiting: Waiting | None = None,
        corrections: CorrectionLog | None = None,
        dead_letters: DeadLetters | None = None,
    ) -> None:
        self._feeds = feeds
        self._articles = articles
        self._desk = desk
        self._outbox = outbox
        self._waiting = waiting
        self._corrections = corrections
        self._dead_letters = dead_letters

    async def __call__(self, url: str) -> Explanation:
        """Explain the article behind ``url``: how far it got, if it was ever seen.

        A doc that was loaded goes by its own id.
        """
        canonical = canonical_url(url)
        name = article_id(url, title="", outlet="")
        record = await self._articles.latest(name)
        if record is None and (loaded := await self._articles.latest(url)) is not None:
            name, record = url, loaded
        letters = await self._dead_letters.newest(_GIVEN_UP_AMONG) if self._dead_letters else ()
        given_up = [letter for letter in letters if letter.article_id == name]
        if record is None:
            return Explanation(url=canonical, article_id=name, given_up=tuple(given_up))
        states = await self._feeds.states()
        decisions = await self._desk.decisions(name)
        keys = dict.fromkeys(
            PostKey(kind=PostKind.STORY, destination=d.destination, subject=(d.story_id,))
            for d in decisions
            if d.destination is not None
        )
        found = [await self._outbox.post(key) for key in keys]
        stories = {decision.story_id for decision in decisions}
        found += [
            post
            for post in await self._outbox.recent(limit=_DIGESTS_AMONG)
            if post.key.kind is PostKind.DIGEST
            and any(item.story_id in stories for item in post.brief.items)
        ]
        given_up += [one for one in letters if isinstance(one.work, PostKey) and one.work in keys]
        in_force = await self._corrections.in_force() if self._corrections else ()
        state = states.get(record.article.feed_id)
        return Explanation(
            url=canonical,
            article_id=name,
            record=record,
            quotes=as_entries(record, corrections_of(in_force)),
            feed=state[0] if state else None,
            decisions=decisions,
            posts=tuple(post for post in found if post is not None),
            given_up=tuple(given_up),
            parked=await self._waiting.parked() if self._waiting else (),
        )
