"""Patterns: regular expressions by RE2, whose time grows with the text and with nothing else."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import islice

from bot.core.matching.words import Words
from bot.core.text.expressions import expression

#: Hits of one pattern in one paragraph: each costs a search of the rest of it.
_MOST = 100


def stretches(regex: str, words: Words) -> list[tuple[int, int]]:
    """The words a pattern touches, first and end, for each place it is found in a paragraph."""
    found = islice(expression(regex).finditer(words.folded), _MOST)
    spans = [(hit.start(), hit.end()) for hit in found if hit.end() > hit.start()]
    starts, ends = [cut.start for cut in words.cuts], [cut.end for cut in words.cuts]
    touched = ((bisect_right(ends, start), bisect_left(starts, end)) for start, end in spans)
    return [(first, end) for first, end in touched if first < end]
