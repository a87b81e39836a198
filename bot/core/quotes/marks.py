"""Quotation marks: which stretches of a text stand between a pair of them.

Marks are paired paragraph by paragraph and by kind (“ ”, " ", '' '', « », „ “, 「 」). A stretch
that is open at the end of its paragraph goes on only when the next paragraph opens with a mark
too, or closes without one; any other lone mark is reported as such and costs nothing else.
Inner marks of a nested quote are part of the stretch. Single marks count in a headline, and in a
text that has no others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core.quotes.signs import INVISIBLE, Sign, neighbours, signs
from bot.core.quotes.singles import quotes_singly, singles
from bot.domain.quotes import Span

#: Marks looked at to tell a nested quote from one that was never closed.
_LOOK_AHEAD = 12


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
    #: An opening mark without a partner: the stretch runs to the next one or the paragraph's end.
    lone: bool = False


def scan(text: str, paragraphs: Sequence[Span], *, headline: bool = False) -> list[Stretch]:
    """Stretches in order; with ``headline`` the first paragraph may use single marks."""
    rows = [signs(text, span) for span in paragraphs]
    body = 1 if headline else 0
    single = quotes_singly(text, paragraphs[body:], rows[body:])
    found: list[Stretch] = []
    reopened = False
    for number, span in enumerate(paragraphs):
        marks = rows[number]
        if not marks or (single and number >= body):
            reopened = False
            if single or number < body:
                found.extend(_single(text, span, number))
            continue
        stretches = _pair(text, span, marks, number, reopened)
        reopened = False
        if stretches and stretches[-1].lone and number + 1 < len(rows):
            last, following = stretches[-1], rows[number + 1]
            family = _family(marks, last)
            reopened = last.outer_end == span.end and _goes_on(
                text, family, following, paragraphs[number + 1]
            )
            if reopened:
                stretches[-1] = replace(last, lone=False, open=True)
        found.extend(stretches)
    return found


def _family(marks: list[Sign], stretch: Stretch) -> str:
    return next(mark.family for mark in reversed(marks) if mark.start == stretch.outer_start)


def _goes_on(text: str, family: str, marks: list[Sign], span: Span) -> bool:
    """Whether a paragraph takes up what the one before left open."""
    if not marks or marks[0].family != family:
        return False
    return marks[0].role < 0 or _begins(text, marks[0], span)


def _begins(text: str, mark: Sign, span: Span) -> bool:
    """Whether a paragraph begins with a mark."""
    return neighbours(text, mark.start, mark.end, span)[0] == ""


def _pair(text: str, span: Span, marks: list[Sign], number: int, reopened: bool) -> list[Stretch]:
    """Pair the marks of one paragraph; ``reopened``: the one before was left open."""
    found: list[Stretch] = []
    last = {mark.family: index for index, mark in enumerate(marks)}
    continued = reopened and _begins(text, marks[0], span)
    index = 0
    if reopened and not continued and marks[0].role < 0:
        # The utterance runs on without a mark of its own at the start of the paragraph.
        whole = Span(start=span.start, end=marks[0].end)
        found.append(_stretch(text, whole, span.start, marks[0].start, number, continued=True))
        index = 1
    while index < len(marks):
        opening = marks[index]
        closing = _closing(marks, index) if opening.role >= 0 else None
        if closing is not None:
            outer = Span(start=opening.start, end=marks[closing].end)
            inner = opening.end, marks[closing].start
            found.append(_stretch(text, outer, *inner, number, continued=continued and not index))
            index = closing + 1
            continue
        index += 1
        if opening.role < 0:
            continue
        alone = last[opening.family] < index
        if alone or (opening.role > 0 and marks[index].family == opening.family):
            outer = Span(start=opening.start, end=span.end if alone else marks[index].start)
            begun = continued and index == 1
            found.append(
                _stretch(text, outer, opening.end, outer.end, number, continued=begun, lone=True)
            )
        if alone:
            break
    return [stretch for stretch in found if text[stretch.start : stretch.end].strip()]


def _closing(marks: list[Sign], index: int) -> int | None:
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
            if depth == 0 and not _nests(marks, place):
                return None
            depth += 1
        elif depth:
            depth -= 1
        elif not (mark.measure and _closes_after(marks, place)):
            return place
    return None


def _nests(marks: list[Sign], place: int) -> bool:
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


def _closes_after(marks: list[Sign], place: int) -> bool:
    """Whether a closing mark follows that no opening mark accounts for: then ours is inches."""
    return place + 1 < len(marks) and marks[place + 1].role < 0


def _stretch(
    text: str,
    outer: Span,
    start: int,
    end: int,
    number: int,
    *,
    continued: bool = False,
    lone: bool = False,
) -> Stretch:
    """A stretch without the characters at its edges that nobody sees."""
    while start < end and text[start] in INVISIBLE:
        start += 1
    while end > start and text[end - 1] in INVISIBLE:
        end -= 1
    return Stretch(
        start=start,
        end=end,
        outer_start=outer.start,
        outer_end=outer.end,
        paragraph=number,
        continued=continued,
        lone=lone,
    )


def _single(text: str, span: Span, number: int) -> list[Stretch]:
    return [_stretch(text, one, one.start + 1, one.end - 1, number) for one in singles(text, span)]
