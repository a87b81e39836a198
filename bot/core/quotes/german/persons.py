"""Who "er", "sie", "die Ministerin" or "der Norweger" is in a German article; else nobody.

The nearest sentence that names a person of that gender decides, if it names one only. A person
met without a name on the way ("ein Sprecher") may be meant as well, so nobody is named then.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.core.quotes.german.lexicon import INDEFINITE, OWNED, PARTICLES, PREPOSITIONS
from bot.core.quotes.german.nouns import is_body, is_female, is_role, speaks_for_others
from bot.core.quotes.marks import Stretch
from bot.core.quotes.mentions import Mention, MentionKind
from bot.core.quotes.names import NameBook
from bot.core.quotes.rules import ONLY, PRONOUN_BEFORE, PRONOUN_HERE, ROLE
from bot.core.text.docs import Docs

_GENDER = {"he": "m", "she": "f"}
_END = re.compile(r"(?<![ .(]\w)(?<!\bDr)(?<!\bProf)(?<!\bNr)(?<!\bSt)(?<!\d)[.!?]+[\"'”“»«]*\s+")
_WORD = re.compile(r"[^\W\d_][\w'-]*")
_UNNAMED = re.compile(
    r"\b([Ee]ine?r?|[Ss]eine?|[Ii]hre?|[Dd]essen|[Dd]eren) ((?:[a-zäöü-]+ ){0,3})"
)
_FILLER = "x"
#: Sentences looked at before a pronoun, at most.
_BACK = 5


@dataclass(frozen=True, slots=True)
class _Seen:
    at: int
    person: str
    #: Whether it stands where a subject hardly does: after a preposition or in the genitive.
    oblique: bool


@dataclass(slots=True)
class GermanPersons:
    """What descriptions and pronouns of one article stand for."""

    docs: Docs
    stretches: Sequence[Stretch]
    names: NameBook
    _rows: dict[int, tuple[str, list[int]]] = field(default_factory=dict)
    _pattern: re.Pattern[str] | None = None

    def name_of(self, mention: Mention, printed: str, at: int) -> tuple[str | None, str | None]:
        """The full name behind a mention and how it was found; (None, None) for nobody.

        Args:
            mention: As a rule chose it.
            printed: Its words.
            at: Where it starts in the article.
        """
        if mention.kind is MentionKind.NAME:
            return self._instead(mention, printed, at) or self._completed(mention.name)
        if mention.kind is MentionKind.PRONOUN:
            return self._nearest(_GENDER.get(mention.head), at) or (None, None)
        if printed.lower() in self.names.by_last:
            return self.names.resolve((printed,))
        if mention.kind is MentionKind.DESCRIPTION:
            return self._described(printed, mention.head, at) or (None, None)
        return None, None

    def is_nobody(self, mention: Mention, printed: str, at: int) -> bool:
        """Whether a mention without a name is better left out: a pronoun, an unclear description.

        "der Minister" after two people are named is one of them, and which one is not known.
        """
        if mention.kind is MentionKind.PRONOUN:
            return True
        article = printed.split()[0].lower()
        if mention.kind is not MentionKind.DESCRIPTION or article not in ("der", "die"):
            return False
        if mention.last - mention.first > 3 or speaks_for_others(mention.head):
            return False
        if self._is_unnamed(mention.head, at) or _is_plural(article, mention.head):
            return False
        gender = "m" if article == "der" else "f"
        return any(
            self.names.gender(person) in (None, gender)
            for sentence in self._sentences_before(at, limit=_BACK)
            for person in {seen.person for seen in self._seen(*sentence)}
        )

    def _instead(self, mention: Mention, printed: str, at: int) -> tuple[str, str] | None:
        """Whom "der General Lücken" means in "räumte der General Lücken ein": a general."""
        article = printed.split()[0]
        if len(mention.name) > 1 or not mention.role or article not in ("der", "die"):
            return None
        if mention.name[0].lower() in self.names.by_last:
            return None
        head = mention.role.split()[-1]
        return self._described(f"{article} {mention.role}", head.lower(), at)

    def _completed(self, name: tuple[str, ...]) -> tuple[str | None, str | None]:
        if len(name) == 1 and name[0].endswith("s") and name[0].lower() not in self.names.by_last:
            # Nach Angaben Holms
            bare = name[0][:-1].lower()
            if bare in self.names.by_last:
                return self.names.resolve((name[0][:-1],))
        if len(name) > 1 and name[0].lower() in PARTICLES:
            fulls = [
                full
                for full in self.names.by_last.get(name[-1].lower(), ())
                if full.endswith(" ".join(name))
            ]
            if len(fulls) == 1:
                return fulls[0], None
        return self.names.resolve(name)

    def _described(self, printed: str, head: str, at: int) -> tuple[str, str] | None:
        words = printed.split()
        article = words[0].lower()
        if article in INDEFINITE | OWNED or _is_plural(article, head):
            return None
        feminine = _is_woman(article, head)
        fitting = self._of_role(printed, head, feminine, at)
        if len(fitting) == 1:
            return fitting.pop(), ROLE
        if fitting or article not in ("der", "die", "dieser", "diese"):
            return None
        if len(words) > 4 or speaks_for_others(head) or self._is_unnamed(head, at):
            return None
        found = self._nearest("f" if feminine else "m", at, party=_party(head))
        return None if found is None else (found[0], ONLY)

    def _of_role(self, printed: str, head: str, feminine: bool, at: int) -> set[str]:
        """The people whose role before or after their name ends like the description."""
        noun = head.rsplit("-", 1)[-1]
        if noun in ("politiker", "politikerin", "chef", "chefin") or not printed:
            noun = head
        gender = "f" if feminine else "m"
        return {
            person
            for person, roles in self.names.roles.items()
            if self.names.gender(person) in (None, gender)
            and any(
                word.lower().endswith(noun)
                for role in roles
                for word in role.split()
                if len(noun) > 3
            )
        }

    def _is_unnamed(self, head: str, at: int) -> bool:
        """Whether somebody of that kind was met before without a name: "ein Anwalt"."""
        for found in re.finditer(rf"\b{re.escape(head)}\b", self.docs.text[:at], re.IGNORECASE):
            after = self.docs.text[found.end() : found.end() + 2]
            if not (after[:1] in (" ", ",") and after[1:2].isupper()) and not after.startswith(","):
                return True
        return False

    def _nearest(self, gender: str | None, at: int, *, party: str = "") -> tuple[str, str] | None:
        """The one person of that gender in the nearest sentence that has any."""
        if gender is None:
            return None
        rule = PRONOUN_HERE
        home = self._paragraph_of(at)
        for number, start, end in self._sentences_before(at, limit=_BACK):
            if number != home:
                rule = PRONOUN_BEFORE
            fitting = [
                seen
                for seen in self._seen(number, start, end)
                if self.names.gender(seen.person) in (None, gender)
                and self._may_belong(seen.person, party)
            ]
            people = {seen.person for seen in fitting}
            if not people:
                if self._has_unnamed(number, start, end, gender):
                    return None
                continue
            if len(people) > 1:
                people = {seen.person for seen in fitting if not seen.oblique}
            if len(people) != 1 or self._has_unnamed(number, start, end, gender):
                return None
            (person,) = people
            if person not in self.names.full:
                return None
            if self.names.gender(person) is None and self._others(person, gender):
                return None
            return person, rule
        return None

    def _may_belong(self, person: str, party: str) -> bool:
        """Whether a person is of that party, or of none the article tells."""
        if not party:
            return True
        told = {word.lower() for role in self.names.roles.get(person, ()) for word in role.split()}
        known = {part for word in told for part in word.split("-")} & _PARTIES
        return not known or party in known

    def _others(self, person: str, gender: str) -> bool:
        return any(
            other != person and self.names.gender(other) in (None, gender)
            for other in self.names.full
        )

    def _has_unnamed(self, number: int, start: int, end: int, gender: str) -> bool:
        """Whether a sentence holds somebody without a name: "ein Sprecher", "ihr Anwalt"."""
        text, _ = self._row(number)
        for found in _UNNAMED.finditer(text, start, end):
            noun = _WORD.match(text, found.end(), end)
            if noun is None or not is_role(noun.group()) or is_body(noun.group()):
                continue
            follows = text[noun.end() : noun.end() + 2]
            if follows[:1] == " " and follows[1:].isupper():
                continue
            if is_female(noun.group()) == (gender == "f"):
                return True
        return False

    def _sentences_before(self, at: int, *, limit: int) -> list[tuple[int, int, int]]:
        """(paragraph, start, end) of the sentences up to ``at``, the nearest first."""
        found: list[tuple[int, int, int]] = []
        home = self._paragraph_of(at)
        for number in (home, home - 1, home - 2):
            if number < 0 or len(found) >= limit:
                break
            text, starts = self._row(number)
            stop = at - self.docs.paragraphs[number].span.start if number == home else len(text)
            inside = [start for start in starts if start < stop]
            ends = [*inside[1:], stop]
            found.extend((number, s, e) for s, e in reversed(list(zip(inside, ends, strict=True))))
            if number != home and any(self._seen(number, s, e) for n, s, e in found if n == number):
                break
        return found[:limit]

    def _paragraph_of(self, at: int) -> int:
        return bisect_right(self.docs.paragraphs, at, key=lambda p: p.span.start) - 1

    def _row(self, number: int) -> tuple[str, list[int]]:
        """A paragraph with its quotes masked, and where its sentences start."""
        if number not in self._rows:
            paragraph = self.docs.paragraphs[number]
            text, offset = paragraph.folded, paragraph.span.start
            for stretch in self.stretches:
                if stretch.paragraph == number:
                    start, end = stretch.start - offset, stretch.end - offset
                    closing = text[end - 1 : end] if text[end - 1 : end] in ".!?" else _FILLER
                    text = text[:start] + _FILLER * (end - start - 1) + closing + text[end:]
            self._rows[number] = (text, [0, *(found.end() for found in _END.finditer(text))])
        return self._rows[number]

    def _seen(self, number: int, start: int, end: int) -> list[_Seen]:
        """The people named in a sentence, outside quotes."""
        if self._pattern is None:
            lasts = sorted(self.names.by_last, key=len, reverse=True)
            known = "|".join(re.escape(last) for last in lasts) or r"(?!)"
            self._pattern = re.compile(rf"\b(?:{known})\b(?!-)", re.IGNORECASE)
        text, _ = self._row(number)
        found = []
        for match in self._pattern.finditer(text, start, end):
            if not match.group()[0].isupper():
                continue
            before = text[max(start, match.start() - 60) : match.start()]
            person = self.names.meant(match.group(), before.strip())
            found.append(_Seen(match.start(), person, _is_oblique(before, person)))
        return found


_PARTIES = frozenset(
    "spd cdu csu fdp afd grüne grünen linke linken bsw svp sp övp spö fpö neos evp".split()
)


def _party(head: str) -> str:
    first = head.split("-", 1)[0]
    return first if "-" in head and first in _PARTIES else ""


def _is_woman(article: str, head: str) -> bool:
    if is_female(head) and is_role(head):
        return True
    return article in ("die", "diese")


def _is_plural(article: str, head: str) -> bool:
    """Whether "die Minister" are several: a woman would be "die Ministerin"."""
    if article not in ("die", "diese"):
        return False
    return not head.endswith(("in", "e", "frau")) or head.endswith(("leute", "innen"))


def _is_oblique(before: str, person: str) -> bool:
    """Whether a preposition or an article of the dative stands before the name and its role."""
    words = before.split()
    first = person.split()[0]
    while words and (words[-1] == first or words[-1][:1].isupper() or words[-1] in ("Dr.",)):
        words.pop()
    while (
        words and words[-1].endswith(("en", "em", "er")) and words[-1] not in ("den", "dem", "der")
    ):
        words.pop()
    return bool(words) and (
        words[-1].lower() in PREPOSITIONS
        or words[-1] in ("dem", "den", "des", "ihrem", "seinem", "einem", "ihren", "seinen")
    )
