"""Placing: which of the open stories an article belongs to, and why.

    same article id ───► SAME_ARTICLE
    copy of a member ──► COPY           its origin is that member's origin
    near to a story ───► SHARED         an independent report
    otherwise ─────────► NEW

A story is open while its newest member was stored within the window. ``Stories`` built from a
``DeskState`` answers as one that grew with it: nothing depends on a clock, on chance or on how
the state came about.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.stories.copies import Copies
from bot.core.stories.nearest import Nearest
from bot.core.stories.said import Said
from bot.domain.stories import DeskState, Member, Story, StoryReason

#: How long a story stays open after its newest member was stored.
WINDOW = timedelta(hours=72)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where an article belongs."""

    #: None when it starts a story.
    story_id: str | None = None
    reason: StoryReason = StoryReason.NEW
    #: Article id of the first article of its origin.
    origin: str


class Stories:
    """The open stories, indexed so that an article finds its own."""

    def __init__(self, *, window: timedelta = WINDOW) -> None:
        self._window = window
        self._stories: dict[str, Story] = {}
        self._story_of: dict[str, str] = {}
        #: Members inside the window: what copies and openings are compared with.
        self._live: dict[str, tuple[Member, ...]] = {}
        #: When the next member of a story leaves the window, at the earliest.
        self._leaving: list[tuple[datetime, str]] = []
        self._copies = Copies()
        self._nearest = Nearest()
        self._said = Said()

    @classmethod
    def of(cls, state: DeskState, *, window: timedelta = WINDOW) -> Stories:
        """The stories of ``state``."""
        stories = cls(window=window)
        for story in state.stories:
            stories.put(story)
        return stories

    def get(self, story_id: str) -> Story:
        """An open story; KeyError when there is none of this id."""
        return self._stories[story_id]

    def put(self, story: Story) -> None:
        """Take in a story, new or changed."""
        before = self._stories.get(story.id)
        for member in before.members if before else ():
            del self._story_of[member.article_id]
        self._stories[story.id] = story
        self._hear(story.id, before.members if before else (), story.members)
        for member in story.members:
            self._story_of[member.article_id] = story.id
        leaves = min(member.stored for member in story.members) + self._window
        heapq.heappush(self._leaving, (leaves, story.id))
        self._compare_with(story.id, story.members)

    def place(self, member: Member) -> Placement:
        """Where ``member`` belongs at the time it was stored."""
        self._leave(member.stored)
        known = self._story_of.get(member.article_id)
        if known is not None:
            earlier = next(
                m for m in self._stories[known].members if m.article_id == member.article_id
            )
            return Placement(story_id=known, reason=StoryReason.SAME_ARTICLE, origin=earlier.origin)
        original = self._copies.original(member)
        if original is not None:
            return Placement(
                story_id=self._story_of[original.article_id],
                reason=StoryReason.COPY,
                origin=original.origin,
            )
        near = self._nearest.story(member)
        if near is not None:
            return Placement(story_id=near, reason=StoryReason.SHARED, origin=member.article_id)
        return Placement(origin=member.article_id)

    def said_before(self, story: Story, *, now: datetime) -> frozenset[str]:
        """Texts of quotes in ``story`` whose speaker said the same in another open story before.

        ``story`` itself need not be open, nor put in as it is.
        """
        self._leave(now)
        return self._said.before(story)

    def _leave(self, now: datetime) -> None:
        """Let go of members, and of whole stories, that the window has left behind."""
        while self._leaving and self._leaving[0][0] <= now:
            _, story_id = heapq.heappop(self._leaving)
            story = self._stories.get(story_id)
            members = tuple(
                member
                for member in (story.members if story else ())
                if member.stored + self._window > now
            )
            if members:
                next_to_leave = min(member.stored for member in members)
                heapq.heappush(self._leaving, (next_to_leave + self._window, story_id))
            elif story is not None:
                del self._stories[story_id]
                for member in story.members:
                    del self._story_of[member.article_id]
                self._hear(story_id, story.members, ())
            self._compare_with(story_id, members)

    def _hear(self, story_id: str, before: tuple[Member, ...], after: tuple[Member, ...]) -> None:
        """Make what ``after`` say the words known of a story, which were those of ``before``."""
        left = {id(member) for member in after}
        known = {id(member) for member in before}
        for member in before:
            if id(member) not in left:
                self._said.remove(story_id, member)
        for member in after:
            if id(member) not in known:
                self._said.add(story_id, member)

    def _compare_with(self, story_id: str, members: tuple[Member, ...]) -> None:
        """Make ``members`` the ones that new articles are compared with for this story."""
        before = {member.article_id: member for member in self._live.pop(story_id, ())}
        after = {member.article_id: member for member in members}
        for article_id, member in before.items():
            if after.get(article_id) is not member:
                self._copies.remove(article_id)
        for article_id, member in after.items():
            if before.get(article_id) is not member:
                self._copies.add(member)
        self._nearest.put(story_id, members)
        if members:
            self._live[story_id] = members


def place(state: DeskState, member: Member, *, window: timedelta = WINDOW) -> Placement:
    """Where ``member`` belongs among the stories of ``state``, by that state alone."""
    return Stories.of(state, window=window).place(member)
