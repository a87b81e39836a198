"""Stories of a plain stream of docs: every article is placed, and its first decision stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.core.stories.members import lead
from bot.core.stories.place import Stories
from bot.core.stories.terms import terms
from bot.core.text.shingles import shingles
from bot.domain.stories import Member, Story, StoryReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """The story of one doc."""

    #: Id of the story's first doc.
    story: str
    reason: StoryReason
    #: Id of the first doc of the origin.
    origin: str


class StoryStream:
    """Places docs one after the other, in time order, as the desk places articles."""

    def __init__(self) -> None:
        self._stories = Stories()
        #: URL → id it was first seen under: another id at the same URL is the same article.
        self._ids: dict[str, str] = {}

    def place(
        self,
        doc_id: str,
        *,
        title: str,
        text: str,
        published: datetime,
        outlet: str = "",
        url: str | None = None,
    ) -> Placed:
        """Put a doc into its story; without an outlet or URL it stands on its text alone."""
        article_id = self._ids.setdefault(url, doc_id) if url else doc_id
        member = Member(
            article_id=article_id,
            revision=1,
            feed_id=outlet,
            outlet=outlet,
            url=url or "",
            title=title,
            lead=lead(text),
            published=published,
            stored=published,
            position="",
            origin=article_id,
            reason=StoryReason.NEW,
            packed_shingles=shingles(text),
            terms=terms(title, text),
        )
        placement = self._stories.place(member)
        if placement.reason is not StoryReason.SAME_ARTICLE:
            self._add(placement.story_id, member, origin=placement.origin)
        return Placed(
            story=placement.story_id or article_id,
            reason=placement.reason,
            origin=placement.origin,
        )

    def _add(self, story_id: str | None, member: Member, *, origin: str) -> None:
        members = self._stories.get(story_id).members if story_id else ()
        # Only these fields are compared later.
        member = Member(
            **{
                name: getattr(member, name)
                for name in Member.__dataclass_fields__
                if name != "origin"
            },
            origin=origin,
        )
        self._stories.put(Story(id=story_id or member.article_id, members=(*members, member)))
