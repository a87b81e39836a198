"""Headlines: what is one, and whom it quotes."""

from __future__ import annotations

import pytest

from bot.core.quotes.extract import find_quotes
from bot.core.quotes.headlines import is_headline
from bot.core.text.prose import Prose


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ("Lund Slams Harbour Chief", True),
        ("Lund: ‘We Stay’", True),
        ("Lund: ‘We Stay.’", True),
        ("Lund asks: 'Who Will Pay?'", True),
        ("“We will find it. “", False),
        ("Lund said ‘no’ to the plan.", False),
        ("Lund came late.", False),
        ("Lund " * 50, False),
    ],
)
def test_is_headline(paragraph, expected):
    assert is_headline(paragraph) is expected


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        ("Petra Lund: ‘You Must Answer For This’", ["Petra Lund"]),
        ("Prime Minister James Lund: ‘You Must Answer For This’", ["James Lund"]),
        ("Petra Lund Slams Harbour Chief: ‘You Must Answer For This’", [None]),
        ("Lund Addresses Pier Attack: ‘You Must Answer For This’", [None]),
    ],
)
def test_find_quotes_of_a_headline(headline, expected):
    found = find_quotes(Prose(f"{headline}\n\nSnow fell on the pier."))
    assert [quote.shown_speaker for quote in found] == expected
