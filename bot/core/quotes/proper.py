"""Proper names among capitalised words: where the name begins once titles are taken off."""

from __future__ import annotations

from bot.core.quotes.first_names import FIRST_NAMES
from bot.core.quotes.lexicon import (
    OPENERS,
    ORGANISATIONS,
    PLACES,
    SPEAKERS,
    SURNAMES,
    TITLES,
)

#: First names that are ordinary words too.
_NAMES_TOO = frozenset("will may april june august".split())
#: Single words that tell when.
_TIMES = frozenset(
    "hours days weeks months years minutes moments jan feb aug sept sep oct nov dec".split()
)
#: Articles that are written in front of Arabic names, small or not.
_ARABIC = frozenset("al el ul ad an ar as at az".split())
#: Ends of compounds that describe: "Ten-year-old", "Riga-based".
_COMPOUNDS = (
    "-old",
    "-based",
    "-born",
    "-winning",
    "-led",
    "-backed",
    "-elect",
    "-turned",
    "-trained",
    "-educated",
    "-appointed",
    "-language",
)
#: Whoever is one of these "of" somebody is not that somebody: "critics of Minister Holm".
_SOMEBODYS = frozenset(
    "spokesman spokeswoman spokesperson critic friend ally aide adviser advisor supporter wife "
    "husband son daughter brother sister mother father widow lawyer attorney opponent rival "
    "predecessor successor colleague biographer".split()
)
#: Parts of hyphenated titles: "Co-chairs", "Chancellor-designate".
_PARTS = SPEAKERS | {"co", "ex", "chairs", "designate", "elect", "in"}
#: Words a name has at most.
_LONGEST = 4


def is_capital(word: str) -> bool:
    """Whether a word could be part of a name: "Holm", "al-Hassan"."""
    if word[:1].isupper():
        return word[:1].isalpha()
    return word[2:3] == "-" and word[3:4].isupper() and word[:2] in _ARABIC


def takes_of(word: str) -> bool:
    """Whether "of" after the lower-case word still belongs to a title or a body's name."""
    return word.rstrip(".") in TITLES or word in ORGANISATIONS or word in SPEAKERS


def _is_title(word: str) -> bool:
    """Whether a word before a name is none: "Senator", "Vice-Chancellor", "Riga-based"."""
    lower = word.lower().rstrip(".")
    if lower in TITLES or word.endswith(_COMPOUNDS):
        return True
    parts = lower.split("-")
    return len(parts) > 1 and all(part in TITLES or part in _PARTS for part in parts)


def is_somebodys(word: str) -> bool:
    """Whether the name after "of" is somebody else's: "critics of", "a friend of"."""
    return word in _SOMEBODYS or (word in SPEAKERS and word.endswith("s"))


def proper(words: list[str], first: int, last: int) -> tuple[int, tuple[str, ...]]:
    """Where the name proper begins in ``words[first..last]``, and its words; empty if none."""
    start = _after_office(words, first, last)
    while start <= last and _is_title(words[start]):
        start += 1
    while start + 1 < last and words[start].lower() in SPEAKERS:
        # "Critic Vera Stone"
        start += 1
    for place in range(last - 1, start, -1):
        word = words[place].lower()
        if _is_title(word) and word not in SURNAMES and words[place][:1].isupper():
            # "Alliance Secretary General Jane Roe": the name follows the last title.
            start = place + 1
            break
    name = tuple(words[start : last + 1])
    return (start, name) if name and _is_name(name) else (last + 1, ())


def _after_office(words: list[str], first: int, last: int) -> int:
    """The word after an office that takes "of": "Secretary of State | Jane Roe"."""
    of = next((place for place in range(last, first - 1, -1) if words[place].lower() == "of"), None)
    if of is None:
        return first
    before = words[of - 1].lower()
    if before in SURNAMES and of - 2 >= first and words[of - 2].lower().rstrip(".") not in TITLES:
        # "Ruth King of Ohio"
        return last + 1
    if is_somebodys(before):
        return last + 1
    start = of + 1
    if start < last and words[start].lower() == "the":
        start += 1
    if start > last:
        return last + 1
    if words[start].lower() in TITLES:
        return start
    return start + 1 if last - start >= 2 else last + 1


def is_body(lowered: list[str]) -> bool:
    """Whether capitalised words name a body: "Harbour League", but not "Bill Holm", "Ed Street"."""
    *front, last = lowered
    if not front or front[0] not in FIRST_NAMES:
        return last in ORGANISATIONS or lowered[0] in ORGANISATIONS
    return last in ORGANISATIONS and last not in SURNAMES


def _is_name(name: tuple[str, ...]) -> bool:
    lowered = [word.lower() for word in name]
    if len(name) > _LONGEST or lowered[-1] in PLACES or is_body(lowered):
        return False
    if len(name) == 1:
        if lowered[0].rstrip(".") in _TIMES:
            return False
        # "CNN", "AP" are bodies.
        body = name[0].isupper() and len(name[0]) > 1
        word = lowered[0] in OPENERS or lowered[0] in SPEAKERS
        return not body and (not word or lowered[0] in SURNAMES or lowered[0] in _NAMES_TOO)
    if lowered[0] in ("and", "for", "&"):
        return False
    if lowered[-1] in TITLES and lowered[-1] not in SURNAMES:
        return False
    return not any(word in OPENERS and word not in _NAMES_TOO for word in lowered)
