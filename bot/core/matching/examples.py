"""The examples of topics: sentences a topic must and must not flag, checked at loading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.core.matching.compiled import CompiledTopics, compile_topics
from bot.core.matching.describe import describe
from bot.domain.watch import Topic, Watchlists


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedExample:
    """An example that its topic got wrong."""

    topic: str
    #: Where the topic stands.
    file: str
    line: int
    example: str
    expected: Literal["match", "skip"]
    #: What is wrong, for the topic's author.
    message: str


def failed_examples(watchlists: Watchlists) -> tuple[FailedExample, ...]:
    """Examples that their topic got wrong, read as text without a title; ``only`` is ignored."""
    if not any(topic.match_examples or topic.skip_examples for topic in watchlists.topics):
        return ()
    compiled = compile_topics(watchlists)
    return tuple(
        failure
        for number, topic in enumerate(watchlists.topics)
        for failure in _failures(compiled, number, topic)
    )


def _failures(compiled: CompiledTopics, number: int, topic: Topic) -> Iterator[FailedExample]:
    for example in topic.match_examples:
        if problem := compiled.judge_plain(number, example).problem:
            yield _failed(topic, example, "match", f"is not flagged: {problem}")
    for example in topic.skip_examples:
        verdict = compiled.judge_plain(number, example)
        if not verdict.problem:
            rules = {describe(held.hits[0].rule): None for held in verdict.scored}
            yield _failed(topic, example, "skip", f"is flagged by {', '.join(rules)}")


def _failed(
    topic: Topic, example: str, expected: Literal["match", "skip"], outcome: str
) -> FailedExample:
    return FailedExample(
        topic=topic.name,
        file=topic.file,
        line=topic.line,
        example=example,
        expected=expected,
        message=f'{topic.name}: the example "{example}" {outcome}',
    )
