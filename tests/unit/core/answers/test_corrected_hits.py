"""Hits under corrections: cut where they tell a withdrawn name, found by the one that was given."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.answers.corrected import given_to, is_asked_for, untold, weighed
from bot.core.answers.near_names import near_names
from bot.core.quotes.corrections import NONE, Corrections
from bot.domain.answers import Question
from bot.domain.ledger import Correction
from bot.domain.quotes import Span, Speaker
from tests.builders import NOW, make_hit

PASSAGE = "Ministers met. “We will hold the bridge,” Varga said. Talks on the bridge go on."
CORRECTIONS = Corrections(
    [
        Correction(
            id="fpb45hjj",
            words=("we will hold the bridge",),
            articles=("a1",),
            withdrawn=(Speaker(text="Ivo Varga"),),
            said="Jens Holm",
            since=NOW,
            until=NOW,
            by="ada",
            at=NOW,
        )
    ]
)
QUESTION = Question(text="bridge", words=("bridge", "talks"))


def make_passage(text=PASSAGE, **changes):
    span = Span(start=5, end=5 + len(text))
    return make_hit(text=text, span=span, is_quote=False, speaker=None, **changes)


def test_a_passage_is_cut_where_it_tells_the_withdrawn_name():
    first, last = untold(QUESTION, make_passage(), CORRECTIONS)
    assert (first.text, last.text) == ("Ministers met.", "Talks on the bridge go on.")
    assert last.span.start == 5 + PASSAGE.index("Talks")
    assert (first.coverage, last.coverage) == (0.0, 1.0)


@pytest.mark.parametrize(
    "hit",
    [
        make_passage("“We will hold the bridge,” he said on Friday."),
        make_passage("Varga left the bridge."),
        make_passage(published=NOW + timedelta(days=30)),
        make_hit(text=PASSAGE),
    ],
    ids=["no name", "no words", "another time", "a quote"],
)
def test_what_does_not_tell_it_stays_whole(hit):
    assert untold(QUESTION, hit, CORRECTIONS) == (hit,)


def test_without_corrections_everything_stays():
    assert untold(QUESTION, make_passage(), NONE) == (make_passage(),)


def test_quotes_are_looked_for_by_the_name_that_was_given():
    asked = Question(text="?", speaker="Holm")
    assert [c.said for c in given_to(asked, CORRECTIONS)] == ["Jens Holm"]
    assert given_to(Question(text="?", speaker="Varga"), CORRECTIONS) == ()
    assert given_to(QUESTION, CORRECTIONS) == ()


def test_they_are_of_the_time_and_outlet_asked_about():
    hit = make_hit(published=NOW, outlet="Wire")
    day = timedelta(days=1)
    asked = [{"since": NOW - day}, {"until": NOW + day}, {"outlet": "wire"}, {}]
    assert all(is_asked_for(Question(text="?", **each), hit) for each in asked)
    missed = [{"since": NOW + day}, {"until": NOW}, {"outlet": "Post"}]
    assert not any(is_asked_for(Question(text="?", **each), hit) for each in missed)
    assert weighed(QUESTION, make_hit(text="Talks?")).score == 0.5


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("Ivo Vorga", ("Ivo Varga",)),
        ("Hollm", ("Jens Holm",)),
        ("Minister Varge", ("Ivo Varga",)),
        ("Lund", ()),
        ("!?", ()),
    ],
)
def test_names_that_may_be_meant(written, near):
    assert near_names(written, ["Ivo Varga", "Jens Holm", "", "the minister"]) == near
