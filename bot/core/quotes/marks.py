"""Quotation marks: which stretches of a text stand between a pair of them.

Marks are paired paragraph by paragraph and by kind (“ ”, " ", '' '', « », „ “, 「 」). A stretch
that is open at the end of its paragraph goes on only when the next paragraph opens with a mark
too, or closes without one; any other lone mark is reported as such and costs nothing else.
Single marks count in a headline only. Inner marks of a nested quote are part of the stretch.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.quotes import Span

_MARK = re.compile("''|``|‘‘|’’|[\"“”„‟＂«»「」『』]")
_SINGLE = re.compile(r"(?<![\w.])['‘](?=\S)([^'‘’]*(?:['’]\w[^'‘’]*)*)(?<=\S)['’](?!\w)")
_OPENS = frozenset("“„‟«「『") | {"``", "‘‘"}
_CLOSES = frozenset("”»」』") | {"’’"}
_BEFORE_OPENING = frozenset(" \t\u00a0([{-–—/:…\u202f")
_AFTER_CLOSING = frozenset(" \t\u00a0)]},.;:!?-–—…/\u202f")
#: Marks looked at to tell a nested quote from one that was never closed.
_LOOK_AHEAD = 12
_FAMILY = {"«": "«", "»": "«", "「": "「", "」": "「", "『": "『", "』": "『"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What stands between two marks, inside one paragraph."""

    #: Between the marks, in characters of the text.
    start: int
    end: int
    #: With the marks.
    outer_start: int
    outer_end: int
    #: Index of its paragraph.
    paragraph: int
    #: Whether its utterance goes on in the next paragraph.
    open: bool = False
    #: Whether its utterance began in the paragraph before.
    continued: bool = False
    #: An opening mark without a partner: the stretch runs to the end of the paragraph.
    lone: bool = False


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    family: str
    #: 1 opens, -1 closes, 0 could do either.
    role: int
    low: bool = False


def scan(text: str, paragraphs: Sequence[Span], *, headline: bool = False) -> list[Stretch]:
    """Stretches in order; with ``headline`` the first paragraph may use single marks."""
    rows = [_marks(text, span) for span in paragraphs]
    found: list[Stretch] = []
    reopened = False
    for number, span in enumerate(paragraphs):
        marks = rows[number]
        if not marks:
            reopened = False
            if headline and number == 0:
                found.extend(_single(text, span))
            continue
        after = rows[number + 1] if number + 1 < len(rows) else []
        next_start = paragraphs[number + 1].start if number + 1 < len(rows) else -1
        stretches = _pair(text, span, marks, number, after, next_start, reopened)
        found.extend(stretches)
        reopened = bool(stretches) and stretches[-1].open
    return found


def _marks(text: str, span: Span) -> list[_Mark]:
    marks = []
    for found in _MARK.finditer(text, span.start, span.end):
        start, end, sign = found.start(), found.end(), found.group()
        blank_before = start == span.start or text[start - 1] in _BEFORE_OPENING
        blank_after = end == span.end or text[end] in _AFTER_CLOSING
        role = 0
        if sign in "«»" and blank_before == blank_after:
            role = 1 if (sign == "«") else -1
        elif blank_before != blank_after:
            role = 1 if blank_before else -1
        elif sign in _OPENS:
            role = 1
        elif sign in _CLOSES:
            role = -1
        marks.append(_Mark(start, end, _FAMILY.get(sign, '"'), role, sign == "„"))
    return marks


def _pair(
    text: str,
    span: Span,
    marks: list[_Mark],
    number: int,
    after: list[_Mark],
    next_start: int,
    reopened: bool,
) -> list[Stretch]:
    """Pair the marks of one paragraph; ``reopened``: the one before was left open."""
    found: list[Stretch] = []
    index = 0
    first = marks[0]
    if reopened and first.start != span.start and first.role < 0:
        # The utterance runs on without a mark of its own at the start of the paragraph.
        found.append(
            Stretch(
                start=span.start,
                end=first.start,
                outer_start=span.start,
                outer_end=first.end,
                paragraph=number,
                continued=True,
            )
        )
        index = 1
    while index < len(marks):
        opening = marks[index]
        if opening.role < 0 and not (opening.family == "«" and not found):
            index += 1
            continue
        closing = _closing(marks, index)
        continued = reopened and opening.start == span.start
        if closing is not None:
            found.append(
                Stretch(
                    start=opening.end,
                    end=marks[closing].start,
                    outer_start=opening.start,
                    outer_end=marks[closing].end,
                    paragraph=number,
                    continued=continued,
                )
            )
            index = closing + 1
            continue
        rest = (marks[place].family for place in range(index + 1, len(marks)))
        alone = opening.family not in rest
        if alone and opening.role >= 0:
            goes_on = bool(after) and (
                (after[0].start == next_start and after[0].family == opening.family)
                or (after[0].role < 0 and after[0].family == opening.family)
            )
            found.append(
                Stretch(
                    start=opening.end,
                    end=span.end,
                    outer_start=opening.start,
                    outer_end=span.end,
                    paragraph=number,
                    open=goes_on,
                    continued=continued,
                    lone=not goes_on,
                )
            )
            break
        index += 1
    return [stretch for stretch in found if text[stretch.start : stretch.end].strip()]


def _closing(marks: list[_Mark], index: int) -> int | None:
    """Index of the mark that closes ``marks[index]``, or None."""
    opening = marks[index]
    depth = 0
    for place in range(index + 1, len(marks)):
        mark = marks[place]
        if mark.family != opening.family:
            continue
        if opening.low and depth == 0:
            return place
        if mark.role > 0:
            # A second opening mark is nested if enough closing marks follow; else ours is lone.
            ahead = marks[place + 1 : place + _LOOK_AHEAD]
            later = [m.role for m in ahead if m.family == opening.family]
            if later[:2] == [-1, -1]:
                depth += 1
                continue
            return None
        if depth:
            depth -= 1
            continue
        return place
    return None


def _single(text: str, span: Span) -> list[Stretch]:
    return [
        Stretch(
            start=found.start(1),
            end=found.end(1),
            outer_start=found.start(),
            outer_end=found.end(),
            paragraph=0,
        )
        for found in _SINGLE.finditer(text, span.start, span.end)
    ]
