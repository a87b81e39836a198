"""Quotation marks: which stretches of a text stand between a pair of them.

Marks are paired paragraph by paragraph and by kind (“ ”, " ", '' '', « », „ “, 「 」). A stretch
that is open at the end of its paragraph goes on only when the next paragraph opens with a mark
too, or closes without one; any other lone mark is reported as such and costs nothing else.
Inner marks of a nested quote are part of the stretch. Single marks count in a headline, and in a
text that has no others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.core.quotes.partners import partner
from bot.core.quotes.signs import INVISIBLE, Sign, neighbours, signs
from bot.core.quotes.singles import opens_singly, quotes_singly, singles, unclosed
from bot.domain.quotes import Span


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
    body = 1 if headline and paragraphs else 0
    found: list[Stretch] = []
    if body and not rows[0]:
        found.extend(_single(text, paragraphs[0], 0))
    if quotes_singly(text, paragraphs[body:], rows[body:]):
        found.extend(_doubled(text, paragraphs[:body], rows))
        found.extend(_singled(text, paragraphs, body))
    else:
        found.extend(_doubled(text, paragraphs, rows))
    return found


def _doubled(
    text: str, paragraphs: Sequence[Span], rows: Sequence[list[Sign]]
) -> Iterator[Stretch]:
    reopened = False
    for number, span in enumerate(paragraphs):
        stretches = _pair(text, span, rows[number], number, reopened) if rows[number] else []
        reopened = False
        last = stretches[-1] if stretches else None
        if last is not None and last.lone and last.outer_end == span.end:
            family = _family(rows[number], last)
            if number + 1 < len(paragraphs) and _goes_on(
                text, family, rows[number + 1], paragraphs[number + 1]
            ):
                stretches[-1] = replace(last, lone=False, open=True)
                reopened = True
        yield from stretches


def _singled(text: str, paragraphs: Sequence[Span], first: int) -> Iterator[Stretch]:
    reopened = False
    for number in range(first, len(paragraphs)):
        following = paragraphs[number + 1] if number + 1 < len(paragraphs) else None
        stretches = _single(text, paragraphs[number], number, following)
        if reopened and stretches and stretches[0].outer_start == paragraphs[number].start:
            stretches[0] = replace(stretches[0], continued=True)
        reopened = bool(stretches) and stretches[-1].open
        yield from stretches


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
        takes_up = continued and index == 0
        closing = partner(marks, index) if opening.role >= 0 or takes_up else None
        if closing is not None:
            outer = Span(start=opening.start, end=marks[closing].end)
            inner = opening.end, marks[closing].start
            found.append(_stretch(text, outer, *inner, number, continued=takes_up))
            index = closing + 1
            continue
        index += 1
        if opening.role < 0 and not takes_up:
            continue
        alone = last[opening.family] < index
        if alone or (opening.role > 0 and marks[index].family == opening.family):
            outer = Span(start=opening.start, end=span.end if alone else marks[index].start)
            inner = opening.end, outer.end
            found.append(_stretch(text, outer, *inner, number, continued=takes_up, lone=True))
        if alone:
            break
    return [stretch for stretch in found if text[stretch.start : stretch.end].strip()]


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


def _single(text: str, span: Span, number: int, following: Span | None = None) -> list[Stretch]:
    """Stretches between single marks; ``following`` is the paragraph one may go on in."""
    spans = singles(text, span)
    found = [_stretch(text, one, one.start + 1, one.end - 1, number) for one in spans]
    if following is not None and opens_singly(text, following):
        place = unclosed(text, span, spans)
        if place is not None:
            outer = Span(start=place, end=span.end)
            last = _stretch(text, outer, place + 1, span.end, number)
            found.append(replace(last, open=True))
    return found
