"""The key quotes of a story: ranked, each said once, names only where they are sure."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from bot.core.quotes.key import plain_words, rank
from bot.domain.posts import BriefQuote
from bot.domain.quotes import Quote
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
    sources: dict[str, tuple[Quote, Member]] = {}
    for member in members:
        for quote in member.quotes:
            said = _said(quote)
            if said and (said not in sources or quote.confidence > sources[said][0].confidence):
                sources[said] = (quote, member)
    chosen: list[str] = []
    ranked = rank(
        (quote for quote, _ in sources.values()), topic_words=topic_words, said_before=said_before
    )
    for quote in ranked:
        said = _said(quote)
        # A longer or shorter cut of words that are shown already.
        if not any(said in other or other in said for other in chosen):
            chosen.append(said)
        if len(chosen) == most:
            break
    return tuple(_shown(*sources[said]) for said in chosen)


def _said(quote: Quote) -> str:
    """The words alone, the same however an outlet prints them, a blank at both ends."""
    words = plain_words(quote.text)
    return f" {words} " if words else ""


def _shown(quote: Quote, member: Member) -> BriefQuote:
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
    )
