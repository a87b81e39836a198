"""``people.yaml``: names, other spellings, offices and their dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from bot.core.config.shapes import Day, Format, Many, Name, OneOrMany, Shape
from bot.core.config.tree import Mapping, Node, Scalar, Sequence, find, problem_at
from bot.domain.errors import Problem
from bot.domain.people import Person

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class PersonShape(Shape):
    """One person in one office; a second office is a second entry."""

    name: Name = Field(description="Full name as it should be shown.")
    aliases: OneOrMany[Name] | None = Field(
        None, description="Other spellings and descriptions, as in [the NATO chief]. Default: none."
    )
    role: Name | None = Field(None, description="The office. Default: none.")
    gender: Literal["f", "m"] | None = Field(
        None, description="f or m, to understand `she said`. Default: unknown."
    )
    since: Day | None = Field(None, description="First day in office. Default: always.")
    until: Day | None = Field(None, description="Last day in office. Default: still.")

    def value(self) -> Person:
        """As the domain has it."""
        return Person(
            name=self.name,
            aliases=tuple(self.aliases or ()),
            role=self.role,
            gender=self.gender,
            since=self.since,
            until=self.until,
        )


class PeopleShape(Shape):
    """The whole file."""

    format: Format = Field(description="Version of this file's layout: 1.")
    people: Many[PersonShape] = Field(description="The people quotes are attributed to.")

    def value(self) -> tuple[Person, ...]:
        """As the domain has it."""
        return tuple(person.value() for person in self.people)


def checks(root: Node | None, *, file: str) -> Iterator[Problem]:
    """An office that ends before it begins; one office entered twice."""
    listed = find(root, ("people",))
    seen: dict[tuple[str, str, str], int] = {}
    for person in listed.items if isinstance(listed, Sequence) else ():
        if not isinstance(person, Mapping):
            continue
        name, role, since, until = map(person.get, ("name", "role", "since", "until"))
        dates = [_text(since), _text(until)]
        if all(map(_DATE.fullmatch, dates)) and dates[1] < dates[0]:
            yield problem_at(until, f"`until` lies before `since` ({dates[0]})", file=file)
        if not isinstance(name, Scalar):
            continue
        entry = (name.text.casefold(), _text(role).casefold(), _text(since))
        if entry in seen:
            message = f"`{name.text}` stands on line {seen[entry]} already with the same office"
            yield problem_at(name, message, file=file)
        seen.setdefault(entry, name.line)


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""
