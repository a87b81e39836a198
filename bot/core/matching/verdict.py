"""The verdict on one topic and one article: whether its rules hold, where, or why not."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.matching.describe import describe
from bot.core.matching.hits import Hit, count_apart
from bot.core.matching.rules import Reading
from bot.domain.watch import AnyOf, Rule, Topic, Where


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A rule of a topic, with its hits."""

    rule: Rule
    hits: tuple[Hit, ...]
    #: In the topic's file, if known.
    where: Where | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a topic's rules hold."""

    #: Each rule that counts for the score.
    scored: tuple[Held, ...] = ()
    #: The rule of ``at_least``.
    counted: Held | None = None
    #: Why the topic does not hold, for its author; empty if it does.
    problem: str = ""


def judge(topic: Topic, article: Reading) -> Verdict:
    """Tries the rules of ``topic``; its metadata were checked before."""
    if not (topic.any or topic.all or topic.at_least):
        return Verdict(problem="the topic has no rule that could hold")
    places = iter(topic.where)

    def tried(rule: Rule) -> Held:
        return Held(rule=rule, hits=tuple(article.hits(rule)), where=next(places, None))

    found = [tried(rule) for rule in topic.any]
    if topic.any and not any(held.hits for held in found):
        return Verdict(problem=f"it needs {describe(AnyOf(parts=topic.any))}")
    for rule in topic.all:
        found.append(held := tried(rule))
        if not held.hits:
            return Verdict(problem=f"it needs {describe(rule)}")
    counted: Held | None = None
    if topic.at_least is not None:
        counted = tried(topic.at_least.of)
        if (count := count_apart(counted.hits)) < topic.at_least.times:
            wanted = f"{describe(topic.at_least.of)} {topic.at_least.times} times"
            return Verdict(problem=f"it needs {wanted}, there are {count}")
        if not found:
            found.append(counted)
    for rule in topic.none:
        if hits := tuple(article.hits(rule)):
            return Verdict(problem=f"it must not hold {describe(hits[0].rule)}")
    return Verdict(scored=tuple(held for held in found if held.hits), counted=counted)
