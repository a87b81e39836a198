"""Why a brief was sent: one line a topic, from the evidence of the match.

NATO spending: “defence spending” in the title, “NATO … spending” in the text · score 7
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.domain.stories import Story
from bot.domain.watch import Evidence, Match

#: Clauses named in one line; ``nato-brief why`` names all.
_CLAUSES = 2
#: A near of plain words; the words it must not be near follow later.
_NEAR = re.compile(r"near\(([^()]*)\)")


def why_lines(story: Story, topics: Iterable[str]) -> tuple[str, ...]:
    """One line for each of ``topics`` that holds for the story, in that order."""
    lines = []
    for topic in topics:
        matches = [m for member in story.members for m in member.matches if m.topic == topic]
        if matches:
            lines.append(_line(max(matches, key=lambda match: match.score)))
    return tuple(lines)


def _line(match: Match) -> str:
    points = {part.rule: part.points for part in match.parts}
    # What scored most says most, then words that stood together, then those in the title.
    ranked = sorted(
        match.evidence,
        key=lambda e: (-points.get(e.rule, 0.0), "(" not in e.rule, e.field != "title"),
    )
    clauses = list(dict.fromkeys(_clause(evidence) for evidence in ranked))
    shown = ", ".join(clauses[:_CLAUSES])
    return f"{match.topic}: {shown or 'its rules hold'} · score {match.score:g}"


def _clause(evidence: Evidence) -> str:
    """``“defence spending … NATO” in the title``: a near by its parts, words as found."""
    said = " ".join(evidence.text.split())
    if near := _NEAR.match(evidence.rule):
        said = " … ".join(_as_found(part, said) for part in near[1].split(", "))
    return f"“{said}” in the {evidence.field}"


def _as_found(part: str, text: str) -> str:
    """The words of ``text`` that a part of a near stands for; its own where they are inflected."""
    part = part.removeprefix("forms of ").removeprefix("exact ")
    wild = re.escape(part).replace(r"\*", r"\w*").replace(r"\?", r"\w")
    found = re.search(rf"\b{wild}(?!\w)", text, re.IGNORECASE)
    return found[0] if found else part
