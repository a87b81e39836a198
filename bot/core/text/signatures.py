"""Signatures of texts: what tells a copy from an independent report.

A text is cut into word 5-grams (shingles), each a stable 32-bit hash. MinHash values find
candidates for a copy, ``containment`` of the shingles decides. A text under 60 words has an empty
signature: it shares five words in a row with too many others.
"""

from __future__ import annotations

import re
import zlib

from rensa import RMinHash

from bot.core.text.fold import fold
from bot.domain.news import Signature

#: Words in a shingle.
SHINGLE_WORDS = 5
#: Fewer words than this cannot be told from chance.
MIN_WORDS = 60
MINHASH_VALUES = 128

# Part of every stored signature: another seed makes old and new ones incomparable.
_SEED = 5309
_WORD = re.compile(r"[^\W_]+")


def signature(text: str) -> Signature:
    """The signature of ``text``; case, punctuation and typography do not count."""
    words = _WORD.findall(fold(text).lower())
    if len(words) < MIN_WORDS:
        return Signature()
    grams = {
        " ".join(words[start : start + SHINGLE_WORDS])
        for start in range(len(words) - SHINGLE_WORDS + 1)
    }
    minhash = RMinHash(num_perm=MINHASH_VALUES, seed=_SEED)
    minhash.update(sorted(grams))
    return Signature(
        minhash=tuple(minhash.digest()),
        shingles=tuple(sorted({zlib.crc32(gram.encode()) for gram in grams})),
    )


def containment(a: Signature, b: Signature) -> float:
    """The part of the shorter text's shingles that the other has too, 0 to 1."""
    return shared_part(frozenset(a.shingles), frozenset(b.shingles))


def shared_part(a: frozenset[int], b: frozenset[int]) -> float:
    """The part of the smaller set that is in the other too, 0 to 1; 0 when one is empty."""
    shorter = min(len(a), len(b))
    return len(a & b) / shorter if shorter else 0.0
