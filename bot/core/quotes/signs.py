"""Quotation signs of a paragraph: where each stands, its family, and whether it opens or closes.

What stands around a sign decides first, its shape second: typists turn curly marks the wrong way,
and straight ones have no shape. Characters nobody sees are looked through.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.domain.quotes import Span

_SIGN = re.compile("''|``|‘‘|’’|,,(?<!\\S,,)(?=\\w)|[\"“”„‟″＂❝❞«»‹›「」『』]")
#: Any sign, single ones too: a text without one has no marked quote.
HAS_MARK = re.compile("[\"“”„‟″＂❝❞«»‹›「」『』'‘’‚`]|,,")
_OPENS = frozenset("“„‟❝«‹「『") | {"``", "‘‘", ",,"}
_CLOSES = frozenset("”❞»›」』") | {"’’"}
_LOW = frozenset(("„", ",,"))
_FAMILY = {"«": "«", "»": "«", "‹": "‹", "›": "‹", "「": "「", "」": "「", "『": "『", "』": "『"}
_BLANKS = " \t\u00a0\u202f\u2009"
_BEFORE = frozenset(_BLANKS + "([{")
_AFTER = frozenset(_BLANKS + ")]},.;:!?")
#: May stand before an opening or after a closing mark, yet belong to the words as well.
_LOOSE_BEFORE = _BEFORE | frozenset("-–—/:…")
_LOOSE_AFTER = _AFTER | frozenset("-–—…/")
_SAID = re.compile(r"(?:said|says|added|asked) (?:[A-Z]|the |an? |s?he )")
#: Zero-width blanks and joiners, marks of direction, soft hyphen, byte order mark.
INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2066\u2067\u2068\u2069\ufeff")


@dataclass(frozen=True, slots=True)
class Sign:
    """One quotation mark, or two apostrophes that stand for one."""

    start: int
    end: int
    #: Marks of different families never pair.
    family: str
    #: 1 opens, -1 closes, 0 could do either.
    role: int
    #: Opens and never closes, and is closed by whatever mark comes next.
    low: bool = False
    #: Follows a digit: 24", 6'2".
    measure: bool = False


def signs(text: str, span: Span) -> list[Sign]:
    """The quotation signs of one paragraph, in order; single marks are none."""
    found = []
    for one in _SIGN.finditer(text, span.start, span.end):
        start, end, sign = one.start(), one.end(), one.group()
        before = text[start - 1] if start > span.start else ""
        after = text[end] if end < span.end else ""
        if before in INVISIBLE or after in INVISIBLE:
            before, after = neighbours(text, start, end, span)
        measure = sign in "\"″''" and before.isdigit()
        role = _role(sign, before, after)
        if (measure and role == 0) or (role == 1 and _closes_late(text, one)):
            role = -1
        found.append(Sign(start, end, _FAMILY.get(sign, '"'), role, sign in _LOW, measure))
    return found


def neighbours(text: str, start: int, end: int, span: Span) -> tuple[str, str]:
    """The visible characters beside ``text[start:end]`` inside ``span``; "" at its ends."""
    while start > span.start and text[start - 1] in INVISIBLE:
        start -= 1
    while end < span.end and text[end] in INVISIBLE:
        end += 1
    before = text[start - 1] if start > span.start else ""
    return before, text[end] if end < span.end else ""


def _closes_late(text: str, one: re.Match[str]) -> bool:
    """Whether a mark stands where a blank has slipped: “We sail, “said Holm."""
    start = one.start()
    return text[start - 1 : start] == " " and (
        text[start - 2 : start - 1] in tuple(",?!") and _SAID.match(text, one.end()) is not None
    )


@lru_cache(maxsize=4096)
def _role(sign: str, before: str, after: str) -> int:
    shape = 1 if sign in _OPENS else -1 if sign in _CLOSES else 0
    firm_before, firm_after = not before or before in _BEFORE, not after or after in _AFTER
    loose_before, loose_after = (
        firm_before or before in _LOOSE_BEFORE,
        firm_after or after in _LOOSE_AFTER,
    )
    if before and not after:
        return -1
    if loose_before != loose_after:
        if shape and firm_before == firm_after:
            # "We are ready…”Holm said": only the ellipsis speaks against the shape.
            return shape
        return 1 if loose_before else -1
    if shape:
        return shape
    if firm_before != firm_after and before != ":":
        # "We were just —" Holm said: the dash belongs to what was said.
        return 1 if firm_before else -1
    return 0
