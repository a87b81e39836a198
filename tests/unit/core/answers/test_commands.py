"""What a typed line asks for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.answers.commands import LONGEST, format_command, parse
from bot.domain.conversation import Command, Verb

TOPICS = ("NATO spending", "Ukraine ceasefire")


def question(text):
    return Command(verb=Verb.QUESTION, argument=text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Command(verb=Verb.HELP)),
        ("   ", Command(verb=Verb.HELP)),
        ("Help", Command(verb=Verb.HELP)),
        ("help?", Command(verb=Verb.HELP)),
        ("/nato-brief help", Command(verb=Verb.HELP)),
        ("latest", Command(verb=Verb.LATEST)),
        ("LATEST", Command(verb=Verb.LATEST)),
        ("latest nato spending", Command(verb=Verb.LATEST, argument="NATO spending")),
        ("latest  ukraine", Command(verb=Verb.LATEST, argument="Ukraine ceasefire")),
        ("quotes Rutte", Command(verb=Verb.QUOTES, argument="Rutte")),
        ("quotes from Jean-Noël Barrot", Command(verb=Verb.QUOTES, argument="Jean-Noël Barrot")),
        ("quotes J.D. Vance", Command(verb=Verb.QUOTES, argument="J.D. Vance")),
        (
            "why https://wire.example/a?b=1",
            Command(verb=Verb.WHY, argument="https://wire.example/a?b=1"),
        ),
        (
            "why <https://wire.example/a|wire>",
            Command(verb=Verb.WHY, argument="https://wire.example/a"),
        ),
    ],
)
def test_parse_takes_a_verb_whose_argument_parses(text, expected):
    assert parse(text, topics=TOPICS) == expected


@pytest.mark.parametrize(
    "text",
    [
        "what did Rutte say about Article 5?",
        "why did NATO grow?",
        "latest on the ceasefire?",
        "latest football",
        "quotes about Article 5",
        "quotes what did Rutte say",
        "help me find the summit's date",
        "who?",
        "quoting",
    ],
)
def test_parse_takes_every_other_line_as_a_question(text):
    assert parse(text, topics=TOPICS) == question(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("hlep", Verb.HELP),
        ("latset", Verb.LATEST),
        ("lates", Verb.LATEST),
        ("Quotess", Verb.QUOTES),
        ("quote", Verb.QUOTES),
        ("quotes", Verb.QUOTES),
        ("why", Verb.WHY),
    ],
)
def test_parse_answers_a_mistyped_or_lone_verb_with_help(text, meant):
    assert parse(text, topics=TOPICS) == Command(verb=Verb.HELP, argument=text, nearest=meant)


def test_parse_without_topics_takes_a_few_words_for_one():
    assert parse("latest arms loans") == Command(verb=Verb.LATEST, argument="arms loans")
    assert parse("latest news, what is it?").verb is Verb.QUESTION


def test_parse_of_a_word_two_topics_share_is_a_question():
    assert parse("latest NATO", topics=("NATO spending", "NATO summit")) == question("latest NATO")


def test_parse_reads_a_bounded_part_of_a_line():
    assert len(parse("x" * 100_000).argument) == LONGEST


words = st.sampled_from(
    "help latest quotes why from by NATO spending ukraine Rutte 5 ? hlep what / nato-brief".split()
)
lines = st.one_of(
    st.text(max_size=40),
    st.lists(words, max_size=5).map(" ".join),
    st.from_regex(r"why https?://\S{1,9}"),
)


@given(text=lines, topics=st.sampled_from([None, (), TOPICS]))
@settings(max_examples=50)
def test_format_command_is_understood_as_the_same_command(text, topics):
    command = parse(text, topics=topics)
    assert parse(format_command(command), topics=topics) == command
