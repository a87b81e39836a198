"""Watchlists: topics, their rules, and the matches with evidence that rules produce."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from bot.domain.quotes import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Words in a row: whole words, any case; ``spend*`` and ``wom?n`` are wildcards in a word."""

    text: str
    #: Case as written.
    exact: bool = False
    #: Any inflection of the phrase's first verb or last noun.
    forms: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """All parts within a distance of each other, inside one paragraph."""

    parts: tuple[Rule, ...]
    #: At most so many other words between neighbours; None when ``sentence`` or ``paragraph``.
    words: int | None = None
    #: ``sentence`` or ``paragraph`` when no number of words is given.
    within: str | None = None
    #: The parts in the order as written.
    in_order: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    """At least one part."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf:
    """Every part."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InField:
    """A rule that looks at one field only."""

    #: ``title`` or ``lead`` (the first two paragraphs).
    field: str
    part: Rule


Rule: TypeAlias = Phrase | Near | AnyOf | AllOf | InField


@dataclass(frozen=True, slots=True, kw_only=True)
class AtLeast:
    """A number of hits."""

    times: int
    of: Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Only:
    """Metadata an article must have; an empty set allows everything."""

    languages: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    tiers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A subject with the rules that flag it."""

    name: str
    about: str = ""
    #: At least one of these.
    any: tuple[Rule, ...] = ()
    #: And every one of these.
    all: tuple[Rule, ...] = ()
    #: And none of these.
    none: tuple[Rule, ...] = ()
    at_least: AtLeast | None = None
    only: Only = field(default_factory=Only)
    #: Factor of a hit in the title.
    title_counts: float = 3
    #: Phrase as written in the file → points a hit; 1 unless given.
    weights: tuple[tuple[str, float], ...] = ()
    #: Sentences the topic must and must not flag.
    match_examples: tuple[str, ...] = ()
    skip_examples: tuple[str, ...] = ()
    #: Who answers for the topic, as a destination; None falls to the admins.
    owner: str | None = None
    #: Where the topic stands: file, and line from 1.
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Watchlists:
    """All topics in force, and the version that names exactly them."""

    topics: tuple[Topic, ...] = ()
    #: Hash of the files they came from.
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One place in an article where a rule fired."""

    #: The rule as a person would say it: ``near(NATO, spend*) within 8 words``.
    rule: str
    #: ``title`` or ``text``.
    field: str
    #: Into that field.
    span: Span
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorePart:
    """What one rule added to a score: hits (at most 3 counted) × weight, title hits more."""

    rule: str
    points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A topic that holds for an article."""

    topic: str
    #: Sum of ``parts``.
    score: float
    evidence: tuple[Evidence, ...] = ()
    parts: tuple[ScorePart, ...] = ()
