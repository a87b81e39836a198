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
    #: No hit of these within the same distance of the whole.
    unless: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A regular expression in RE2's dialect, any case, inside one paragraph."""

    regex: str
    #: At least one of these stands in the paragraph; the pattern is tried nowhere else.
    needs: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    """At least one part."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf:
    """Every part, and none of what is refused."""

    parts: tuple[Rule, ...]
    #: Where any of these has a hit, the whole has none.
    none: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InField:
    """A rule that looks at one field only."""

    #: ``title``, ``lead`` (the first two paragraphs) or ``heading`` (of a section of the text).
    field: str
    part: Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class AtLeast:
    """A number of hits that do not overlap."""

    times: int
    of: Rule


Rule: TypeAlias = Phrase | Near | Pattern | AnyOf | AllOf | InField | AtLeast


@dataclass(frozen=True, slots=True, kw_only=True)
class Only:
    """Metadata an article must have; an empty set allows everything."""

    languages: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    tiers: frozenset[int] = frozenset()
    #: Names of outlets, and hosts of articles: ``bbc.co.uk`` covers ``www.bbc.co.uk``.
    sources: frozenset[str] = frozenset()
    not_sources: frozenset[str] = frozenset()
    #: Words of the text, both included; None is no bound.
    least_words: int | None = None
    most_words: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Where a rule of a topic stands in its file."""

    #: As a person would say it: ``any 3``.
    path: str
    #: From 1.
    line: int


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
    #: Where the rules of ``any``, ``all`` and ``at_least`` stand, in this order; may be empty.
    where: tuple[Where, ...] = ()


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
    #: Where the rule stands in the topic's file: ``any 3``, and line from 1; 0 if unknown.
    path: str = ""
    line: int = 0
    #: Number of the paragraph in the field, from 1; 0 if unknown.
    paragraph: int = 0


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
