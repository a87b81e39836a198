"""Corrections in force, and which of them a quote falls under.

A later printing of the utterance is met like the ones the correction was made for: same words,
same days, and a speaker that was withdrawn. One that names somebody else is left alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from itertools import pairwise

from bot.core.answers.speakers import name_parts
from bot.core.quotes.same_speaker import is_named, same_speaker
from bot.core.quotes.utterance import APART, FRAGMENT, Uttered, are_timeless, same_words, words_of
from bot.domain.ledger import Correction

#: Words as a tuple.
_Words = tuple[str, ...]


class Corrections:
    """What admins said about who said something."""

    def __init__(self, corrections: Iterable[Correction] = ()) -> None:
        #: The newest first, so that it wins.
        self.all = tuple(sorted(corrections, key=lambda c: (c.at, c.id), reverse=True))
        self._words: Mapping[str, tuple[_Words, ...]] = {
            c.id: tuple(tuple(words.split(" ")) for words in c.words) for c in self.all
        }
        self._holders: dict[_Words, set[int]] = defaultdict(set)
        for number, correction in enumerate(self.all):
            for words in self._words[correction.id]:
                for sign in _signs(words):
                    self._holders[sign].add(number)

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.all)

    def of(self, said: Uttered) -> Correction | None:
        """The correction that ``said`` falls under."""
        if not self.all:
            return None
        near = {number for sign in _signs(said.words) for number in self._holders.get(sign, ())}
        return next((self.all[n] for n in sorted(near) if self._meets(self.all[n], said)), None)

    def told_in(self, text: str, published: datetime) -> bool:
        """Whether ``text`` has the words of an utterance and a name that was withdrawn from it."""
        if not self.all or not text:
            return False
        words = words_of(text)
        held = f" {' '.join(words)} "
        near = {number for sign in _signs(words) for number in self._holders.get(sign, ())}
        return any(
            _names_withdrawn(self.all[number], words)
            and _days_of(self.all[number], published)
            and any(
                f" {' '.join(said)} " in held or same_words(said, words)
                for said in self._words[self.all[number].id]
                if len(said) > FRAGMENT
            )
            for number in near
        )

    def _meets(self, correction: Correction, said: Uttered) -> bool:
        if said.speaker is not None and not any(
            same_speaker(said.speaker, withdrawn) for withdrawn in correction.withdrawn
        ):
            return False
        return any(
            same_words(said.words, words) and _at_its_time(correction, said, words)
            for words in self._words[correction.id]
        )


def _at_its_time(correction: Correction, said: Uttered, words: _Words) -> bool:
    if said.article_id in correction.articles:
        return True
    if len(said.words) <= FRAGMENT and said.speaker is None:
        return False
    if are_timeless(said.words, words):
        return True
    return _days_of(correction, said.published)


def _days_of(correction: Correction, published: datetime) -> bool:
    return correction.since - APART <= published <= correction.until + APART


def _names_withdrawn(correction: Correction, words: _Words) -> bool:
    """Whether the last name of somebody withdrawn, or all of a description, is among ``words``."""
    for speaker in correction.withdrawn:
        parts = name_parts(speaker.text)
        if set(parts[-1:] if is_named(speaker.text) else parts) <= set(words):
            return True
    return False


def _signs(words: _Words) -> set[_Words]:
    """What two printings of one utterance have in common: two words in a row, else all."""
    return set(pairwise(words)) or {words}


#: Before anybody corrected anything.
NONE = Corrections()


@lru_cache(maxsize=8)
def corrections_of(corrections: tuple[Correction, ...]) -> Corrections:
    """``Corrections``, built once for the same ones."""
    return Corrections(corrections)
