"""A rule as an admin writes it: a phrase, or a small mapping with one telling key.

defence spending                        whole words in a row, any case; spend*, wom?n
exact: US                               case as written
forms of: halt the fighting             halts, halted, halting the fighting
near: [NATO, spend*]                    + within: 8 words | sentence | paragraph, in order: yes,
                                          not near: [...]
any: [...]   all: [...]  none: [...]    groups, one in another
times: 3, of: [...]                     so many hits, in title and text together
regex: '5 ?% of GDP'                    + needs: [GDP]
query: NATO AND (spend* OR budget*)     a search as pasted from elsewhere
person: [...]  organisation: [...]  place: [...]   names, as phrases
title: [...]   lead: [...]              in the title, in the first two paragraphs
heading: [...]                          in the heading of a section
list: nato names                        any term of a list at the top of the file
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, TypeAlias

from pydantic import Discriminator, Field, Tag

from bot.core.config import words
from bot.core.config.query import parse
from bot.core.config.regex import regex
from bot.core.config.shapes import Many, Name, OneOrMany, Shape, Written, YesNo
from bot.domain.watch import AllOf, AnyOf, AtLeast, InField, Near, Pattern, Phrase, Rule

#: Name of a list → its rules.
Lists: TypeAlias = Mapping[str, tuple[Rule, ...]]
PhraseText = Annotated[str, Written(words.phrase, {"minLength": 1})]
Distance = Annotated[
    int | str,
    Written(words.distance, {"examples": ["8 words", "sentence", "paragraph"]}),
]
RegexText = Annotated[str, Written(regex, {"minLength": 1})]
#: Reads the text as a rule of the domain.
Query = Annotated[Any, Written(parse, {"minLength": 1, "examples": ["NATO AND (spend* OR GDP)"]})]
#: The error type of what is no rule; where it stands is told from the file.
NO_RULE = "no_rule"
#: Key of a rule → tag; tags cannot be keys, so a place in the file is never mistaken for one.
_TAGS = {
    "near": "=near",
    "not near": "=near",
    "within": "=near",
    "in order": "=near",
    "exact": "=exact",
    "forms of": "=forms of",
    "list": "=list",
    "title": "=title",
    "lead": "=lead",
    "heading": "=heading",
    "any": "=group",
    "all": "=group",
    "times": "=times",
    "of": "=times",
    "regex": "=regex",
    "query": "=query",
    "person": "=person",
    "organisation": "=organisation",
    "place": "=place",
}
RULE_KEYS = tuple(_TAGS)


def _kind(*tags: str) -> Callable[[Any], str | None]:
    """Which of ``tags`` a written rule is; None for what is none of them."""

    def kind(value: Any) -> str | None:
        if isinstance(value, str):
            return "=phrase"
        if not isinstance(value, dict):
            return None
        return next((tag for key, tag in _TAGS.items() if key in value and tag in tags), None)

    return kind


class ExactShape(Shape):
    """Case as written."""

    exact: OneOrMany[PhraseText] = Field(description="Phrases in exactly this case, as in US.")

    def value(self, lists: Lists) -> Rule:
        """As the domain has it."""
        return one_of([Phrase(text=text, exact=True) for text in self.exact])


class FormsShape(Shape):
    """Any inflection."""

    forms_of: OneOrMany[PhraseText] = Field(
        alias="forms of", description="Any inflection of the first verb or the last noun."
    )

    def value(self, lists: Lists) -> Rule:
        """As the domain has it."""
        return one_of([Phrase(text=text, forms=True) for text in self.forms_of])


class ListShape(Shape):
    """Terms kept at the top of the file."""

    list: Name = Field(description="Name of a list under `lists`.")

    def value(self, lists: Lists) -> Rule:
        """As the domain has it."""
        return one_of(lists[self.list])


class PersonShape(Shape):
    """People by name."""

    person: OneOrMany[PhraseText] = Field(description="Names of people; found like phrases.")

    def value(self, lists: Lists) -> Rule:
        """As the domain has it."""
        return one_of(rules(self.person, lists))


class OrganisationShape(Shape):
    """Organisations by name."""

    organisation: OneOrMany[PhraseText] = Field(
        description="Names of organisations; found like phrases."
    )

    def value(self, lists: Lists) -> Rule:
        """As the domain has it."""
        return one_of(rules(self.organisation, lists))


class PlaceShape(Shape):
    """Places by name."""

    place: OneOrMany[PhraseText] = Field(description="Names of places; found like phrases.")

    def value(self, lists: Lists) -> Rule:
        """As the domain has it."""
        return one_of(rules(self.place, lists))


class QueryShape(Shape):
    """A search as it is written elsewhere."""

    query: Query = Field(description="AND, OR, NOT, NEAR/8, parentheses, phrases in quotes.")

    def value(self, lists: Lists) -> Rule:
        """As the domain has it."""
        rule: Rule = self.query
        return rule


class RegexShape(Shape):
    """A regular expression."""

    regex: RegexText = Field(description="In RE2's dialect, any case, inside one paragraph.")
    needs: OneOrMany[Need] = Field(
        description="One of these must stand in the paragraph: it is not searched otherwise."
    )

    def value(self, lists: Lists) -> Rule:
        """As the domain has it."""
        return Pattern(regex=self.regex, needs=_phrases(rules(self.needs, lists)))


class TitleShape(Shape):
    """Looks at the title only."""

    title: OneOrMany[AnyRule] = Field(description="At least one of these in the title.")

    def value(self, lists: Lists) -> Rule:
        """As the domain has it."""
        return InField(field="title", part=one_of(rules(self.title, lists)))


class LeadShape(Shape):
    """Looks at the first two paragraphs only."""

    lead: OneOrMany[AnyRule] = Field(
        description="At least one of these in the first two paragraphs."
    )

    def value(self, lists: Lists) -> Rule:
        """As the domain has it."""
        return InField(field="lead", part=one_of(rules(self.lead, lists)))


class HeadingShape(Shape):
    """Looks at the headings of sections only."""

    heading: OneOrMany[AnyRule] = Field(
        description="At least one of these in a section's heading: a short line, no full stop."
    )

    def value(self, lists: Lists) -> Rule:
        """As the domain has it."""
        return InField(field="heading", part=one_of(rules(self.heading, lists)))


class TimesShape(Shape):
    """A number of hits."""

    times: Annotated[int, Field(ge=1, le=100)] = Field(description="How many hits.")
    of: OneOrMany[AnyRule] = Field(description="Hits of these, counted together.")

    def value(self, lists: Lists) -> AtLeast:
        """As the domain has it."""
        return AtLeast(times=self.times, of=one_of(rules(self.of, lists)))


class GroupShape(Shape):
    """A group inside a rule."""

    any: Many[AnyRule] | None = Field(None, description="At least one of these.")
    all: Many[AnyRule] | None = Field(None, description="Every one of these.")
    none: Many[AnyRule] | None = Field(None, description="None of these.")

    def value(self, lists: Lists) -> Rule:
        """As the domain has it."""
        group = _group(self.any or (), self.all or (), lists)
        if not self.none:
            return group
        parts = group.parts if isinstance(group, AllOf) else (group,)
        return AllOf(parts=parts, none=rules(self.none, lists))


class PartsShape(Shape):
    """A group inside ``near``."""

    any: Many[NearPart] | None = Field(None, description="At least one of these.")
    all: FewParts | None = Field(None, description="Every one of these, at the same distance.")

    def value(self, lists: Lists) -> Rule:
        """As the domain has it."""
        return _group(self.any or (), self.all or (), lists)


class NearShape(Shape):
    """Parts at a distance of each other."""

    near: FewParts = Field(
        description="2 to 6 parts: phrases, exact, forms of, list, near, any, all; 1 will do "
        "beside `not near`."
    )
    not_near: OneOrMany[NearPart] | None = Field(
        None, alias="not near", description="None of these at the same distance."
    )
    within: Distance = Field(
        "sentence", description="`8 words`, `sentence` or `paragraph`. Default: sentence."
    )
    in_order: YesNo = Field(
        False, alias="in order", description="Only in the order as written. Default: no."
    )

    def value(self, lists: Lists) -> Rule:
        """As the domain has it."""
        return Near(
            parts=rules(self.near, lists),
            words=self.within if isinstance(self.within, int) else None,
            within=self.within if isinstance(self.within, str) else None,
            in_order=self.in_order,
            unless=rules(self.not_near or (), lists),
        )


_IN_NEAR = (
    "=exact",
    "=forms of",
    "=list",
    "=near",
    "=group",
    "=person",
    "=organisation",
    "=place",
    "=regex",
)
_PHRASE: TypeAlias = Annotated[PhraseText, Tag("=phrase")]
#: What can stand in a list at the top of the file.
Term: TypeAlias = Annotated[
    _PHRASE | Annotated[ExactShape, Tag("=exact")] | Annotated[FormsShape, Tag("=forms of")],
    Discriminator(_kind("=exact", "=forms of"), NO_RULE, "in a list"),
]
#: What a regex can ask for.
Need: TypeAlias = Annotated[
    _PHRASE
    | Annotated[ExactShape, Tag("=exact")]
    | Annotated[FormsShape, Tag("=forms of")]
    | Annotated[ListShape, Tag("=list")],
    Discriminator(_kind("=exact", "=forms of", "=list"), NO_RULE, "in needs"),
]
NearPart: TypeAlias = Annotated[
    _PHRASE
    | Annotated[ExactShape, Tag("=exact")]
    | Annotated[FormsShape, Tag("=forms of")]
    | Annotated[ListShape, Tag("=list")]
    | Annotated[NearShape, Tag("=near")]
    | Annotated[PartsShape, Tag("=group")]
    | Annotated[PersonShape, Tag("=person")]
    | Annotated[OrganisationShape, Tag("=organisation")]
    | Annotated[PlaceShape, Tag("=place")]
    | Annotated[RegexShape, Tag("=regex")],
    Discriminator(_kind(*_IN_NEAR), NO_RULE, "in near"),
]
#: Finding groups of n parts costs 2ⁿ.
FewParts: TypeAlias = Annotated[list[NearPart], Field(min_length=1, max_length=6)]
AnyRule: TypeAlias = Annotated[
    _PHRASE
    | Annotated[ExactShape, Tag("=exact")]
    | Annotated[FormsShape, Tag("=forms of")]
    | Annotated[ListShape, Tag("=list")]
    | Annotated[NearShape, Tag("=near")]
    | Annotated[GroupShape, Tag("=group")]
    | Annotated[TitleShape, Tag("=title")]
    | Annotated[LeadShape, Tag("=lead")]
    | Annotated[HeadingShape, Tag("=heading")]
    | Annotated[TimesShape, Tag("=times")]
    | Annotated[RegexShape, Tag("=regex")]
    | Annotated[QueryShape, Tag("=query")]
    | Annotated[PersonShape, Tag("=person")]
    | Annotated[OrganisationShape, Tag("=organisation")]
    | Annotated[PlaceShape, Tag("=place")],
    Discriminator(_kind(*_TAGS.values()), NO_RULE, "as a rule"),
]
for _shape in (
    RegexShape,
    TimesShape,
    TitleShape,
    LeadShape,
    HeadingShape,
    GroupShape,
    PartsShape,
    NearShape,
):
    _shape.model_rebuild()


def rules(written: Sequence[Any], lists: Lists) -> tuple[Rule, ...]:
    """Written rules as the domain has them; every list named is in ``lists``."""
    return tuple(
        Phrase(text=rule) if isinstance(rule, str) else rule.value(lists) for rule in written
    )


def _group(any_of: Sequence[Any], all_of: Sequence[Any], lists: Lists) -> Rule:
    """Every one of ``all_of``, and one of ``any_of``; at least one of the two is not empty."""
    parts = rules(all_of, lists)
    if any_of:
        parts = (one_of(rules(any_of, lists)), *parts)
    return parts[0] if len(parts) == 1 else AllOf(parts=parts)


def _phrases(parts: Sequence[Rule]) -> tuple[Phrase, ...]:
    """The phrases in lists of phrases."""
    found: list[Phrase] = []
    for part in parts:
        if isinstance(part, Phrase):
            found.append(part)
        elif isinstance(part, AnyOf):
            found += _phrases(part.parts)
    return tuple(found)


def one_of(parts: Sequence[Rule]) -> Rule:
    """At least one of ``parts``."""
    return parts[0] if len(parts) == 1 else AnyOf(parts=tuple(parts))
