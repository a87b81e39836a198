"""The paragraphs of a text as spans, and its sentences as spans.

Paragraphs stand apart by a line break (a blank line, or a single one: feeds use both). Sentences
end at ``.``, ``!``, ``?`` or ``…`` followed by a blank and something that can start a sentence,
unless the full stop belongs to an abbreviation, an initial or a number.
"""

from __future__ import annotations

import re

from bot.domain.quotes import Span

_PARAGRAPH = re.compile(r"\S(?:[^\n]*\S)?")
_STOP = re.compile(r"(?<![.!?…])([.!?…]+)([\"'”’»)\]]*)(\s+)(?=[\"'“‘«(\[]*[^\Wa-z_])")
_ABBREVIATIONS = frozenset(
    (
        "mr mrs ms dr prof sen rep gov gen lt col maj capt sgt adm cmdr st mt jr sr hon rev pres "
        "amb sec supt det vs etc no nos est approx fig vol cf al i.e e.g inc ltd co corp dept bros "
        "jan feb mar apr jun jul aug sep sept oct nov dec ave blvd rd u.s u.k u.n e.u d.c a.m p.m"
    ).split()
)
#: Characters before a full stop that can be an abbreviation; more are none.
_LONGEST = 12
_LAST_WORD = re.compile(r"[^\s\"'“”‘’«»(\[]+$")


def paragraphs(text: str) -> tuple[Span, ...]:
    """Spans of the paragraphs, trimmed of blanks at both ends; empty ones left out."""
    found = _PARAGRAPH.finditer(text)
    return tuple(Span(start=one.start(), end=one.end()) for one in found)


def sentences(text: str, within: Span | None = None) -> tuple[Span, ...]:
    """Spans of the sentences of ``text``, or of one paragraph of it; never across paragraphs."""
    spans: list[Span] = []
    for paragraph in paragraphs(text) if within is None else (within,):
        start = paragraph.start
        for stop in _STOP.finditer(text, paragraph.start, paragraph.end):
            end = stop.start(1)
            if stop.group(1) == "." and _is_abbreviation(text[max(start, end - _LONGEST) : end]):
                continue
            spans.append(Span(start=start, end=stop.end(2)))
            start = stop.end(3)
        if start < paragraph.end:
            spans.append(Span(start=start, end=paragraph.end))
    return tuple(spans)


def _is_abbreviation(before: str) -> bool:
    """Whether the full stop after ``before`` does not end a sentence."""
    found = _LAST_WORD.search(before)
    if found is None:
        return False
    word = found.group().lower()
    return word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha())
