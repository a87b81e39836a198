"""Question and hits → Reply: an answer, a near miss that says so, or nothing.

    hits ─► ranked ─► lines that may answer this kind of question ─► good enough? ─► answer
                                                                  └► near enough? ─► near miss
                                                                                 └► nothing

Total for any question and any hits. Lines are cut to what answers; results stay whole passages,
so that a reader has the words around. Typed checks only for what was asked: a question about
somebody's words is never answered with somebody else's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.answers.latest import latest
from bot.core.answers.lines import best_line
from bot.core.answers.rank import Ranked, rank
from bot.core.answers.words import stems
from bot.domain.answers import Hit, Question, QuestionKind, Reply, ReplyOutcome, Searched

MAX_RESULTS = 10
#: Lines of an answer to anything but "latest".
MAX_LINES = 3
#: Confidence from which hits answer, and from which they are worth showing as a near miss.
ANSWERS = 0.5
NEAR = 0.25
#: Further lines must come this near to the first.
_CLOSE = 0.8


def reply(question: Question, hits: Sequence[Hit], *, now: datetime, searched: Searched) -> Reply:
    """Answer ``question`` from ``hits``.

    Args:
        question: As parsed.
        hits: What the index found, in any order; ``score`` is lexical.
        now: When the question was asked; newer news counts a little more.
        searched: What was looked through.
    """
    ranked = rank(question, hits, now=now)
    able = _able(question, ranked)
    confidence = max((_confidence(question, r) for r in able[:MAX_RESULTS]), default=0.0)
    outcome = ReplyOutcome.ANSWER
    if confidence < ANSWERS:
        able = tuple(r for r in ranked if not r.hit.is_quote) or able
        near = max((_confidence(question, r) for r in able[:MAX_RESULTS]), default=0.0)
        confidence = min(max(confidence, near), ANSWERS - 0.01)
        outcome = ReplyOutcome.NEAR_MISS if near >= NEAR else ReplyOutcome.NOTHING
    lines = _lines(question, able, outcome)
    return Reply(
        question=question.text,
        outcome=outcome,
        confidence=min(confidence, 1.0),
        answer=lines,
        results=_results(ranked),
        searched=searched,
    )


def _able(question: Question, ranked: tuple[Ranked, ...]) -> tuple[Ranked, ...]:
    """What may answer: asked for words of X, quotes of X, then sentences that report X."""
    if question.kind is not QuestionKind.WHO_SAID or question.speaker is None:
        return ranked
    said = tuple(r for r in ranked if r.by_speaker)
    told = (_told(question, r, r.reported) for r in ranked if r.reported)
    return said + tuple(sorted(told, key=lambda r: -r.hit.score))


def _told(question: Question, ranked: Ranked, line: Hit) -> Ranked:
    """The sentence alone: what its passage holds counts half where the sentence lacks it."""
    wanted = set(stems(" ".join((*question.words, *question.phrases))))
    held = len(wanted & set(stems(line.text))) / len(wanted) if wanted else 1.0
    share = 0.5 + 0.5 * held
    return replace(
        ranked,
        hit=replace(line, score=ranked.hit.score * share),
        coverage=ranked.coverage * share,
        lexical=ranked.lexical * share,
    )


def _confidence(question: Question, ranked: Ranked) -> float:
    """How sure it is that this answers, 0 to 1: words held first, lexical score second."""
    if not question.words and not question.phrases:
        return 0.6 if ranked.by_speaker or question.kind is QuestionKind.LATEST else 0.0
    sure = 0.7 * ranked.coverage + 0.3 * min(ranked.lexical / 0.6, 1.0)
    return min(sure * (0.6 + 0.4 * ranked.phrases), 1.0)


def _lines(question: Question, able: tuple[Ranked, ...], outcome: ReplyOutcome) -> tuple[Hit, ...]:
    if outcome is ReplyOutcome.NOTHING or not able:
        return ()
    if outcome is ReplyOutcome.NEAR_MISS:
        return (best_line(able[0].hit, question),)
    if question.kind is QuestionKind.LATEST:
        return tuple(best_line(hit, question) for hit in latest(able))
    floor = _CLOSE * _confidence(question, able[0])
    shown: list[Hit] = []
    for r in able:
        line = best_line(r.hit, question)
        if _confidence(question, r) >= floor and not any(_overlap(line, s) for s in shown):
            shown.append(line)
        if len(shown) == MAX_LINES:
            break
    return tuple(shown)


def _results(ranked: tuple[Ranked, ...]) -> tuple[Hit, ...]:
    """Passages in order of the best thing in each; a quote found without its passage stands."""
    shown: list[Hit] = []
    for r in ranked:
        hit = r.hit if r.around is None else replace(r.around, score=r.hit.score)
        if not any(_overlap(hit, s) for s in shown):
            shown.append(hit)
        if len(shown) == MAX_RESULTS:
            break
    return tuple(shown)


def _overlap(a: Hit, b: Hit) -> bool:
    same = a.article_id == b.article_id
    return same and a.span.start < b.span.end and b.span.start < a.span.end
