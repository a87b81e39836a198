"""Single marks: pairs of them, and apostrophes that are none."""

from __future__ import annotations

import pytest

from bot.core.quotes.signs import signs
from bot.core.quotes.singles import quotes_singly, singles
from bot.core.text.paragraphs import paragraphs
from bot.domain.quotes import Span


def found(text):
    return [one.of(text) for one in singles(text, Span(start=0, end=len(text)))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("‘One two’ and 'three'", ["‘One two’", "'three'"]),
        ("`One two,' she said", ["`One two,'"]),
        ("‚Eins zwei‘, sagte sie", ["‚Eins zwei‘"]),
        ("‘It’s ours,’ she said", ["‘It’s ours,’"]),
        ("Lund: ‘The Crews’ Pay Is Safe’", ["‘The Crews’ Pay Is Safe’"]),
        ("Lund: ‘Lower the Flags’ Says Crews’ Union", ["‘Lower the Flags’"]),
        ("‘Old Ways’ Have ‘No Place’ Here", ["‘Old Ways’", "‘No Place’"]),
        ("The crews' pay isn't what it was in the '90s, so tell 'em", []),
        ("Rock 'n' roll o'clock", []),
        ("‘Never closed", []),
        ("", []),
    ],
)
def test_singles_pair(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("‘We sail at dawn,’ she said.", True),
        ("‘She said “no” and left,’ he said.", True),
        ("‘We sail at dawn,’ she said. “We do not.”", False),
        ("“We sail at dawn,” she said. “He told me ‘we do not sail, ever.’”", False),
        ("The ‘grey zone’ is wide.", False),
        ("The crews' pay isn't what it was.", False),
        ("Nothing here.", False),
    ],
)
def test_quotes_singly_where_a_text_sets_speech_in_single_marks_alone(text, expected):
    spans = paragraphs(text)
    assert quotes_singly(text, spans, [signs(text, span) for span in spans]) is expected
