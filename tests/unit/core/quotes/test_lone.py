"""Lone marks: where the words end that nobody closed in their paragraph."""

from __future__ import annotations

import pytest

from bot.core.quotes.lone import mended
from bot.core.quotes.marks import scan
from bot.core.text.paragraphs import paragraphs


def stretches(text):
    return mended(text, scan(text, paragraphs(text)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We sail, said Lund. She left.", ["We sail"]),
        ("“We sail, Petra Lund said. She left.", ["We sail"]),
        ("“Do we sail? she asked. Nobody knew.", ["Do we sail?"]),
        ("“We sail, she said. “We always do.”", ["We sail", "We always do."]),
        ("“We sail at dawn, the ministry said on Friday.\n\nSnow.", ["We sail at dawn"]),
        ("Lund said, “We sail. We always do.\n\nSnow fell.", ["We sail. We always do."]),
        ("Lund told reporters: “We sail.\n\nSnow fell.", ["We sail."]),
        ("“No,” Lund said. “We sail at dawn.\n\nSnow fell.", ["No,", "We sail at dawn."]),
        ("Snow.\n\n“We sail at dawn as ever.\n\nSnow.", ["We sail at dawn as ever."]),
        ("“We sail, said Lund.\n\n“We do not,” said Hart.", ["We sail", "We do not,"]),
        ("Lund said, “We sail. Then Hart said no.\n\nSnow fell.", []),
        (
            "“We sail at dawn.\n\n“And we row.\n\nSnow.",
            ["We sail at dawn.", "And we row."],
        ),
        ("The flag read “We sail at dawn.\n\nSnow fell.", []),
        ("Snow.\n\n“North Wind” and “The last of five.\n\nSnow.", ["North Wind"]),
        ("An “unfinished thought", []),
    ],
)
def test_mended_stretches(text, expected):
    assert [text[s.start : s.end] for s in stretches(text)] == expected


def test_mended_goes_on_where_a_line_break_is_lost():
    text = "Lund said: “We sail. “We row. “We swim,” and left. “Bye.”"
    found = [(text[s.start : s.end].strip(), s.open, s.continued) for s in stretches(text)]
    assert found == [
        ("We sail.", True, False),
        ("We row.", True, True),
        ("We swim,", False, True),
        ("Bye.", False, False),
    ]


def test_mended_goes_on_to_the_cue():
    text = "Lund said: “We sail. “We row, he added. Snow fell."
    assert [(text[s.start : s.end].strip(), s.continued) for s in stretches(text)] == [
        ("We sail.", False),
        ("We row", True),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We sail, she told the radio on Friday.\n\n“We do not,” said Hart.", False),
        ("“We sail, she told me. So we sailed.\n\n“And she was right,” said Hart.", True),
        ("“We sail at dawn.\n\n“We always do,” said Hart.", True),
    ],
)
def test_mended_stops_at_a_cue_that_ends_the_paragraph(text, expected):
    first, second = stretches(text)
    assert (first.open, second.continued) == (expected, expected)
