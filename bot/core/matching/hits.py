"""Hits: the places where a rule holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.watch import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A paragraph of an article."""

    #: ``title`` or ``text``.
    field: str
    #: From 0.
    paragraph: int
    #: Whether it is the heading of a section of the text.
    is_heading: bool = False

    def is_in(self, field: str) -> bool:
        """Whether it belongs to ``title``, ``lead`` or ``heading``."""
        if field == "heading":
            return self.is_heading
        if field == "lead":
            return self.field == "text" and self.paragraph < 2
        return self.field == field


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One place where a rule holds: words ``start`` to ``end`` of a paragraph, half-open."""

    place: Place
    start: int
    end: int
    #: What held: a phrase, or a near of phrases.
    rule: Rule

    @property
    def order(self) -> tuple[bool, int, int, int]:
        """Reading order, title first."""
        return self.place.field != "title", self.place.paragraph, self.start, self.end

    def overlaps(self, other: Hit) -> bool:
        """Whether both hold a common word."""
        return self.place == other.place and self.start < other.end and other.start < self.end


def count_apart(hits: Iterable[Hit]) -> int:
    """The largest number of ``hits`` none of which overlaps another."""
    count = 0
    ends: dict[Place, int] = {}
    for hit in sorted(hits, key=lambda hit: hit.end):
        if hit.start >= ends.get(hit.place, 0):
            ends[hit.place] = hit.end
            count += 1
    return count
