"""The score of a match, and the evidence for it: the hits that counted."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from bot.core.matching.describe import describe
from bot.core.matching.hits import Hit, Place
from bot.core.matching.rules import phrases_in
from bot.core.matching.verdict import Verdict
from bot.core.matching.words import Words
from bot.core.text.fold import fold
from bot.domain.quotes import Span
from bot.domain.watch import Evidence, Match, ScorePart, Topic, Where

#: Hits of one rule that count.
_COUNTED = 3


def score(
    topic: Topic, verdict: Verdict, words: Mapping[Place, Words], texts: Mapping[str, str]
) -> Match:
    """The match of a topic that holds; ``texts`` are the original ``title`` and ``text``."""
    weights = {_key(phrase): weight for phrase, weight in topic.weights}

    def points(hit: Hit) -> float:
        weight = prod(weights.get(_key(phrase.text), 1) for phrase in phrases_in(hit.rule))
        return weight * (topic.title_counts if hit.place.field == "title" else 1)

    shown: list[tuple[Hit, Where | None]] = []
    parts = []
    for held in verdict.scored:
        best = _best([(points(hit), hit) for hit in held.hits])
        shown += [(hit, held.where) for _, hit in best]
        parts.append(ScorePart(rule=describe(held.rule), points=sum(value for value, _ in best)))
    if (counted := verdict.counted) is not None:
        best = _best([(points(hit), hit) for hit in counted.hits])
        shown += [(hit, counted.where) for _, hit in best]
    evidence: dict[tuple[str, Span, str], Evidence] = {}
    for hit, where in sorted(shown, key=lambda each: each[0].order):
        found = _evidence(hit, where, words, texts)
        evidence.setdefault((found.field, found.span, found.rule), found)
    return Match(
        topic=topic.name,
        score=sum(part.points for part in parts),
        evidence=tuple(evidence.values()),
        parts=tuple(parts),
    )


def _best(valued: list[tuple[float, Hit]]) -> list[tuple[float, Hit]]:
    """The hits worth most that do not overlap; of equals the first, then the longest."""
    chosen: list[tuple[float, Hit]] = []
    for value, hit in sorted(valued, key=lambda each: (-each[0], *each[1].order[:3], -each[1].end)):
        if not any(hit.overlaps(other) for _, other in chosen):
            chosen.append((value, hit))
            if len(chosen) == _COUNTED:
                break
    return chosen


def _key(phrase: str) -> str:
    return fold(phrase).casefold()


def _evidence(
    hit: Hit, where: Where | None, words: Mapping[Place, Words], texts: Mapping[str, str]
) -> Evidence:
    span = words[hit.place].span(hit.start, hit.end)
    field = hit.place.field
    return Evidence(
        rule=describe(hit.rule),
        field=field,
        span=span,
        text=span.of(texts[field]),
        path=where.path if where else "",
        line=where.line if where else 0,
        paragraph=hit.place.paragraph + 1,
    )
