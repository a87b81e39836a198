"""Which quotes carry an article: a total order over its quotes, the best first.

Points go to whole utterances, to a speaker whose name may be shown, to an office held, to a
speaker whom the topic names, to words of the topic, to what is concrete (numbers, commitments,
deadlines), to what the speaker has not said before and to a length that fits a card; words that
lean on what went before ("It …", "But …") or lack their subject ("is ready to …") lose some. The
best new quote of each speaker comes before anybody's second one and before what was said before,
and reported speech after every quote.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache

from bot.core.text.fold import fold
from bot.domain.quotes import Quote, QuoteKind

#: Characters a card shows well, both inclusive.
FITS = (40, 300)
#: Characters beyond which a quote is a document: never remembered.
LONGEST = 2_000
#: Fragments up to this many words cannot stand alone.
FRAGMENT = 3
_WORD = re.compile(r"\w+(?:[-'.]\w+)*")
_PLAIN_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d|\b(?:percent|per cent|million|billion|trillion|half|twice|dozens?)\b")
_COMMITS = re.compile(
    r"\b(?:will|won't|shall|must|cannot|never|pledg\w*|promis\w*|commit\w*|agree\w*|refus\w*"
    r"|demand\w*|guarant\w*|decid\w*|ready to|going to)\b"
)
_DEADLINE = re.compile(
    r"\b(?:by|until|before|within|from) (?:\d|the end|next|this|january|february|march|april|may"
    r"|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday"
    r"|friday|saturday|sunday|summer|winter|autumn|spring|weeks?|months?|days|tomorrow)"
)
_LEANS = re.compile(
    r"[\W_]*(?:it|it's|that|that's|this|they|he|she|but|and|so|because|then|there|these|those)\b"
)
#: A fragment without its subject.
_HEADLESS = re.compile(
    r"[\W_]*(?:is|are|was|were|be|been|being|has|have|had|does|do|did|will|would|can|could|shall"
    r"|should|may|might|must|includes?|remains?|and|or|than|of|to)\b"
)
_OFFICES = frozenset(
    "president minister chancellor secretary general chief commissioner speaker governor senator "
    "admiral commander ambassador king queen pope premier director chair chairman chairwoman "
    "leader envoy negotiator justice präsident präsidentin kanzler kanzlerin".split()
)
_TOPIC_WORDS = 3
#: Letters before the ``*`` of a topic word, at least.
_STEM = 3
#: What a quote loses when its speaker said the same before.
_OLD = 6.0


def rank(
    quotes: Iterable[Quote],
    *,
    topic_words: frozenset[str],
    said_before: Collection[str] = (),
) -> tuple[Quote, ...]:
    """Quotes in order of worth; fragments that cannot stand alone are left out.

    Args:
        quotes: Of one article or story, in any order.
        topic_words: Words of the topic, lower case; ``spend*`` stands for ``spending``, too.
        said_before: Texts of quotes that are no news: their speaker said the same earlier.
    """
    old = {plain_words(text) for text in said_before}
    worth = {
        quote: points(quote, topic_words=topic_words) - _OLD * (plain_words(quote.text) in old)
        for quote in set(quotes)
    }
    ordered = sorted(
        (quote for quote in worth if len(_WORD.findall(quote.text)) > FRAGMENT),
        key=lambda quote: (-worth[quote], quote.span, quote.text, quote.rule, repr(quote)),
    )
    best: list[Quote] = []
    rest: list[Quote] = []
    heard: set[str] = set()
    for quote in ordered:
        if quote.kind is not QuoteKind.INDIRECT:
            who = _who(quote)
            if who in heard or plain_words(quote.text) in old:
                rest.append(quote)
            else:
                best.append(quote)
                heard.add(who)
    indirect = [quote for quote in ordered if quote.kind is QuoteKind.INDIRECT]
    return (*best, *rest, *sorted(indirect, key=lambda quote: _who(quote) in heard))


def points(quote: Quote, *, topic_words: frozenset[str]) -> float:
    """What a quote is worth on a card, from about -2 to 16."""
    text = fold(quote.text).lower()
    named = quote.sure_name is not None
    met = _met(_WORD.findall(text), topic_words)
    concrete = sum(bool(sign.search(text)) for sign in (_NUMBER, _COMMITS, _DEADLINE))
    shortest, longest = FITS
    fits = 1.0 if shortest <= len(text) <= longest else -1.0
    role = set(_WORD.findall((quote.speaker.role or "").lower())) if quote.speaker else set()
    headless = quote.kind is QuoteKind.MIXED and _HEADLESS.match(text)
    return (
        1.0 * (named and bool(role & _OFFICES))
        + 1.0 * bool(_met(plain_words(quote.sure_name or "").split(), topic_words))
        - 1.0 * bool(_LEANS.match(text) or headless)
        + 3.0 * (quote.kind is QuoteKind.DIRECT)
        + (3.0 if named else 1.0 if quote.speaker is not None else 0.0)
        + 1.5 * min(met, _TOPIC_WORDS)
        + 0.75 * concrete
        + fits
    )


def plain_words(text: str) -> str:
    """The words alone, lower case, however an outlet prints them; one blank between two."""
    return _remembered(text) if len(text) <= LONGEST else _plain(text)


@lru_cache(maxsize=8192)
def _remembered(text: str) -> str:
    # A brief asks for the words of each quote several times, and each fold makes briefs.
    return _plain(text)


def _plain(text: str) -> str:
    return " ".join(_PLAIN_WORD.findall(fold(text).lower()))


def _met(words: Iterable[str], topic_words: frozenset[str]) -> int:
    """How many different words are words of the topic."""
    plain = {word.removesuffix("'s") for word in words}
    return sum(
        word in topic_words
        or any(f"{word[:length]}*" in topic_words for length in range(_STEM, len(word) + 1))
        for word in plain
    )


def _who(quote: Quote) -> str:
    if quote.speaker is None:
        return ""
    return (quote.speaker.name or quote.speaker.text).lower()
