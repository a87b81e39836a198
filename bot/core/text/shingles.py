"""Shingles of a text: five words in a row, hashed. They tell a copy from an independent report.

They follow from the text alone, so they are computed where they are needed and stored only for
the stories that are open. A text under 60 words has none: it shares five words in a row with too
many others.
"""

from __future__ import annotations

import re
import zlib
from array import array
from collections.abc import Iterable
from typing import Final

from bot.core.text.fold import fold

#: Words in a shingle.
SHINGLE_WORDS: Final = 5
#: Fewer words than this cannot be told from chance.
MIN_WORDS: Final = 60
#: Characters of a text that are looked at; a book is compared by its beginning.
MOST_CHARACTERS: Final = 60_000

_WORD = re.compile(r"[^\W_]+")


def shingles(text: str) -> bytes:
    """The 32-bit hashes of ``text``'s shingles, each once, sorted and packed.

    Case, punctuation and typography do not count.
    """
    words = _WORD.findall(fold(text[:MOST_CHARACTERS]).lower())
    if len(words) < MIN_WORDS:
        return b""
    grams = (
        " ".join(words[start : start + SHINGLE_WORDS])
        for start in range(len(words) - SHINGLE_WORDS + 1)
    )
    return packed({zlib.crc32(gram.encode()) for gram in grams})


def packed(hashes: Iterable[int]) -> bytes:
    """32-bit hashes, sorted, as bytes: a ninth of what a tuple of them takes."""
    return array("I", sorted(hashes)).tobytes()


def unpacked(shingles: bytes) -> memoryview:
    """The hashes again, as ints and in order."""
    return memoryview(shingles).cast("I")


def containment(a: bytes, b: bytes) -> float:
    """The part of the shorter text's shingles that the other has too, 0 to 1."""
    return shared_part(frozenset(unpacked(a)), frozenset(unpacked(b)))


def shared_part(a: frozenset[int], b: frozenset[int]) -> float:
    """The part of the smaller set that is in the other too, 0 to 1; 0 when one is empty."""
    shorter = min(len(a), len(b))
    return len(a & b) / shorter if shorter else 0.0
