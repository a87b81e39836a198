"""Signatures tell copies from independent reports."""

from __future__ import annotations

import zlib

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.text.signatures import MIN_WORDS, containment, signature
from bot.domain.news import Signature

WORDS = [f"word{n}" for n in range(200)]
TEXT = " ".join(WORDS)


def test_signature_is_empty_for_a_text_too_short_to_tell():
    assert signature(" ".join(WORDS[: MIN_WORDS - 1])) == Signature()


def test_signature_hashes_five_words_in_a_row_the_same_in_every_process():
    shingles = signature(TEXT).shingles
    assert zlib.crc32(b"word0 word1 word2 word3 word4") in shingles
    assert len(shingles) == len(WORDS) - 4
    assert list(shingles) == sorted(set(shingles))


def test_signature_has_128_minhash_values_that_are_the_same_each_time():
    assert signature(TEXT) == signature(TEXT)
    assert len(signature(TEXT).minhash) == 128


def test_signature_does_not_see_case_punctuation_and_typography():
    plain = 'He said: "the allies\' summit was a success" ' + TEXT
    fancy = "He said, “THE allies’ summit was a success.” " + TEXT
    assert signature(plain) == signature(fancy)


def test_containment_of_a_shortened_copy_is_whole():
    assert containment(signature(TEXT), signature(" ".join(WORDS[:80]))) == 1


def test_containment_of_a_blend_is_the_shared_part():
    other = " ".join([*WORDS[:100], *(f"other{n}" for n in range(100))])
    assert 0.45 < containment(signature(TEXT), signature(other)) < 0.5


def test_containment_of_an_empty_signature_is_nothing():
    assert containment(Signature(), signature(TEXT)) == 0


@settings(max_examples=30)
@given(st.lists(st.sampled_from(WORDS), max_size=120), st.lists(st.sampled_from(WORDS)))
def test_containment_is_symmetric_and_between_nothing_and_all(one, two):
    a, b = signature(" ".join(one)), signature(" ".join(two))
    assert containment(a, b) == containment(b, a)
    assert 0 <= containment(a, b) <= 1
