"""Hits under corrections of speakers: what is found by the name an admin gave, what tells another.

The index knows a quote by the name that was read. A passage is its outlet's own words, so it is
cut where it gives a withdrawn name with the words it was withdrawn from.
"""

from __future__ import annotations

from dataclasses import replace

from bot.core.answers.lines import part
from bot.core.answers.rank import names_asked
from bot.core.answers.speakers import is_speaker
from bot.core.answers.words import stems
from bot.core.quotes.corrections import Corrections
from bot.core.text.paragraphs import sentences
from bot.domain.answers import Hit, Question
from bot.domain.ledger import Correction


def given_to(question: Question, corrections: Corrections) -> tuple[Correction, ...]:
    """The corrections that say the person asked about said something."""
    names = names_asked(question)
    return tuple(
        correction
        for correction in corrections.all
        if correction.said is not None and is_speaker(names, correction.said)
    )


def untold(question: Question, hit: Hit, corrections: Corrections) -> tuple[Hit, ...]:
    """``hit``, or the sentences of it that do not tell who an admin said it was not."""
    if hit.is_quote or not corrections.told_in(hit.text, hit.published):
        return (hit,)
    return tuple(
        weighed(question, part(hit, span))
        for span in sentences(hit.text)
        if not corrections.told_in(span.of(hit.text), hit.published)
    )


def is_asked_for(question: Question, hit: Hit) -> bool:
    """Whether a quote is of the time and the outlet asked about."""
    return (
        (question.since is None or question.since <= hit.published)
        and (question.until is None or hit.published < question.until)
        and (question.outlet is None or question.outlet.casefold() == hit.outlet.casefold())
    )


def weighed(question: Question, hit: Hit) -> Hit:
    """``hit`` with the part of the question's words that it holds as its coverage and score."""
    wanted = set(stems(" ".join((*question.words, *question.phrases))))
    held = len(wanted & set(stems(hit.text))) / len(wanted) if wanted else 0.0
    return replace(hit, coverage=held, score=held)
