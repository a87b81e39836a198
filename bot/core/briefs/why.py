"""Why a brief was sent: one line a topic, from the evidence of the match.

NATO spending: "defence spending" in the title, near(NATO, spend*) in the text · score 7
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.stories import Story
from bot.domain.watch import Evidence, Match

#: Clauses named in one line.
_CLAUSES = 3


def why_lines(story: Story, topics: Iterable[str]) -> tuple[str, ...]:
    """One line for each of ``topics`` that holds for the story, in that order."""
    lines = []
    for topic in topics:
        matches = [m for member in story.members for m in member.matches if m.topic == topic]
        if matches:
            lines.append(_line(max(matches, key=lambda match: match.score)))
    return tuple(lines)


def _line(match: Match) -> str:
    clauses = list(dict.fromkeys(_clause(evidence) for evidence in match.evidence))
    shown = ", ".join(clauses[:_CLAUSES])
    if len(clauses) > _CLAUSES:
        shown += f" and {len(clauses) - _CLAUSES} more"
    return f"{match.topic}: {shown or 'its rules hold'} · score {match.score:g}"


def _clause(evidence: Evidence) -> str:
    """A composed rule as it was written; words alone as they were found."""
    said = evidence.rule if "(" in evidence.rule else f'"{" ".join(evidence.text.split())}"'
    return f"{said} in the {evidence.field}"
