"""The terms of an article: the words, names and numbers that stories are compared by.

Taken from the title, counted twice, and the first 150 words of the text. Words are lower-cased
and cut to a stem, stop words dropped; a name keeps its capital, a number its digits:

    terms("Rutte warns allies", "Allies spend 2.1%, Rutte said.")
    == (("Rutt", 3), ("warn", 2), ("ally", 3), ("spend", 1), ("2.1", 1))
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bot.core.text.fold import fold
from bot.core.text.stop_words import STOP_WORDS

#: Words of the text that count.
OPENING_WORDS = 150
#: How often the title counts.
TITLE_COUNTS = 2

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*")
_OPENING = re.compile(rf"\s*(?:\S+\s+){{0,{OPENING_WORDS - 1}}}\S*")
# What stands before a word that would have a capital anyway.
_STARTS = re.compile(r"(?:^|[.!?…:\n|\"(\[*•-])\s*[\"'(\[]*$")
_LOOK_BACK = 6


def terms(title: str, text: str) -> tuple[tuple[str, int], ...]:
    """Term → count, in the order of first appearance."""
    title, text = fold(title), fold(text)
    opening = text[: _OPENING.match(text).end()]  # type: ignore[union-attr]  # matches ""
    counts: Counter[str] = Counter()
    names: set[str] = set()
    # A title often has a capital on every word; it says nothing unless there is no text.
    for source, times in ((title, TITLE_COUNTS), (opening, 1)):
        for word, is_name in _words(source):
            counts[word] += times
            if is_name and (source is opening or not opening):
                names.add(word)
    return tuple((_capital(word) if word in names else word, n) for word, n in counts.items())


def is_name(term: str) -> bool:
    """Whether a term of ``terms`` was printed as a name."""
    return term[:1].isupper()


def is_number(term: str) -> bool:
    """Whether a term of ``terms`` is a number."""
    return term[:1].isdigit()


def _words(source: str) -> Iterator[tuple[str, bool]]:
    """Stems that are no stop words, and whether each has a capital it would not need there."""
    for found in _WORD.finditer(source):
        written = found.group()
        word = written.lower()
        if word in STOP_WORDS or (len(word) < 2 and not word.isdigit()):
            continue
        before = source[max(0, found.start() - _LOOK_BACK) : found.start()]
        yield _stem(word), written[0].isupper() and not _STARTS.search(before)


def _capital(word: str) -> str:
    """``word`` marked as a name; also where the script has a first letter without a capital."""
    return word[0].upper() + word[1:]


def _stem(word: str) -> str:
    """``word`` without its common endings; light, so that names stay apart."""
    word = word.removesuffix("'s")
    if len(word) > 5 and word.endswith("ies"):
        return word[:-3] + "y"
    for ending, least in (("ing", 6), ("ed", 5), ("es", 5), ("s", 4)):
        if len(word) >= least and word.endswith(ending) and not word.endswith("ss"):
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 4 and word.endswith("e") else word
