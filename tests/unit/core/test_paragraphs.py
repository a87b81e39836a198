"""Paragraphs and sentences of a text, whatever it is made of."""

from __future__ import annotations

from time import process_time

import pytest

from bot.core.text.paragraphs import paragraphs, sentences

SIZE = 80_000


def said(text, spans):
    return [text[span.start : span.end] for span in spans]


def test_paragraphs_are_trimmed_lines():
    text = " one,  two \n\n\t\n three\xa0\nx"
    assert said(text, paragraphs(text)) == ["one,  two", "three", "x"]


def test_abbreviations_and_initials_end_no_sentence():
    text = "On Nov. 5 Mr. J. Holm left... He came back. Characteristically. No."
    ends = ["On Nov. 5 Mr. J. Holm left...", "He came back.", "Characteristically.", "No."]
    assert said(text, sentences(text)) == ends


@pytest.mark.parametrize("piece", [" ", "\xa0", ".", "J. ", "Mr. ", ".\xa0", "a…", "?)"])
def test_time_grows_with_the_text_only(piece):
    text = piece * (SIZE // len(piece))
    before = process_time()
    sentences(text)
    sentences(f"A{text}A")
    assert process_time() - before < 3  # about 0.1; by the square of its length 15 and more
