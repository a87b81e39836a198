"""Filters: what stands between marks and is no speech."""

from __future__ import annotations

import pytest

from bot.core.quotes.filters import is_speech

SPOKEN = {
    "words somebody called it": ("the slowest thaw on record,", "over what Lund called ", None),
    "words a named person used of another": (
        "a man without a shovel.",
        "It was aimed at Hart, whom Lund on Monday called ",
        None,
    ),
    "a clause after show that": ("we sail in any weather.", "They want to show that ", None),
    "after somebody whose name is a kind of work": (
        "was late and careless.",
        "Lund said the remark by Paul Song ",
        "name said … quote",
    ),
    "capitals after a verb of saying": ("Not One Step More", "Lund said: ", "name said: quote"),
    "capitals on a sign that says so": ("We Will Not Be Moved", "holding a sign saying ", None),
    "two sentences in capitals": ("Old Ned. Big Ned.", "She clapped. ", "next sentence"),
    "words after a dash and an acronym": ("the pact is ready for it,", "The EU-", None),
    "a cry in capitals": ("Open The Gate,", "They stood there. ", "quote, name said"),
}
UNSPOKEN = {
    "a broadcast, though a speaker follows": (
        "Sunday With Alma Reyes,",
        "On ",
        "quote, name said",
    ),
    "a book with a comma in the marks": ("A Winter in the Hills,", "Her first book, ", None),
    "a title at the start of a sentence": ("The Long Plough,", "It sold well. ", None),
    "a title after according to": ("Man of the Hills,", "according to ", "quote, name said"),
    "words nobody would say": ("we have all we need,", "One could say, ", "name said, quote"),
    "words that are easy to say": ("it will all end well", "It is easy to say that ", None),
    "words one may imagine": ("we lost the ship", "Imagine a captain saying ", None),
    "a link under its heading": ("Old pier to close in June,", "FAREWELL-", None),
    "a name somebody was given": ("the king of the pier,", "a man who was called ", None),
    "the name of an operation": ("Winter Shield over the Lake", "Operation ", None),
    "a label": ("peace convoy that never came", "The so-called ", None),
}


@pytest.mark.parametrize(("content", "before", "rule"), SPOKEN.values(), ids=SPOKEN)
def test_is_speech_keeps(content, before, rule):
    assert is_speech(content, before, " he left.", rule, headline=False)


@pytest.mark.parametrize(("content", "before", "rule"), UNSPOKEN.values(), ids=UNSPOKEN)
def test_is_speech_drops(content, before, rule):
    assert not is_speech(content, before, " he left.", rule, headline=False)
