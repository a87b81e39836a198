"""The people a German article names: a usual first name with more, a role with two words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from bot.core.quotes.choices import Choice
from bot.core.quotes.german.lexicon import (
    AFTER_PARTICLE,
    ARTICLES,
    NO_NAMES,
    PARTICLES,
    PREPOSITIONS,
)
from bot.core.quotes.german.mentions import gender_of, is_first_name, joins, name_start
from bot.core.quotes.german.nouns import is_body, is_female, is_role
from bot.core.quotes.mentions import MentionKind
from bot.core.quotes.names import NameBook

#: Capital letters of the alphabets that use Latin letters.
_CAPITAL = "[" + "".join(chr(code) for code in range(0x41, 0x250) if chr(code).isupper()) + "]"
_PARTICLE = rf"(?:(?:{'|'.join(sorted(PARTICLES))}) (?:(?:{'|'.join(sorted(AFTER_PARTICLE))}) )?)"
_WORD = rf"{_CAPITAL}[\w'-]*"
#: Two capitalised words side by side; the second may be the first of the next pair.
_PAIR = re.compile(rf"({_CAPITAL}(?<![\w-].)[\w'-]*)(?= ({_WORD}))")
#: A capital first, which is quick to look for: Holm, Dr., Prof., J.
_ONE = rf"{_CAPITAL}(?<![\w-].)(?:(?:r|rof|t)?\.|[\w'-]*)"
_RUN = re.compile(rf"{_ONE}(?: {_PARTICLE}?{_ONE})+")
#: Holm (SPD), Holm (47)
_PARTY = re.compile(r" \(([A-ZÄÖÜ][A-Za-zäöüÄÖÜ]{1,10}|B'?90/Grüne|\d\d)(?:, [^()]{1,20})?\)")
#: What ends the words before and after the comma of an apposition.
_STOPS = re.compile(r"[.,;:!?()\"„“”»«]")
#: Jens Holm, Chef des Amtes
_AFTER_COMMA = re.compile(r", (?:der |die |ein |eine )?([^.,;:!?()\"„“”»«]{3,60})")
_LONGEST = 5
#: Last names that are looked for one by one, at most.
_MANY = 20
#: Characters of an apposition.
_APPOSED = 90
#: Capitalised at the start of a sentence only.
_OPENERS = NO_NAMES | ARTICLES | PREPOSITIONS
_NOT_BEFORE_NAMES = ("s", "er", "en", "em", "sche", "schen", "scher", "e")


def reader(choices: Iterable[Choice]) -> Callable[[NameBook, str], None]:
    """What reads the names of one paragraph after another, knowing who the rules chose.

    A last name right beside a cue makes the word before it, wherever both stand together, a first
    name; a name of two words there is a full name whatever its first name is.
    """
    lasts: set[str] = set()
    fulls: set[tuple[str, ...]] = set()
    for choice in choices:
        name = choice.mention.name
        if choice.mention.kind is not MentionKind.NAME or not name:
            continue
        if len(name) == 1:
            lasts.add(name[0])
        elif len(name) == 2 and name[0].lower() not in PARTICLES:
            fulls.add(name)

    def read(made: NameBook, text: str) -> None:
        while fulls:
            _add(made, list(fulls.pop()), [])
        read_names(made, text)
        if lasts and (len(lasts) > _MANY or any(last in text for last in lasts)):
            _complete(made, text, lasts)

    return read


def read_names(made: NameBook, text: str) -> None:
    """Add the full names of a folded paragraph, with the role before them, to ``made``."""
    for found in _RUN.finditer(text):
        party = _PARTY.match(text, found.end())
        after = (
            _AFTER_COMMA.match(text, found.end())
            if text[found.end() : found.end() + 1] == ","
            else None
        )
        apposed = _before_comma(text, found.start())
        parts = _parts(found.group().split())
        for number, words in enumerate(parts):
            is_last = number == len(parts) - 1
            if len(words) > 1:
                _read_run(
                    made,
                    words,
                    _role_in(apposed) if apposed and not number else "",
                    _role_in(after.group(1)) if after and is_last else "",
                    party.group(1) if party and is_last else "",
                )


def _read_run(made: NameBook, words: list[str], noun: str, later: str, party: str) -> None:
    """Add the name in a run of capitalised words.

    Args:
        made: Added to.
        words: The run.
        noun: What somebody is, in the words before the comma before the run; or empty.
        later: The same after the comma after the run.
        party: In brackets after the run.
    """
    start = next((i for i, word in enumerate(words[:-1]) if is_first_name(word)), None)
    titled = name_start(words, 0, len(words) - 1)
    if 0 < titled < len(words) and is_role(words[titled - 1]):
        _courtesy(made, words, titled)
    if start is None and len(words) - titled >= 2:
        apposed = bool(noun) and len(words) < _LONGEST
        if titled or ((apposed or party) and _may_be_first(words[0])):
            start = titled
    if start is not None:
        _add(made, words[start:], words[:start], (noun, later, party))


def _parts(words: list[str]) -> list[list[str]]:
    """A run cut at small words that are no part of a name: "Sprecher | von Kanzler Jens Holm"."""
    if not any(word[:1].islower() for word in words):
        return [_without_openers(words)]
    parts: list[list[str]] = [[]]
    for place, word in enumerate(words):
        small = word[:1].islower()
        inside = place and words[place - 1][:1].islower() and joins(words, place - 1)
        if small and not inside and not joins(words, place):
            nested = place > 0 and words[place - 1][:1].islower()
            if not nested or not parts[-1]:
                parts.append([])
                continue
        parts[-1].append(word)
    return [_without_openers(part) for part in parts]


def _without_openers(words: list[str]) -> list[str]:
    start = 0
    while start < len(words) and words[start].lower() in _OPENERS:
        start += 1
    return words[start:]


def _before_comma(text: str, at: int) -> str:
    """The words before the comma right before ``at``: Der Chef des Amtes, | Jens Holm."""
    if text[max(0, at - 2) : at] != ", ":
        return ""
    return _STOPS.split(text[max(0, at - _APPOSED) : at - 2])[-1]


def _role_in(phrase: str) -> str:
    """The first noun of a phrase that says what somebody is."""
    for word in phrase.split()[:8]:
        if is_role(word) and word[:1].isupper():
            return word
    return ""


def _may_be_first(word: str) -> bool:
    """Whether a capitalised word of unknown kind could be a first name."""
    lower = word.lower()
    return (
        lower not in NO_NAMES
        and not is_role(word)
        and not is_body(word)
        and not lower.endswith(_NOT_BEFORE_NAMES)
    )


def _complete(made: NameBook, text: str, lasts: set[str]) -> None:
    """Add "Aivo Holm" where Holm spoke and no first name is known."""
    for found in _PAIR.finditer(text):
        first, last = found.groups()
        if last not in lasts or f"{first} {last}" in made.full:
            continue
        if _may_be_first(first) or is_first_name(first):
            _add(made, [first, last], [])


def _courtesy(made: NameBook, words: list[str], titled: int) -> None:
    """Remember whether "Ministerin Holm" is a woman."""
    role = words[titled - 1]
    if role.lower() not in ("dr.", "prof.") and len(words) - titled <= _LONGEST:
        made.courtesy.setdefault(words[-1].lower(), "f" if is_female(role) else "m")


def _add(made: NameBook, name: list[str], before: list[str], others: Iterable[str] = ()) -> None:
    if name[-1].endswith("'s"):
        name = [*name[:-1], name[-1][:-2]]
    sure = gender_of(name[0]) is not None and bool(before) and is_role(before[-1])
    if not 2 <= len(name) <= _LONGEST or any(
        (is_body(word) and not sure) or word.lower() in NO_NAMES
        for word in name
        if word[:1].isupper()
    ):
        return
    full = " ".join(name)
    made.full[full] += 1
    role = " ".join(before)
    roles = [role] if before and is_role(before[-1]) else []
    roles.extend(other for other in others if other and other not in roles)
    gender = gender_of(name[0])
    if gender is not None:
        made.courtesy[name[-1].lower()] = gender
    elif roles and is_role(roles[0].split()[-1]):
        made.courtesy.setdefault(name[-1].lower(), "f" if is_female(roles[0]) else "m")
    for role in roles:
        if role not in made.roles[full]:
            made.roles[full].append(role)
