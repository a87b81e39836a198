"""Which quotes carry an article: a total order over its quotes, the best first.

Points go to whole utterances, to a speaker whose name may be shown, to words of the topic, to what
is concrete (numbers, commitments, deadlines) and to a length that fits a card. The best quote of
each speaker comes before anybody's second one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.core.text.fold import fold
from bot.domain.quotes import Quote, QuoteKind

#: Characters a card shows well, both inclusive.
FITS = (40, 300)
#: Fragments up to this many words cannot stand alone.
FRAGMENT = 3
_WORD = re.compile(r"\w+(?:[-'.]\w+)*")
_NUMBER = re.compile(r"\d|\b(?:percent|per cent|million|billion|trillion|half|twice|dozens?)\b")
_COMMITS = re.compile(
    r"\b(?:will|won't|shall|must|cannot|never|pledge|promise|commit|commitment|agree|agreed|refuse"
    r"|demand|guarantee|decided|ready to|going to)\b"
)
_DEADLINE = re.compile(
    r"\b(?:by|until|before|within|from) (?:\d|the end|next|this|january|february|march|april|may"
    r"|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday"
    r"|friday|saturday|sunday|summer|winter|autumn|spring|weeks?|months?|days|tomorrow)"
)
_TOPIC_WORDS = 3


def rank(quotes: Iterable[Quote], *, topic_words: frozenset[str]) -> tuple[Quote, ...]:
    """Quotes in order of worth; fragments that cannot stand alone are left out.

    Args:
        quotes: Of one article, in any order.
        topic_words: Words of the topic, lower case.
    """
    worth = {quote: points(quote, topic_words=topic_words) for quote in set(quotes)}
    ordered = sorted(
        (quote for quote in worth if len(_WORD.findall(quote.text)) > FRAGMENT),
        key=lambda quote: (-worth[quote], quote.span, quote.text, quote.rule, repr(quote)),
    )
    best: list[Quote] = []
    rest: list[Quote] = []
    heard: set[str] = set()
    for quote in ordered:
        who = _who(quote)
        (rest if who in heard else best).append(quote)
        heard.add(who)
    return (*best, *rest)


def points(quote: Quote, *, topic_words: frozenset[str]) -> float:
    """What a quote is worth on a card, from about -1 to 14."""
    text = fold(quote.text).lower()
    named = quote.sure_name is not None
    met = {word.removesuffix("'s") for word in _WORD.findall(text)} & topic_words
    concrete = sum(bool(sign.search(text)) for sign in (_NUMBER, _COMMITS, _DEADLINE))
    shortest, longest = FITS
    fits = 1.0 if shortest <= len(text) <= longest else -1.0
    return (
        3.0 * (quote.kind is QuoteKind.DIRECT)
        + (3.0 if named else 1.0 if quote.speaker is not None else 0.0)
        + 1.5 * min(len(met), _TOPIC_WORDS)
        + 0.75 * concrete
        + fits
    )


def _who(quote: Quote) -> str:
    if quote.speaker is None:
        return ""
    return (quote.speaker.name or quote.speaker.text).lower()
