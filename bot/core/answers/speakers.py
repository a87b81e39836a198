"""Who is asked about: a name, title or alias → full names; and whether a speaker is that person."""

from __future__ import annotations

import re
from datetime import date

from bot.core.answers.words import plain
from bot.domain.people import Person

#: Words before a name that are no part of it.
TITLES = frozenset(
    (
        "the a an mr mrs ms miss dr prof professor sir dame lord lady president prime minister pm "
        "chancellor secretary general secretary-general foreign defence defense senator sen "
        "representative rep congressman congresswoman governor gov king queen prince princess "
        "pope admiral captain colonel ambassador commissioner mayor judge justice chief former "
        "vice deputy acting us u.s uk eu nato"
    ).split()
)
_PART = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")


def name_parts(name: str) -> tuple[str, ...]:
    """The words of a name without titles, folded; all of its words when they are all titles."""
    words = tuple(_PART.findall(plain(_POSSESSIVE.sub("", name.strip()))))
    return tuple(word for word in words if word not in TITLES) or words


def resolve(written: str, people: tuple[Person, ...], *, day: date) -> tuple[str, ...]:
    """Full names of whom ``written`` can mean, each followed by its other spellings.

    A name means everybody who bears it; a description ("the NATO chief") whoever held the office
    on ``day``. Empty when nobody known is meant.
    """
    wanted = name_parts(written)
    described = _description(written)
    if not wanted:
        return ()
    named = [p for p in people if any(same_name(wanted, name_parts(n)) for n in _names(p))]
    found = named or [
        person
        for person in people
        if person.holds_office(day)
        and described in {_description(a) for a in (*person.aliases, person.role or "") if a}
    ]
    spellings = {name: None for person in found for name in (person.name, *_names(person))}
    return tuple(spellings)


def is_speaker(names: tuple[str, ...], speaker: str | None, *, role: str | None = None) -> bool:
    """Whether a quote's ``speaker`` bears one of ``names``, or has the role that one describes."""
    if speaker is None:
        return False
    parts = name_parts(speaker)
    return any(same_name(name_parts(name), parts) for name in names) or any(
        set(_description(name).split()) <= set(plain(role).split()) for name in names if role
    )


def same_name(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether two names can be one person's: same last word, the shorter inside the longer."""
    shorter, longer = sorted((a, b), key=len)
    return bool(shorter) and shorter[-1] == longer[-1] and set(shorter) <= set(longer)


def _names(person: Person) -> tuple[str, ...]:
    """The name and the aliases that are names, not descriptions."""
    return (
        person.name,
        *(a for a in person.aliases if a[:1].isupper() and "'s " not in a and not _titled(a)),
    )


def _titled(alias: str) -> bool:
    """Whether an alias ends in an office: "NATO Secretary-General"."""
    return plain(alias).split()[-1] in TITLES


def _description(text: str) -> str:
    words = re.split(r"[\s-]+", plain(text.strip()))
    return " ".join(word for word in words if word not in {"the", "a", "an"})
