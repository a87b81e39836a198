"""The sentences of a German article outside its quotes, and the people met in them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.core.quotes.german.lexicon import PREPOSITIONS
from bot.core.quotes.german.nouns import is_body, is_female, is_role
from bot.core.quotes.marks import Stretch
from bot.core.quotes.names import NameBook
from bot.core.text.prose import Prose

_END = re.compile(
    r"[.!?](?<![ .(]\w.)(?<!\bDr.)(?<!\bProf.)(?<!\bNr.)(?<!\bSt.)(?<!\d.)[.!?]*[\"'”“»«]*\s+"
)
_WORD = re.compile(r"[^\W\d_][\w'-]*")
_UNNAMED = re.compile(
    r"\b(?:[Ee]ine?r?|[Ss]eine?|[Ii]hre?|[Dd]essen|[Dd]eren) (?:[a-zäöü-]+ ){0,3}(?=[A-ZÄÖÜ])"
)
#: Holm ist | ein Mann klarer Worte
_IS_WHAT = re.compile(r"\b(?:ist|war|bleibt|blieb|als|wird|wurde|sei) $")
_OBLIQUE = PREPOSITIONS | frozenset("dem den des ihrem seinem einem ihren seinen einen".split())
_NOMINATIVE = frozenset(("der", "die", "das"))
_FILLER = "x"
#: Characters of a sentence looked at; what stands before them is too far away.
_LONGEST = 1000
#: Characters before a name that tell its case.
_LEAD = 60


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of a paragraph; ``start`` and ``end`` count from its beginning."""

    paragraph: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody named in a sentence."""

    person: str
    #: Whether it stands where no subject does: after a preposition, in the dative or genitive.
    oblique: bool


@dataclass(slots=True)
class Sentences:
    """The sentences of one article, read on demand."""

    prose: Prose
    stretches: Sequence[Stretch]
    names: NameBook
    #: Paragraph → its text, quotes masked, and where its sentences start.
    _rows: dict[int, tuple[str, list[int]]] = field(default_factory=dict)

    def paragraph_of(self, at: int) -> int:
        """The paragraph that holds character ``at`` of the article."""
        return bisect_right(self.prose.paragraphs, at, key=lambda p: p.span.start) - 1

    def before(self, at: int, limit: int) -> list[Sentence]:
        """The sentences up to character ``at``, the nearest first, ``limit`` at most.

        They end with the nearest paragraph before this one that names anybody.
        """
        found: list[Sentence] = []
        home = self.paragraph_of(at)
        for number in range(home, max(-1, home - 3), -1):
            text, starts = self._row(number)
            stop = at - self.prose.paragraphs[number].span.start if number == home else len(text)
            place = bisect_left(starts, stop)
            here = []
            for index in range(place - 1, max(-1, place - 1 - limit), -1):
                end = starts[index + 1] if index + 1 < place else stop
                here.append(Sentence(number, max(starts[index], end - _LONGEST), end))
            found.extend(here)
            if len(found) >= limit or (number != home and any(self.people(one) for one in here)):
                break
        return found[:limit]

    def people(self, sentence: Sentence) -> list[Seen]:
        """The people named in a sentence, outside quotes."""
        text, _ = self._row(sentence.paragraph)
        found = []
        for match in _WORD.finditer(text, sentence.start, sentence.end):
            word = match.group()
            if word[0].isupper() and word.lower() in self.names.by_last:
                before = text[max(sentence.start, match.start() - _LEAD) : match.start()]
                person = self.names.meant(word, before.strip())
                found.append(Seen(person, _is_oblique(before)))
        return found

    def has_unnamed(self, sentence: Sentence, gender: str) -> bool:
        """Whether a sentence holds somebody without a name: "ein Sprecher", "ihr Anwalt"."""
        text, _ = self._row(sentence.paragraph)
        for found in _UNNAMED.finditer(text, sentence.start, sentence.end):
            noun = _WORD.match(text, found.end(), sentence.end)
            if noun is None or not is_role(noun.group()) or is_body(noun.group()):
                continue
            follows = text[noun.end() : noun.end() + 2]
            is_named = follows[:1] == " " and follows[1:].isupper()
            if _IS_WHAT.search(text, max(sentence.start, found.start() - _LEAD), found.start()):
                continue
            if not is_named and is_female(noun.group()) == (gender == "f"):
                return True
        return False

    def _row(self, number: int) -> tuple[str, list[int]]:
        if number not in self._rows:
            paragraph = self.prose.paragraphs[number]
            offset = paragraph.span.start
            parts: list[str] = []
            done = 0
            first = bisect_left(self.stretches, number, key=lambda stretch: stretch.paragraph)
            last = bisect_right(self.stretches, number, key=lambda stretch: stretch.paragraph)
            for stretch in self.stretches[first:last]:
                start, end = stretch.start - offset, stretch.end - offset
                closing = paragraph.folded[end - 1 : end]
                closing = closing if closing in ".!?" else _FILLER
                parts.extend((paragraph.folded[done:start], _FILLER * (end - start - 1), closing))
                done = end
            text = "".join((*parts, paragraph.folded[done:]))
            self._rows[number] = (text, [0, *(found.end() for found in _END.finditer(text))])
        return self._rows[number]


def _is_oblique(before: str) -> bool:
    """Whether a preposition or an oblique article stands before a name with its title."""
    words = before.split()
    while words and words[-1][:1].isupper():
        words.pop()
    while (
        words and words[-1] not in _NOMINATIVE | _OBLIQUE and words[-1][-2:] in ("en", "em", "er")
    ):
        words.pop()
    return bool(words) and words[-1].lower() in _OBLIQUE
