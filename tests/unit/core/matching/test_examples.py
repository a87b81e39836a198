"""Failed examples, descriptions and words of topics."""

from dataclasses import replace

import pytest

from bot.core.matching import FailedExample, describe, failed_examples
from bot.domain.watch import AtLeast, Only, Topic, Watchlists
from tests.unit.core.matching.topics import (
    all_of,
    any_of,
    lead,
    near,
    phrase,
    phrases,
    title,
)

TOPIC = Topic(
    name="t",
    any=phrases("truce"),
    all=phrases("Kyiv"),
    none=phrases("Gaza"),
    at_least=AtLeast(times=2, of=phrase("talks")),
    only=Only(languages=frozenset({"en"})),
    file="w.yaml",
    line=7,
)


@pytest.mark.parametrize(
    ("example", "message"),
    [
        ("Kyiv talks talks", "it needs truce"),
        ("truce talks talks", "it needs Kyiv"),
        ("truce Kyiv talks", "it needs talks 2 times, there are 1"),
        ("truce Kyiv talks talks Gaza", "it must not hold Gaza"),
    ],
)
def test_failed_example_says_what_a_missed_sentence_lacks(example, message):
    topic = replace(TOPIC, match_examples=("truce Kyiv talks talks", example))
    expected = FailedExample(
        topic="t",
        file="w.yaml",
        line=7,
        example=example,
        expected="match",
        message=f't: the example "{example}" is not flagged: {message}',
    )
    assert (expected,) == failed_examples(Watchlists(topics=(topic,)))


def test_failed_example_says_which_rules_flag_a_sentence_to_skip():
    topic = replace(TOPIC, skip_examples=("truce Kyiv talks talks", "nothing"))
    (failed,) = failed_examples(Watchlists(topics=(topic,)))
    assert failed.expected == "skip"
    assert failed.message == 't: the example "truce Kyiv talks talks" is flagged by truce, Kyiv'


def test_failed_example_tells_of_a_topic_without_rules():
    (failed,) = failed_examples(Watchlists(topics=(Topic(name="t", match_examples=("a",)),)))
    assert failed.message.endswith("is not flagged: the topic has no rule that could hold")


def test_failed_examples_are_none_without_examples():
    assert failed_examples(Watchlists(topics=(TOPIC,))) == ()


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (phrase("defence spending"), "defence spending"),
        (phrase("US", exact=True), "exact US"),
        (phrase("negotiate", forms=True), "forms of negotiate"),
        (near("NATO", "spend*", words=8), "near(NATO, spend*) within 8 words"),
        (near("a", "b", words=1, in_order=True), "near(a, b) within 1 word, in order"),
        (near("a", "b", within="sentence"), "near(a, b) within sentence"),
        (near("a", "b"), "near(a, b) within paragraph"),
        (any_of("a"), "a"),
        (any_of("a", any_of("b", "c")), "any of (a, b, c)"),
        (any_of(*"abcdefgh"), "any of (a, b, c, d, e, f and 2 more)"),
        (all_of("a", any_of("b", "c")), "all of (a, any of (b, c))"),
        (title("sport*"), "sport* in the title"),
        (lead("a"), "a in the lead"),
    ],
)
def test_describe_says_a_rule_as_a_person_would(rule, expected):
    assert expected == describe(rule)
