"""The verdict on one topic and one article: whether its rules hold, where, or why not."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.matching.describe import describe
from bot.core.matching.hits import Hit, count_apart
from bot.core.matching.rules import Reading
from bot.domain.watch import AnyOf, Only, Rule, Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a topic's rules hold."""

    #: Each rule that counts for the score, with its hits.
    scored: tuple[tuple[Rule, tuple[Hit, ...]], ...] = ()
    #: Hits of ``at_least``.
    counted: tuple[Hit, ...] = ()
    #: Why the topic does not hold, for its author; empty if it does.
    problem: str = ""


def judge(topic: Topic, article: Reading) -> Verdict:
    """Tries the rules of ``topic``; its metadata were checked before."""
    if not (topic.any or topic.all or topic.at_least):
        return Verdict(problem="the topic has no rule that could hold")
    found = [(rule, tuple(article.hits(rule))) for rule in topic.any]
    if topic.any and not any(hits for _, hits in found):
        return Verdict(problem=f"it needs {describe(AnyOf(parts=topic.any))}")
    for rule in topic.all:
        found.append((rule, hits := tuple(article.hits(rule))))
        if not hits:
            return Verdict(problem=f"it needs {describe(rule)}")
    counted: tuple[Hit, ...] = ()
    if topic.at_least is not None:
        counted = tuple(article.hits(topic.at_least.of))
        if (count := count_apart(counted)) < topic.at_least.times:
            wanted = f"{describe(topic.at_least.of)} {topic.at_least.times} times"
            return Verdict(problem=f"it needs {wanted}, there are {count}")
        if not found:
            found.append((topic.at_least.of, counted))
    for rule in topic.none:
        if hits := tuple(article.hits(rule)):
            return Verdict(problem=f"it must not hold {describe(hits[0].rule)}")
    return Verdict(scored=tuple(each for each in found if each[1]), counted=counted)


def allows(only: Only, *, language: str | None, country: str | None, tier: int | None) -> bool:
    """Whether an article with these metadata may match; what is unknown is in no set."""
    if only.languages:
        languages = {each.lower() for each in only.languages}
        spoken = (language or "").lower()
        if not languages & {spoken, spoken.split("-")[0]}:
            return False
    if only.countries and (country or "").upper() not in {each.upper() for each in only.countries}:
        return False
    return not only.tiers or tier in only.tiers
