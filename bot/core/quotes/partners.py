"""The mark that closes an opening one: across nested quotes and inches, or none at all."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.quotes.signs import Sign

#: Marks looked at to tell a nested quote from one that was never closed.
_LOOK_AHEAD = 12


def partner(marks: Sequence[Sign], index: int) -> int | None:
    """Index of the mark that closes ``marks[index]``, or None."""
    opening = marks[index]
    depth = 0
    for place in range(index + 1, len(marks)):
        mark = marks[place]
        if mark.family != opening.family:
            continue
        if opening.low and depth == 0 and not (mark.role > 0 and _nests(marks, place)):
            return place
        if mark.role > 0:
            # A second opening mark is nested if enough closing marks follow; else ours is lone.
            if depth == 0 and not _nests(marks, place):
                return None
            depth += 1
        elif depth:
            depth -= 1
        elif not (mark.measure and _closes_after(marks, place)):
            return place
    return None


def _nests(marks: Sequence[Sign], place: int) -> bool:
    """Whether an opening mark inside a quote is closed, and the quote after it."""
    depth = 1
    for mark in marks[place : place + _LOOK_AHEAD]:
        if mark.family == marks[place].family:
            if mark.role == 0:
                return False
            depth += mark.role
            if depth == 0:
                return True
    return False


def _closes_after(marks: Sequence[Sign], place: int) -> bool:
    """Whether a closing mark follows that no opening mark accounts for: then ours is inches."""
    return place + 1 < len(marks) and marks[place + 1].role < 0
