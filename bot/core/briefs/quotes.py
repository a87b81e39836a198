"""The key quotes of a story: ranked, each said once, names only where they are sure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from bot.core.quotes.key import plain_words, rank
from bot.core.quotes.utterance import same_words
from bot.domain.posts import BriefQuote
from bot.domain.quotes import Part, Quote
from bot.domain.stories import Member


def key_quotes(
    members: Iterable[Member],
    *,
    most: int,
    topic_words: frozenset[str],
    said_before: Collection[str] = (),
) -> tuple[BriefQuote, ...]:
    """At most ``most`` quotes of the members, the best first.

    The same words in several reports are one quote, taken from the report that is surest who
    said them, the earliest of equals.

    Args:
        members: Of one story.
        most: Quotes.
        topic_words: Words of the topics, lower case.
        said_before: Texts of quotes that are no news, as in ``rank``.
    """
    if most <= 0:
        return ()
    sources: dict[str, _Uttered] = {}
    for member in members:
        for one in _uttered(member):
            known = sources.get(one.words)
            if one.words and (known is None or one.quote.confidence > known.quote.confidence):
                sources[one.words] = one
    old = {plain_words(text) for text in said_before}
    whole = {one.whole: one.words for one in sources.values()}
    chosen: list[str] = []
    ranked = rank(
        whole,
        topic_words=topic_words,
        said_before=[quote.text for quote, words in whole.items() if sources[words].is_among(old)],
    )
    for quote in ranked:
        said = whole[quote]
        # A longer or shorter cut of words that are shown already, or another wording of them.
        if not any(_same(said, other) for other in chosen):
            chosen.append(said)
        if len(chosen) == most:
            break
    return tuple(_shown(sources[said]) for said in chosen)


def _same(said: str, other: str) -> bool:
    if said in other or other in said:
        return True
    return same_words(tuple(said.split()), tuple(other.split()))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Uttered:
    """An utterance of one member."""

    member: Member
    #: Its first part.
    quote: Quote
    parts: tuple[Part, ...]
    #: To be ranked: its text is all that is said, its span still the first part's.
    whole: Quote
    #: The words alone, the same however an outlet prints them, a blank at both ends.
    words: str

    def is_among(self, old: Collection[str]) -> bool:
        """Whether all of it was said before."""
        texts = [part.text for part in self.parts] or [self.quote.text]
        return all(plain_words(text) in old for text in texts)


def _uttered(member: Member) -> Iterator[_Uttered]:
    """What is said in a member: what "she said" parts is one utterance, told with its first."""
    for quote in member.quotes:
        parts = quote.parts_among(member.quotes)
        if parts and parts[0].span != quote.span:
            continue
        if parts:
            # A name that was withdrawn from one part is sure for none.
            group = (other for other in member.quotes if other.group == quote.group)
            quote = replace(quote, confidence=min(other.confidence for other in group))
        text = " ".join(part.text for part in parts) if parts else quote.text
        words = plain_words(text)
        yield _Uttered(
            member=member,
            quote=quote,
            parts=parts,
            whole=replace(quote, text=text) if parts else quote,
            words=f" {words} " if words else "",
        )


def _shown(one: _Uttered) -> BriefQuote:
    quote, member = one.quote, one.member
    name = quote.shown_speaker
    return BriefQuote(
        text=quote.text,
        kind=quote.kind,
        speaker=name,
        role=quote.speaker.role if quote.speaker and name else None,
        outlet=member.outlet,
        url=member.url,
        published=member.published,
        article_id=member.article_id,
        revision=member.revision,
        position=member.position,
        span=quote.span,
        parts=one.parts,
    )
