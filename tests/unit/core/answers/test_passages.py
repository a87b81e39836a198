"""Passages: whole sentences, none lost, about 110 words each."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.answers.passages import MAX_WORDS, passages
from bot.core.text.paragraphs import sentences

SENTENCE = "Allies met in Brussels on Friday to talk about money. "


def test_passages_of_a_short_text_are_one():
    text = "One sentence. Another one."
    assert [span.of(text) for span in passages(text)] == [text]


def test_passages_close_before_the_sentence_that_is_too_much():
    text = (SENTENCE * 25).strip()
    found = passages(text)
    assert [len(span.of(text).split()) for span in found] == [110, 110, 30]
    assert all(span.of(text).endswith("money.") for span in found)


def test_passages_cut_what_is_no_sentence():
    text = "word " * 500
    assert max(len(span.of(text).split()) for span in passages(text)) <= MAX_WORDS


def test_passages_of_nothing_are_none():
    assert passages(" \n\n ") == ()


@settings(max_examples=40)
@given(st.text(alphabet="ab. \n\"'A?!5,", max_size=300))
def test_passages_hold_every_sentence_once_and_in_order(text: str):
    found = passages(text)
    assert all(a.end <= b.start for a, b in pairwise(found))
    for sentence in sentences(text):
        assert sum(p.start <= sentence.start and sentence.end <= p.end for p in found) == 1
