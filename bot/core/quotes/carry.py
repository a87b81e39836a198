"""Carry a speaker over to the quotes beside his own, where they fill their sentences."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise

from bot.core.quotes.choices import Choice, Line
from bot.core.quotes.clauses import Clause
from bot.core.quotes.lexicon import ISSUES, PAPERS, WEAK
from bot.core.quotes.mentions import Mention, MentionKind
from bot.core.quotes.subjects import opening
from bot.core.quotes.tokens import Tokens

#: Words between a quote and the cue that governs it, at most.
_REACH = 100
#: Rules for fragments inside the reporter's sentence; no whole quote goes on from them.
_FRAGMENTS = frozenset(("name said … quote", "name called … quote", "said … said … quote"))


def carry(row: Line) -> None:
    """Take a speaker over to a quote that fills its sentence, from the quote beside it."""
    tokens = row.tokens
    order = sorted(tokens.quotes)
    numbers = {place: sentence_of(tokens, place) for place in order}
    holding = set(numbers.values())
    pairs = list(pairwise(order))
    for before, place in pairs:
        prior = row.choices.get(tokens.quotes[before])
        index = tokens.quotes[place]
        if prior is None or prior.rule in _FRAGMENTS:
            continue
        if index not in row.choices and fills(tokens, numbers[place]):
            row.choices[index] = Choice(tokens, prior.mention, "next sentence", prior.verb)
    for place, later in reversed(pairs):
        prior = row.choices.get(tokens.quotes[later])
        index = tokens.quotes[place]
        adjoining = numbers[place] + 1 == numbers[later]
        if prior is None or index in row.choices or not adjoining:
            continue
        if fills(tokens, numbers[place]):
            row.choices[index] = Choice(tokens, prior.mention, "sentence before", prior.verb)
    for place in order:
        index = tokens.quotes[place]
        number = numbers[place]
        if index in row.choices or number == 0 or not fills(tokens, number):
            continue
        if number - 1 in holding:
            continue
        told = [c for c in near(row, number - 1, place) if _tells(tokens, c)]
        if told:
            row.choices[index] = Choice(tokens, told[0].subject, "name said. quote", told[0].verb)
            continue
        issuer = _issuer(tokens, number - 1)
        if issuer is not None:
            row.choices[index] = Choice(tokens, issuer, "issued a statement. quote")


def near(row: Line, number: int, place: int) -> list[Clause]:
    """The clauses of a sentence within reach of the quote at token ``place``."""
    first = bisect_left(row.clauses, place - _REACH, key=lambda clause: clause.verb)
    last = bisect_right(row.clauses, place + _REACH, key=lambda clause: clause.verb)
    return [clause for clause in row.clauses[first:last] if clause.sentence == number]


def _issuer(tokens: Tokens, number: int) -> Mention | None:
    """Who "issued a statement" in a sentence."""
    start, end = tokens.sentences[number]
    for place in range(start + 1, end - 1):
        if tokens.lower[place] in ISSUES and any(
            word in PAPERS for word in tokens.lower[place + 1 : place + 4]
        ):
            subject = opening(tokens, start, place)
            return subject if subject and subject.kind is MentionKind.NAME else None
    return None


def _tells(tokens: Tokens, clause: Clause) -> bool:
    """Whether a clause is plain "Holm said", so that a bare quote after it is Holm's."""
    return (
        clause.says
        and clause.form == "left"
        and clause.subject.kind is MentionKind.NAME
        and tokens.lower[clause.verb] not in WEAK
    )


def sentence_of(tokens: Tokens, place: int) -> int:
    """Number of the sentence that holds token ``place``."""
    return bisect_right(tokens.sentences, place, key=lambda bounds: bounds[0]) - 1


def fills(tokens: Tokens, number: int) -> bool:
    """Whether a sentence holds nothing but quotes and punctuation."""
    return all(
        place in tokens.quotes or not tokens.words[place][:1].isalnum()
        for place in range(*tokens.sentences[number])
    )
