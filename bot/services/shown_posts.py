"""Posts as readers may see them now: under the corrections in force, whenever they were made."""

from __future__ import annotations

from dataclasses import replace

from bot.core.briefs.corrected import corrected_brief
from bot.core.quotes.corrections import corrections_of
from bot.domain.posts import Post
from bot.ports.ledger import CorrectionLog, RecentPosts


class ShownPosts:
    """What the pages, the Atom feed and ``latest`` read posts through."""

    def __init__(self, *, posts: RecentPosts, corrections: CorrectionLog) -> None:
        self._posts = posts
        self._corrections = corrections

    async def recent(self, *, limit: int) -> tuple[Post, ...]:
        """The posts changed last, the newest first."""
        posts = await self._posts.recent(limit=limit)
        corrections = corrections_of(await self._corrections.in_force())
        if not corrections:
            return posts
        return tuple(
            replace(post, brief=corrected_brief(post.brief, corrections)) for post in posts
        )
