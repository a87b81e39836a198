"""Hits as the index found them → hits in the order in which they answer.

    total = (lexical + coverage + speaker's quote + reported + number + phrases) × recency

A quote stands in a passage; what it lacks in words the passage may have, so each quote is read
with the passage around it. Copies of a wire count once, as the earliest outlet's.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.answers.lines import has_cue, reported
from bot.core.answers.speakers import is_speaker
from bot.core.answers.words import plain
from bot.domain.answers import Hit, Question

#: Fixed on development questions.
COVERAGE = 0.25
SPEAKER = 0.25
REPORTED = 0.1
CUE = 0.1
PHRASES = 0.1
#: A quote's words count in full, those around it a little less.
AROUND = 0.9
#: A quote of fewer words is a fragment, and worth less.
_WHOLE = 6
RECENCY = 0.5
RECENCY_DAYS = 30.0

_NOT_ALNUM = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A hit and what it is worth; ``hit.score`` is the total."""

    hit: Hit
    #: What stands around a quote, if it was found too; else None.
    around: Hit | None = None
    #: Words of the question held, the passage around counted in, 0 to 1.
    coverage: float
    #: Lexical score without recency, 0 to about 1.
    lexical: float
    #: Whether it is a quote of the person asked about.
    by_speaker: bool = False
    #: The sentence that reports words of the person asked about.
    reported: Hit | None = None
    #: The part of the question's phrases that it holds, 1 when there are none.
    phrases: float = 1.0


def rank(question: Question, hits: Sequence[Hit], *, now: datetime) -> tuple[Ranked, ...]:
    """``hits`` by total, the best first; a total order, whatever the order given."""
    passages = sorted((hit for hit in hits if not hit.is_quote), key=_earliest_first)
    ranked = [_rank(question, hit, _around(hit, passages), now) for hit in distinct(hits)]
    return tuple(sorted(ranked, key=_best_first))


def distinct(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """Each text once, as the outlet had it that published first; quotes and passages apart."""
    first: dict[tuple[bool, str], Hit] = {}
    for hit in sorted(hits, key=_earliest_first):
        key = (hit.is_quote, _NOT_ALNUM.sub("", plain(hit.text)))
        known = first.setdefault(key, hit)
        if known.speaker is None and hit.speaker is not None and hit.is_quote:
            first[key] = hit
    return tuple(first.values())


def names_asked(question: Question) -> tuple[str, ...]:
    """Names of whom the question is about: as known, else as written."""
    return question.speaker_names or ((question.speaker,) if question.speaker else ())


def _rank(question: Question, hit: Hit, around: Hit | None, now: datetime) -> Ranked:
    names = names_asked(question)
    coverage, lexical = hit.coverage, hit.score
    if around is not None:
        coverage = max(coverage, AROUND * around.coverage)
        lexical = max(lexical, AROUND * around.score)
    by_speaker = hit.is_quote and bool(names) and is_speaker(names, hit.speaker, role=hit.role)
    line = reported(hit, names) if names and not hit.is_quote else None
    text = f"{hit.title} {hit.text} {around.text if around else ''}"
    phrases = _share(question.phrases, text)
    total = lexical + COVERAGE * coverage
    total += SPEAKER * by_speaker * min(len(hit.text.split()) / _WHOLE, 1.0) + REPORTED * (
        line is not None
    )
    total += CUE * has_cue(hit.text, question.kind)
    total += PHRASES * phrases * bool(question.phrases)
    return Ranked(
        hit=replace(hit, score=total * recency(hit.published, now)),
        around=around,
        coverage=coverage,
        lexical=lexical,
        by_speaker=by_speaker,
        reported=line,
        phrases=phrases,
    )


def recency(published: datetime, now: datetime) -> float:
    """1.5 for today's news, 1 for old news."""
    days = max((now - published).total_seconds() / 86_400, 0.0)
    return 1 + RECENCY * math.exp(-days / RECENCY_DAYS)


def _around(hit: Hit, passages: Sequence[Hit]) -> Hit | None:
    if not hit.is_quote:
        return None
    return next(
        (
            p
            for p in passages
            if p.article_id == hit.article_id
            and p.position == hit.position
            and p.span.start <= hit.span.start < p.span.end
        ),
        None,
    )


def _share(phrases: tuple[str, ...], text: str) -> float:
    if not phrases:
        return 1.0
    held = plain(text)
    return sum(plain(phrase) in held for phrase in phrases) / len(phrases)


def _earliest_first(hit: Hit) -> tuple[object, ...]:
    place = (hit.published, hit.outlet, hit.article_id, hit.position, hit.span)
    return (*place, -hit.coverage, -hit.score, hit.text, hit.speaker is None, hit.speaker or "")


def _best_first(ranked: Ranked) -> tuple[object, ...]:
    hit = ranked.hit
    return (
        -hit.score,
        -hit.published.timestamp(),
        hit.article_id,
        hit.span,
        hit.is_quote,
        hit.position,
    )
