"""Corrections: what a later revision of an article takes back, as lines for its readers."""

from __future__ import annotations

from bot.core.stories.terms import is_number
from bot.core.text.fold import fold
from bot.domain.quotes import Quote
from bot.domain.stories import Member


def corrections(before: Member, after: Member) -> tuple[str, ...]:
    """One line each for a changed headline, withdrawn quotes and changed numbers.

    What is only added (a longer text, one more quote) corrects nothing.
    """
    at = f"{after.stored:%H:%M} UTC"
    lines = []
    if _plain(before.title) != _plain(after.title) and before.title and after.title:
        lines.append(f"Headline corrected {at}: was “{before.title}”")
    withdrawn = {_plain(q.text) for q in before.quotes} - {_plain(q.text) for q in after.quotes}
    if withdrawn and after.quotes:
        lines.append(f"Quotes corrected {at}: {len(withdrawn)} changed or withdrawn")
    elif withdrawn:
        lines.append(f"Quotes withdrawn {at}")
    elif _renamed(before.quotes, after.quotes):
        lines.append(f"Speaker corrected {at}")
    gone, come = _numbers(before) - _numbers(after), _numbers(after) - _numbers(before)
    if gone and come:
        lines.append(f"Number corrected {at}: {_list(gone)} → {_list(come)}")
    return tuple(lines)


def _renamed(before: tuple[Quote, ...], after: tuple[Quote, ...]) -> bool:
    """Whether the same words are said by somebody else now."""
    names = {_plain(q.text): q.speaker.name for q in before if q.speaker and q.speaker.name}
    return any(
        names.get(_plain(q.text), q.speaker.name) != q.speaker.name
        for q in after
        if q.speaker and q.speaker.name
    )


def _numbers(member: Member) -> frozenset[str]:
    """Numbers of the title and the opening."""
    return frozenset(term for term, _ in member.terms if is_number(term))


def _list(numbers: frozenset[str]) -> str:
    return ", ".join(sorted(numbers, key=lambda number: (len(number), number)))


def _plain(text: str) -> str:
    return " ".join(fold(text).split())
