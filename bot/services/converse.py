"""converse: a line that a person typed → what they get, the same on every platform."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Protocol

from bot.core.answers.commands import parse
from bot.domain.answers import Reply
from bot.domain.conversation import Command, Example, Help, Latest, Spoken, Verb
from bot.domain.explanations import Explanation
from bot.domain.posts import BriefItem, Post, PostKind
from bot.ports.ledger import RecentPosts

#: Stories that ``latest`` shows, and the posts it looks through for them.
_SHOWN = 5
_LOOKED_THROUGH = 200

#: What the help shows; a platform puts in front of a line what it needs there.
EXAMPLES = (
    Example(line="latest", does="the newest stories"),
    Example(line="latest {topic}", does="the newest stories of one topic"),
    Example(line="quotes Rutte", does="what somebody said, word for word"),
    Example(line="what did Rutte say about Article 5?", does="any question, answered from quotes"),
    Example(line="why https://example.org/story", does="why a story was sent, or was not"),
    Example(line="help", does="this list"),
)


class Asks(Protocol):
    """Answers a question."""

    async def __call__(self, text: str, *, now: datetime) -> Reply:
        """The reply; ``now`` is what "yesterday" counts from."""


class Converse:
    """Understands a line and gathers what it asks for; changes nothing."""

    def __init__(
        self,
        *,
        ask: Asks,
        why: Callable[[str], Awaitable[Explanation]],
        outbox: RecentPosts,
        topics: Iterable[str],
    ) -> None:
        self._ask = ask
        self._why = why
        self._outbox = outbox
        self._topics = tuple(topics)

    async def __call__(self, text: str, *, now: datetime) -> Spoken:
        """What the person who typed ``text`` gets."""
        command = parse(text, topics=self._topics)
        match command.verb:
            case Verb.HELP:
                return self._help(command)
            case Verb.LATEST:
                return await self._latest(command.argument or None)
            case Verb.QUOTES:
                return await self._ask(f"What did {command.argument} say?", now=now)
            case Verb.WHY:
                return await self._why(command.argument)
        return await self._ask(command.argument, now=now)

    def _help(self, command: Command) -> Help:
        topic = self._topics[0] if self._topics else None
        return Help(
            examples=tuple(
                Example(line=example.line.format(topic=topic), does=example.does)
                for example in EXAMPLES
                if topic or "{topic}" not in example.line
            ),
            topics=self._topics,
            typed=command.argument,
            nearest=command.nearest,
        )

    async def _latest(self, topic: str | None) -> Latest:
        posts = await self._outbox.recent(limit=_LOOKED_THROUGH)
        items: dict[str, BriefItem] = {}
        for post in filter(_is_news, posts):
            for item in post.brief.items:
                if topic is None or topic in item.topics:
                    items.setdefault(item.story_id, item)
        newest = sorted(items.values(), key=lambda item: item.published, reverse=True)
        return Latest(topic=topic, items=tuple(newest[:_SHOWN]))


def _is_news(post: Post) -> bool:
    """Whether readers have it before them, and it is no answer or word to the admins."""
    return post.handle is not None and post.key.kind in {PostKind.STORY, PostKind.DIGEST}
