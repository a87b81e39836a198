"""Rules on one article: from the phrases found in it to the hits of a rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.core.matching.hits import Hit, Place, count_apart
from bot.core.matching.near import apart_from, near_hits
from bot.core.matching.patterns import stretches
from bot.core.matching.words import Words
from bot.domain.watch import AllOf, AnyOf, AtLeast, InField, Near, Pattern, Phrase, Rule, Topic


class Reading:
    """One article as words, with the phrases that stand in it."""

    def __init__(self) -> None:
        self.words: dict[Place, Words] = {}
        self._hits: dict[Phrase, list[Hit]] = defaultdict(list)

    def add(self, place: Place, words: Words, phrases: Iterable[tuple[Phrase, int, int]]) -> None:
        """Takes in a paragraph."""
        self.words[place] = words
        for phrase, start, end in phrases:
            self._hits[phrase].append(Hit(place=place, start=start, end=end, rule=phrase))

    @property
    def phrases(self) -> frozenset[Phrase]:
        """Those that stand in the article."""
        return frozenset(phrase for phrase, hits in self._hits.items() if hits)

    def hits(
        self, rule: Rule, *, fields: tuple[str, ...] = (), inside: Near | None = None
    ) -> list[Hit]:
        """Where ``rule`` holds, in no order; empty if it does not.

        ``fields`` are those the place must belong to, ``inside`` the near that a part stands in.
        """
        match rule:
            case Phrase():
                found = self._hits.get(rule, [])
                return [hit for hit in found if all(hit.place.is_in(each) for each in fields)]
            case Pattern():
                return self._pattern(rule, fields)
            case InField(field=field, part=part):
                return self.hits(part, fields=(*fields, field), inside=inside)
            case AtLeast(times=times, of=part):
                hits = self.hits(part, fields=fields)
                return hits if count_apart(hits) >= times else []
            case Near():
                return self._near(rule, fields)
            case AllOf(parts=parts, none=none) if inside is not None:
                closer = replace(inside, parts=parts, in_order=False, unless=none)
                return self._near(closer, fields)
            case AllOf(parts=parts, none=none):
                found_by_part = [self.hits(part, fields=fields) for part in parts]
                if not all(found_by_part) or any(self.hits(each, fields=fields) for each in none):
                    return []
                return [hit for found in found_by_part for hit in found]
            case AnyOf(parts=parts):
                found_by_part = [self.hits(part, fields=fields, inside=inside) for part in parts]
                return [hit for found in found_by_part for hit in found]

    def _near(self, rule: Near, fields: tuple[str, ...]) -> list[Hit]:
        found = [self.hits(part, fields=fields, inside=rule) for part in rule.parts]
        if not all(found):
            return []
        hits = near_hits(rule, found, self.words)
        if hits and rule.unless:
            refused = [hit for each in rule.unless for hit in self.hits(each, inside=rule)]
            return apart_from(refused, hits, rule, self.words)
        return hits

    def _pattern(self, rule: Pattern, fields: tuple[str, ...]) -> list[Hit]:
        needed = {hit.place for phrase in rule.needs for hit in self.hits(phrase, fields=fields)}
        return [
            Hit(place=place, start=start, end=end, rule=rule)
            for place in needed
            for start, end in stretches(rule.regex, self.words[place])
        ]


def phrases_in(rule: Rule) -> Iterator[Phrase]:
    """Every phrase that speaks for ``rule``."""
    match rule:
        case Phrase():
            yield rule
        case Pattern(needs=needs):
            yield from needs
        case InField(part=part) | AtLeast(of=part):
            yield from phrases_in(part)
        case Near(parts=parts) | AnyOf(parts=parts) | AllOf(parts=parts):
            for part in parts:
                yield from phrases_in(part)


def all_phrases_in(rule: Rule) -> Iterator[Phrase]:
    """Every phrase that ``rule`` looks for, those it refuses included."""
    yield from phrases_in(rule)
    for refused in refusals_in(rule):
        yield from all_phrases_in(refused)


def refusals_in(rule: Rule) -> Iterator[Rule]:
    """The rules that ``rule`` refuses anywhere inside it."""
    match rule:
        case InField(part=part) | AtLeast(of=part):
            yield from refusals_in(part)
        case AnyOf(parts=parts):
            for part in parts:
                yield from refusals_in(part)
        case Near(parts=parts, unless=refused) | AllOf(parts=parts, none=refused):
            yield from refused
            for part in parts:
                yield from refusals_in(part)
        case Phrase() | Pattern():
            return


def rules_of(topic: Topic) -> tuple[Rule, ...]:
    """The rules that speak for ``topic``: all but those of ``none``."""
    counted = (topic.at_least.of,) if topic.at_least is not None else ()
    return (*topic.any, *topic.all, *counted)
