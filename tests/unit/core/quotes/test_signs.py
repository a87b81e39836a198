"""Signs: which way a quotation mark turns, by what stands around it and by its shape."""

from __future__ import annotations

import pytest

from bot.core.quotes.signs import signs
from bot.domain.quotes import Span


def roles(text):
    return [sign.role for sign in signs(text, Span(start=0, end=len(text)))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"one" two', [1, -1]),
        ("”one“ two", [1, -1]),
        ("one—“two,” three", [1, -1]),
        ("“one…”Two", [1, -1]),
        ('"one —" Two', [1, -1]),
        ('One said:"two"', [1, -1]),
        ('One said: " two "', [0, -1]),
        ("« one », »two«", [1, -1, 1, -1]),
        ("❝one❞ ″two″ ‹three›", [1, -1, 1, -1, 1, -1]),
        (",,one''", [1, -1]),
        ("“one. “", [1, -1]),
        ("“one, “said Holm", [1, -1]),
        ("one, “said to be two”", [1, -1]),
        ("1,,000", []),
        ('A 24" x 12"x9" box', [-1, -1, -1]),
        ("\u200b“\u200bone\u200b”\u200b", [1, -1]),
        ("‘one’ it's", []),
    ],
)
def test_signs_turn(text, expected):
    assert roles(text) == expected


def test_signs_stay_inside_the_span():
    text = '"a" "b" "c"'
    found = signs(text, Span(start=4, end=7))
    assert [(sign.start, sign.end, sign.role) for sign in found] == [(4, 5, 1), (6, 7, -1)]
