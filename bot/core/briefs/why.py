"""Why a brief was sent: one line a topic, from the evidence of the match.

NATO spending: “defence spending” in the title, “NATO … spend*” in the text · score 7
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.stories import Story
from bot.domain.watch import Evidence, Match

#: Clauses named in one line; ``nato-brief why`` names all.
_CLAUSES = 2


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
    if evidence.rule.startswith("near("):
        parts = evidence.rule[len("near(") : evidence.rule.rindex(")")]
        said = parts.replace("forms of ", "").replace(", ", " … ")
    return f"“{said}” in the {evidence.field}"
