"""Shingles tell copies from independent reports."""

from __future__ import annotations

import zlib

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.text.shingles import (
    MIN_WORDS,
    MOST_CHARACTERS,
    containment,
    packed,
    shingles,
    unpacked,
)

WORDS = [f"word{n}" for n in range(200)]
TEXT = " ".join(WORDS)


def test_a_text_too_short_to_tell_has_none():
    assert shingles(" ".join(WORDS[: MIN_WORDS - 1])) == b""


def test_shingles_are_five_words_in_a_row_hashed_the_same_in_every_process():
    found = list(unpacked(shingles(TEXT)))
    assert zlib.crc32(b"word0 word1 word2 word3 word4") in found
    assert len(found) == len(WORDS) - 4
    assert found == sorted(set(found))


def test_a_book_is_compared_by_its_beginning():
    book = " ".join(f"word{n}" for n in range(200_000))
    assert shingles(book) == shingles(book[:MOST_CHARACTERS])


def test_shingles_do_not_see_case_punctuation_and_typography():
    plain = 'He said: "the allies\' summit was a success" ' + TEXT
    fancy = "He said, “THE allies’ summit was a success.” " + TEXT
    assert shingles(plain) == shingles(fancy)


def test_containment_of_a_shortened_copy_is_whole():
    assert containment(shingles(TEXT), shingles(" ".join(WORDS[:80]))) == 1


def test_containment_of_a_blend_is_the_shared_part():
    other = " ".join([*WORDS[:100], *(f"other{n}" for n in range(100))])
    assert 0.45 < containment(shingles(TEXT), shingles(other)) < 0.5


def test_containment_of_no_shingles_is_nothing():
    assert containment(b"", shingles(TEXT)) == 0


@given(st.sets(st.integers(0, 2**32 - 1)))
def test_what_is_packed_comes_out_in_order(hashes):
    assert list(unpacked(packed(hashes))) == sorted(hashes)


@settings(max_examples=30)
@given(st.lists(st.sampled_from(WORDS), max_size=120), st.lists(st.sampled_from(WORDS)))
def test_containment_is_symmetric_and_between_nothing_and_all(one, two):
    a, b = shingles(" ".join(one)), shingles(" ".join(two))
    assert containment(a, b) == containment(b, a)
    assert 0 <= containment(a, b) <= 1
