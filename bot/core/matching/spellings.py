"""Spellings: the sequences of words that a phrase is found by."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.core.matching.forms import inflect
from bot.core.matching.words import cut
from bot.core.text.fold import fold
from bot.domain.watch import Phrase

#: A run of wildcards.
WILD = re.compile(r"[*?]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal:
    """Characters that stand in every text a spelling is found in, blanks single, case folded."""

    text: str
    #: Whether a word begins, or ends, with it.
    closed_left: bool = True
    closed_right: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """One sequence of words that a phrase is found by."""

    #: Folded; lower case unless ``exact``.
    words: tuple[str, ...]
    #: For each word but the last: whether the next follows without a blank.
    glued: tuple[bool, ...]
    exact: bool = False

    @property
    def is_wild(self) -> bool:
        """Whether it has wildcards."""
        return any("*" in word or "?" in word for word in self.words)

    @property
    def literal(self) -> Literal | None:
        """What a presearch looks for; None if the spelling is wildcards only."""
        joints = ["" if glued else " " for glued in self.glued] + [""]
        whole = "".join(word + joint for word, joint in zip(self.words, joints, strict=True))
        if not self.is_wild:
            return Literal(text=whole.casefold()) if whole.strip() else None
        pieces = WILD.split(whole.casefold())
        best = max(range(len(pieces)), key=lambda index: len(pieces[index].strip()))
        if not pieces[best].strip():
            return None
        return Literal(
            text=pieces[best],
            closed_left=best == 0,
            closed_right=best == len(pieces) - 1,
        )


@lru_cache(maxsize=100_000)  # lists are shared by many topics, and inflecting is slow
def spellings(phrase: Phrase) -> tuple[Spelling, ...]:
    """Every spelling of ``phrase``, each once; none if it holds nothing but blanks."""
    words = cut(fold(phrase.text), wildcards=True)
    if not words:
        return ()
    glued = tuple(word.glued for word in words[:-1])
    written = inflect(words) if phrase.forms else [[word.text for word in words]]
    found = (
        Spelling(
            words=tuple(texts if phrase.exact else (text.lower() for text in texts)),
            glued=glued,
            exact=phrase.exact,
        )
        for texts in written
    )
    return tuple(dict.fromkeys(found))
