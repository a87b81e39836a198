"""Phrases as spaCy patterns: where their spellings stand in a paragraph."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager

from bot.core.engine import LOWER, Doc, Matcher, PhraseMatcher, Vocab
from bot.core.matching.spellings import WILD, Spelling
from bot.core.matching.words import Words
from bot.domain.watch import Phrase

_IN_WORD = r"[^\W_]|[\u0300-\u036f]|(?<=\d)[.,]"


class PhraseBook:
    """Phrases of all topics by spelling, each compiled once, when an article first needs it."""

    def __init__(self, phrases: Mapping[Spelling, Sequence[Phrase]]) -> None:
        self._phrases = phrases
        # It knows lower case, and nothing else.
        self._vocab = Vocab(lex_attr_getters={LOWER: str.lower})
        self._any_case = PhraseMatcher(self._vocab, attr="LOWER")
        self._as_written = PhraseMatcher(self._vocab, attr="ORTH")
        self._wild: dict[Spelling, Matcher] = {}
        self._by_key: dict[int, Spelling] = {}
        self._compiled: set[Spelling] = set()

    def one_article(self) -> AbstractContextManager[object]:
        """Inside, ``find`` may be asked; what an article's words add to the vocabulary goes."""
        return self._vocab.memory_zone()

    def compile(self, some: Iterable[Spelling]) -> None:
        """Makes the patterns of ``some`` spellings; outside ``one_article``, for they stay."""
        for spelling in some:
            if spelling not in self._compiled:
                self._compiled.add(spelling)
                self._add(spelling)

    def _add(self, spelling: Spelling) -> None:
        if spelling.is_wild:
            matcher = Matcher(self._vocab)
            attribute = "TEXT" if spelling.exact else "LOWER"
            matcher.add("_", [[{attribute: _test(word)} for word in spelling.words]])
            self._wild[spelling] = matcher
            return
        key = f"spelling {len(self._by_key)}"
        self._by_key[self._vocab.strings.add(key)] = spelling
        matchers = self._as_written if spelling.exact else self._any_case
        matchers.add(key, [Doc(self._vocab, words=list(spelling.words))])

    def find(self, words: Words, among: Collection[Spelling]) -> Iterator[tuple[Phrase, int, int]]:
        """Phrases of the spellings ``among``, with first word and end in ``words``, half-open.

        They were compiled before.
        """
        for spelling, start, end in self._found(words, among):
            glued = tuple(piece.glued for piece in words.cuts[start : end - 1])
            if glued == spelling.glued:
                for phrase in self._phrases[spelling]:
                    yield phrase, start, end

    def _found(
        self, words: Words, among: Collection[Spelling]
    ) -> Iterator[tuple[Spelling, int, int]]:
        doc = Doc(
            self._vocab,
            words=[piece.text for piece in words.cuts],
            spaces=[not piece.glued for piece in words.cuts],
        )
        for exact, matcher in ((False, self._any_case), (True, self._as_written)):
            if any(each.exact == exact and each not in self._wild for each in among):
                for key, start, end in matcher(doc):
                    if (spelling := self._by_key[key]) in among:
                        yield spelling, start, end
        # One small matcher a spelling: spaCy tries each pattern on each word, so a matcher of
        # all wildcards would cost their number times the length of the article.
        for spelling in among:
            if spelling in self._wild:
                for _, start, end in self._wild[spelling](doc):
                    yield spelling, start, end


def _test(word: str) -> str | dict[str, str]:
    """The spaCy test of one word of a pattern."""
    if not WILD.search(word):
        return word
    parts = re.split(r"([*?])", word)
    signs = {"*": f"(?:{_IN_WORD})*", "?": f"(?:{_IN_WORD})"}
    # A lone "*" must not be a full stop; and no word has 100 letters, but a hostile page may have
    # one of 100,000, on which a pattern with two stars would take hours.
    inside = "".join(signs.get(part, re.escape(part)) for part in parts)
    return {"REGEX": rf"^(?!.{{100}})(?=.*[^\W_]){inside}$"}
