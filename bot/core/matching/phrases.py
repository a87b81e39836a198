"""Phrases as spaCy patterns: their spellings, and where they stand in a paragraph."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from spacy.matcher import Matcher, PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from bot.core.matching.forms import inflect
from bot.core.matching.words import Words, cut
from bot.core.text.fold import fold
from bot.domain.watch import Phrase

_WILD = re.compile(r"[*?]+")
_IN_WORD = r"[^\W_]|[\u0300-\u036f]|(?<=\d)[.,]"


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
        pieces = _WILD.split(whole.casefold())
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


class PhraseBook:
    """All phrases of all topics, each spelling compiled once, when an article first needs it."""

    def __init__(self, phrases: Iterable[Phrase], vocab: Vocab) -> None:
        self._any_case = PhraseMatcher(vocab, attr="LOWER")
        self._as_written = PhraseMatcher(vocab, attr="ORTH")
        self._wild: dict[Spelling, Matcher] = {}
        self._by_key: dict[int, Spelling] = {}
        self._vocab = vocab
        self._compiled: set[Spelling] = set()
        self._phrases: dict[Spelling, list[Phrase]] = defaultdict(list)
        for phrase in dict.fromkeys(phrases):
            for spelling in spellings(phrase):
                self._phrases[spelling].append(phrase)

    def compile(self, some: Iterable[Spelling]) -> None:
        """Makes the patterns of ``some`` spellings; outside any memory zone, for they stay."""
        for spelling in some:
            if spelling not in self._compiled:
                self._compiled.add(spelling)
                self._add(spelling, self._vocab)

    def _add(self, spelling: Spelling, vocab: Vocab) -> None:
        if spelling.is_wild:
            matcher = Matcher(vocab)
            attribute = "TEXT" if spelling.exact else "LOWER"
            matcher.add("_", [[{attribute: _test(word)} for word in spelling.words]])
            self._wild[spelling] = matcher
            return
        key = f"spelling {len(self._by_key)}"
        self._by_key[vocab.strings.add(key)] = spelling
        matchers = self._as_written if spelling.exact else self._any_case
        matchers.add(key, [Doc(vocab, words=list(spelling.words))])

    @property
    def spellings(self) -> Collection[Spelling]:
        """Every spelling."""
        return self._phrases.keys()

    def find(self, words: Words, among: Collection[Spelling]) -> Iterator[tuple[Phrase, int, int]]:
        """Phrases of the spellings ``among``, with first word and end in ``words``, half-open.

        They were compiled before.
        """
        for spelling, start, end in self._found(words.doc, among):
            glued = tuple(piece.glued for piece in words.cuts[start : end - 1])
            if glued == spelling.glued:
                for phrase in self._phrases[spelling]:
                    yield phrase, start, end

    def _found(self, doc: Doc, among: Collection[Spelling]) -> Iterator[tuple[Spelling, int, int]]:
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
    if not _WILD.search(word):
        return word
    parts = re.split(r"([*?])", word)
    signs = {"*": f"(?:{_IN_WORD})*", "?": f"(?:{_IN_WORD})"}
    # A lone "*" must not be a full stop; and no word has 100 letters, but a hostile page may have
    # one of 100,000, on which a pattern with two stars would take hours.
    inside = "".join(signs.get(part, re.escape(part)) for part in parts)
    return {"REGEX": rf"^(?!.{{100}})(?=.*[^\W_]){inside}$"}
