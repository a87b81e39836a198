"""Stretches between single marks: headlines use them, and some papers use no others.

An apostrophe looks like a closing mark. One that follows an s and stands before a blank may be
either; it closes only where nothing better follows before the next opening mark.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from bot.core.quotes.signs import Sign
from bot.domain.quotes import Span

#: An opening mark, unless it stands for letters left out: the '90s, 'em, 'til.
_OPENS = re.compile(
    r"(?<![\w.,'’‘`])(?:['‘`](?!\d0s|(?:em|til|tis|twas|cause|n|bout|cos)\b)|‚)(?=[^\s'’‘`])",
    re.IGNORECASE,
)
_CLOSES = re.compile(r"(?<=[^\s'’‘`])['’‘](?![\w'’‘])")
_FIRM_AFTER = frozenset(".,;:!?)]")
_FIRM_BEFORE = frozenset(".,!?…-–—")
#: Words a text must once quote between single marks before all of them are read.
_WORDS = 4


def singles(text: str, span: Span) -> list[Span]:
    """Stretches of one paragraph with their marks, in order."""
    found: list[Span] = []
    opening = _OPENS.search(text, span.start, span.end)
    while opening is not None:
        following = _OPENS.search(text, opening.end(), span.end)
        until = span.end if following is None else following.start()
        end = _end(text, opening.end(), until, span.end)
        if end is not None:
            found.append(Span(start=opening.start(), end=end))
            if following is not None and following.start() < end:
                following = _OPENS.search(text, end, span.end)
        opening = following
    return found


def _end(text: str, start: int, until: int, last: int) -> int | None:
    """Where the stretch ends that opens before ``start``, mark included; None if it does not."""
    doubtful = None
    for mark in _CLOSES.finditer(text, start, until):
        before = text[mark.start() - 1]
        after = text[mark.end()] if mark.end() < last else "."
        if before in _FIRM_BEFORE or after in _FIRM_AFTER or before not in "sSxXzZ":
            return mark.end()
        doubtful = doubtful or mark.end()
    return doubtful


def unclosed(text: str, span: Span, found: Sequence[Span]) -> int | None:
    """Where the single mark stands that ``found`` leaves open at the end of a paragraph."""
    start = found[-1].end if found else span.start
    openings = list(_OPENS.finditer(text, start, span.end))
    return openings[-1].start() if openings else None


def opens_singly(text: str, span: Span) -> bool:
    """Whether a paragraph begins with a single mark."""
    return _OPENS.match(text, span.start, span.end) is not None


def quotes_singly(text: str, paragraphs: Sequence[Span], rows: Sequence[Sequence[Sign]]) -> bool:
    """Whether a text sets its quotes between single marks, and double ones only inside those."""
    spoken = False
    for span, marks in zip(paragraphs, rows, strict=True):
        if not marks and spoken:
            continue
        found = singles(text, span)
        ends = [one.end for one in found]
        for mark in marks:
            place = bisect_right(ends, mark.start)
            if place == len(found) or mark.start < found[place].start:
                return False
        spoken = spoken or any(_is_speech(text, one) for one in found)
    return spoken


def _is_speech(text: str, one: Span) -> bool:
    """Whether a stretch has words enough, and a comma or stop at its end."""
    content = one.of(text)
    stop = content[-2] in ".,!?" or text[one.end : one.end + 1] in (",", ".")
    return stop and len(content.split()) >= _WORDS
