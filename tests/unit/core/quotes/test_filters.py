"""Filters: what stands between marks and is no speech."""

from __future__ import annotations

import pytest

from bot.core.quotes.filters import FILTERS, unspoken

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
    "words announced as hers": ("he came as a thief,", "In her words, ", None),
    "the words of somebody named": ("he came as a thief", "In the words of Petra Lund, ", None),
    "a clause beside a kind of work": ("until it was far too late.", "of the program ", None),
    "a cry in capitals": ("Open The Gate,", "They stood there. ", "quote, name said"),
}
UNSPOKEN = {
    "a broadcast, though a speaker follows": (
        "Sunday With Alma Reyes,",
        "On ",
        "quote, name said",
        "title",
    ),
    "a book, its comma in the marks": ("A Winter in the Hills,", "Her book, ", None, "title"),
    "a title at the start of a sentence": ("The Long Plough,", "It sold well. ", None, "title"),
    "a title after according to": (
        "Man of the Hills,",
        "according to ",
        "quote, name said",
        "title",
    ),
    "the name of an operation": ("Winter Shield at Sea", "Operation ", None, "title"),
    "a name somebody was given": ("king of the pier,", "a man who was called ", None, "label"),
    "a label": ("peace convoy of the eight or nine lands", "The so-called ", None, "label"),
    "a term": ("grey zone", "It lies in the ", None, "fragment, no speaker"),
    "words nobody would say": ("we have it all,", "One could say, ", "same cue", "imagined"),
    "words that are easy to say": ("it ends well", "It is easy to say that ", None, "imagined"),
    "words one may imagine": ("we lost the ship", "Imagine her saying ", None, "imagined"),
    "a link under its heading": ("Old pier to close in June,", "FAREWELL-", None, "reference"),
    "an attribute of markup": ("not what she said", "<a title=", None, "markup"),
    "what follows a tag": (">It rained all day", "<post by=", None, "markup"),
    "marks round nothing": (" … ", "She said ", "name said quote", "no words"),
}


@pytest.mark.parametrize(("content", "before", "rule"), SPOKEN.values(), ids=SPOKEN)
def test_unspoken_lets_speech_pass(content, before, rule):
    assert unspoken(content, before, " he left.", rule) is None


@pytest.mark.parametrize(("content", "before", "rule", "name"), UNSPOKEN.values(), ids=UNSPOKEN)
def test_unspoken_names_the_filter(content, before, rule, name):
    assert unspoken(content, before, " he left.", rule) == name
    assert name in FILTERS


def test_unspoken_hears_who_called_it_so():
    assert unspoken("the worst of all winters", "was called ", " by the mayor.", None) is None


def test_unspoken_tells_a_sign_by_what_follows():
    assert unspoken("Never again in this town", "", " was painted on a wall.", None) == "sign"


def test_unspoken_leaves_a_fragment_of_the_headline_without_a_speaker_out():
    name = unspoken("Ghost ship", "", " found off the coast", None, headline=True)
    assert name == "headline, no speaker"


def test_unspoken_keeps_what_follows_the_colon_of_a_headline():
    assert (
        unspoken("You Must Answer For This", "Lund Slams Hart: ", "", None, headline=True) is None
    )
