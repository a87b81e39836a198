"""Who said what in which story, so that words known from another story are no news in this one.

Only words beside a sure name count. A shorter cut of words said before is old, too, where it
begins or ends as they did; a longer one is not, since it says more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.core.quotes.key import FRAGMENT, LONGEST, plain_words
from bot.domain.quotes import Quote
from bot.domain.stories import Member, Story

#: Words at either end that two cuts of an utterance share; fewer never stand alone.
_END = FRAGMENT + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Utterance:
    """Words of one member, a blank at both ends."""

    words: str
    story_id: str
    article_id: str
    published: datetime


class Said:
    """Utterances by their speaker and their first and last words."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], set[_Utterance]] = {}

    def add(self, story_id: str, member: Member) -> None:
        """Take in what is said in a member of a story."""
        for who, words in _said(member):
            utterance = _utterance(story_id, member, words)
            for end in _ends(words):
                self._known.setdefault((who, end), set()).add(utterance)

    def remove(self, story_id: str, member: Member) -> None:
        """Forget a member that was added."""
        for who, words in _said(member):
            utterance = _utterance(story_id, member, words)
            for end in _ends(words):
                known = self._known.get((who, end), set())
                known.discard(utterance)
                if not known:
                    self._known.pop((who, end), None)

    def before(self, story: Story) -> frozenset[str]:
        """Texts of the story's quotes that another story had from the same speaker earlier.

        Earlier is by publication: a correction is no new publication.
        """
        first: dict[tuple[str, str], datetime] = {}
        texts: dict[tuple[str, str], list[str]] = {}
        for member in story.members:
            for quote in member.quotes:
                said = _key(quote)
                if said is not None:
                    first[said] = min(member.published, first.get(said, member.published))
                    texts.setdefault(said, []).append(quote.text)
        return frozenset(
            text
            for said, published in first.items()
            if self._earlier(*said, story.id, published)
            for text in texts[said]
        )

    def _earlier(self, who: str, words: str, story_id: str, published: datetime) -> bool:
        return any(
            known.story_id != story_id and known.published < published and words in known.words
            for end in _ends(words)
            for known in self._known.get((who, end), ())
        )


def _said(member: Member) -> Iterator[tuple[str, str]]:
    return (said for quote in member.quotes if (said := _key(quote)) is not None)


def _key(quote: Quote) -> tuple[str, str] | None:
    """Speaker and words; None for a fragment, a document, or words nobody surely said."""
    name = quote.sure_name
    if name is None or len(quote.text) > LONGEST:
        return None
    words = plain_words(quote.text)
    return (name.lower(), f" {words} ") if words.count(" ") >= FRAGMENT else None


def _ends(words: str) -> tuple[str, str]:
    """The first and the last words."""
    parts = words.split()
    return " ".join(parts[:_END]), " ".join(parts[-_END:])


def _utterance(story_id: str, member: Member, words: str) -> _Utterance:
    return _Utterance(
        words=words,
        story_id=story_id,
        article_id=member.article_id,
        published=member.published,
    )
