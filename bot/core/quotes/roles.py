"""Who a description is: the one person of the article, or of the people list, with that role."""

from __future__ import annotations

import re
from datetime import date

from bot.core.quotes.lexicon import DETERMINERS
from bot.core.quotes.names import NameBook
from bot.domain.people import Person

_ALIKE = {
    "gov": "governor",
    "sen": "senator",
    "rep": "representative",
    "congressman": "representative",
    "congresswoman": "representative",
    "lawmaker": "representative",
    "gen": "general",
    "chief": "head",
    "boss": "head",
    "leader": "head",
    "chairman": "chair",
    "chairwoman": "chair",
    "spokesman": "spokesperson",
    "spokeswoman": "spokesperson",
    "premier": "minister",
}
#: Whoever leads an alliance or agency may be called its head.
_LEADERS = frozenset("head general director president chair commissioner".split())
_INDEFINITE = frozenset(
    "a an another one some many several other few any two three ein eine einer zwei drei".split()
)
_GERMAN_ARTICLES = frozenset(("der", "die", "das", "dem", "den", "des"))
#: People of one kind of role among whom no description tells one from another.
_MANY = 100
_WORD = re.compile(r"[\w'-]+")
#: Ways of address at the end of what stands before a name; they say nothing of what it does.
_HONORIFIC = re.compile(
    r"(?:^|\s)(?:Sir|Dame|Lord|Lady|Mr|Mrs|Ms|Miss|Mx|Madam|Dr|Herr|Frau)\.?$", re.IGNORECASE
)


def without_honorific(role: str) -> str:
    """``role`` without the way of address it ends in: "Prime Minister Sir" → "Prime Minister"."""
    return _HONORIFIC.sub("", role)


def _words(role: str) -> list[str]:
    words = [word.lower().removesuffix("'s") for word in _WORD.findall(role)]
    return [_ALIKE.get(word, word) for word in words if word not in DETERMINERS | _GERMAN_ARTICLES]


def holder(
    description: str, head: str, names: NameBook, people: tuple[Person, ...], day: date | None
) -> tuple[str, bool] | None:
    """The full name behind a description, and whether it came from the people list.

    Args:
        description: As printed: "the NATO chief".
        head: Its head noun, lower case: "chief".
        names: The article's names.
        people: The people list.
        day: Publication day; without it the list is not asked.
    """
    if description.lower().split()[0] in _INDEFINITE:
        return None
    wanted = set(_words(description))
    head = _ALIKE.get(head, head)
    known = _of_head(head, names)
    found = {
        name
        for name in known
        if any(_fits(wanted, head, _words(role)) for role in names.roles[name])
    }
    if len(found) == 1:
        return found.pop(), False
    if found or day is None:
        return None
    plain = " ".join(description.lower().replace("’", "'").split())
    listed = {
        person.name
        for person in people
        if person.holds_office(day)
        and plain in {alias.lower() for alias in (*person.aliases, f"the {person.role}")}
    }
    return (listed.pop(), True) if len(listed) == 1 else None


def _of_head(head: str, names: NameBook) -> set[str]:
    """Who may be meant by a head noun; nobody where that is half the town."""
    if names.by_role is None:
        index: dict[str, set[str]] = {}
        for name, roles in names.roles.items():
            for word in {word for role in roles for word in _words(role)}:
                index.setdefault(word, set()).add(name)
        names.by_role = index
    heads = (head, *_LEADERS) if head == "head" else (head,)
    found = {name for one in heads for name in names.by_role.get(one, ())}
    return found if len(found) <= _MANY else set()


def _fits(wanted: set[str], head: str, role: list[str]) -> bool:
    """Whether a role printed near a name answers a description with that head."""
    if not role:
        return False
    rest = wanted - {head, "of", "for", "former"}
    named = set(role)
    if head in named:
        return rest <= named
    return bool(rest & named) and head == "head" and bool(named & _LEADERS) and rest <= named
