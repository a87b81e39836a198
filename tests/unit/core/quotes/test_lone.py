"""Lone marks: where the words end that nobody closed."""

from __future__ import annotations

import pytest

from bot.core.quotes.lone import ended, stopped
from bot.core.quotes.marks import scan
from bot.core.text.paragraphs import paragraphs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We sail, said Lund. She left.", ["We sail"]),
        ("“We sail, Petra Lund said. She left.", ["We sail"]),
        ("“Do we sail? she asked. Nobody knew.", ["Do we sail?"]),
        ("“We sail, she said. “We always do.”", ["We sail", "We always do."]),
        ("Lund said, “We sail. We always do.\n\nSnow fell.", ["We sail. We always do."]),
        ("Lund told reporters: “We sail.\n\nSnow fell.", ["We sail."]),
        ("“No,” Lund said. “We sail at dawn.\n\nSnow fell.", ["No,", "We sail at dawn."]),
        ("Lund said, “We sail. Then Hart said no.\n\nSnow fell.", []),
        ("The flag read “We sail at dawn.\n\nSnow fell.", []),
        ("An “unfinished thought", []),
    ],
)
def test_ended_by_a_cue(text, expected):
    stretches = [
        ended(text, stretch) if stretch.lone else stretch
        for stretch in scan(text, paragraphs(text))
    ]
    assert [text[s.start : s.end] for s in stretches if s is not None] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We sail, said Lund.\n\n“We do not,” said Hart.", "We sail"),
        ("“We sail, she told the radio on Friday.\n\n“We do not,” said Hart.", "We sail"),
        ("“We sail, she told me. So we sailed.\n\n“And she was right,” said Hart.", None),
        ("“We sail at dawn.\n\n“We always do,” said Hart.", None),
    ],
)
def test_stopped_by_a_cue_at_the_end_of_the_paragraph(text, expected):
    first = scan(text, paragraphs(text))[0]
    assert first.open
    cut = stopped(text, first)
    assert (cut and text[cut.start : cut.end]) == expected
