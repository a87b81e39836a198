"""Marks: pairs, nesting, paragraphs, lone marks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.quotes.marks import scan
from bot.core.text.paragraphs import paragraphs


def stretches(text, *, headline=False):
    return scan(text, paragraphs(text), headline=headline)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He said “one two” and “three”.", ["one two", "three"]),
        ('He said "one two" and "three".', ["one two", "three"]),
        ("He said ''one two'' and ``three''.", ["one two", "three"]),
        ("Er sagte „eins zwei“ und „drei”.", ["eins zwei", "drei"]),
        ("Il dit « un deux » et «trois».", [" un deux ", "trois"]),
        ("「one two」 he said", ["one two"]),
        ("“one ‘two’ three”", ["one ‘two’ three"]),
        ("“one “two” three”", ["one “two” three"]),
        ('“one "two" three”', ['one "two" three']),
        ('A 24" screen and a 12" rule.', []),
        ("It isn't his 'fault'.", []),
        ("An “unfinished thought", []),
        ("No “one. But “two three” counts.", ["two three"]),
        ("“one “two” three “four” five”", ["one “two” three “four” five"]),
        ('"the 24" wall," he said, "the 12" one"', ['the 24" wall,', 'the 12" one']),
        ("“one…”Two said “three”", ["one…", "three"]),
        ("\u200b“\u200bone two\u200b”\u200b", ["one two"]),
        ("Home » News » World « back", []),
        ("‘one two three four,’ he said", ["one two three four,"]),
        ("", []),
    ],
)
def test_scan_pairs(text, expected):
    found = [s for s in stretches(text) if not s.lone]
    assert [text[s.start : s.end] for s in found] == expected


def test_scan_continues_where_the_next_paragraph_opens_with_a_mark():
    text = "“One.\n\n“Two.”"
    assert [(s.open, s.continued) for s in stretches(text)] == [(True, False), (False, True)]


def test_scan_continues_where_the_next_paragraph_closes_without_opening():
    text = "He said: “One.\n\nTwo.” Then he left."
    found = [(text[s.start : s.end], s.open, s.continued) for s in stretches(text)]
    assert found == [("One.", True, False), ("Two.", False, True)]


def test_scan_reports_an_opening_mark_without_partner_as_lone():
    assert [s.lone for s in stretches("“One two.\n\nThree.")] == [True]


def test_scan_ends_a_lone_stretch_at_the_next_opening_mark():
    text = "“One two, he said. “Three.”"
    assert [(text[s.start : s.end], s.lone) for s in stretches(text)] == [
        ("One two, he said. ", True),
        ("Three.", False),
    ]


def test_scan_looks_through_what_nobody_sees_to_go_on():
    text = "“One.\n\n\u200b“Two.”"
    assert [(s.open, s.continued) for s in stretches(text)] == [(True, False), (False, True)]


def test_scan_goes_on_where_a_closing_guillemet_opens_the_next_paragraph():
    text = "« One two.\n\n» Three », he said."
    found = [(text[s.start : s.end].strip(), s.open, s.continued) for s in stretches(text)]
    assert found == [("One two.", True, False), ("Three", False, True)]


def test_scan_goes_on_between_single_marks():
    text = "‘One two three four,’ she said. ‘Five.\n\n‘Six,’ she said."
    found = [(text[s.start : s.end], s.open, s.continued) for s in stretches(text)]
    assert found == [
        ("One two three four,", False, False),
        ("Five.", True, False),
        ("Six,", False, True),
    ]


def test_scan_takes_single_marks_in_a_headline():
    text = "Lund: ‘We Won’t Sail’\n\nShe said ‘no’ twice."
    assert [text[s.start : s.end] for s in stretches(text, headline=True)] == ["We Won’t Sail"]


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="ab .,!“”\"«»„「」'‘’\n", max_size=60))
def test_scan_gives_ordered_stretches_inside_their_paragraph(text):
    spans = paragraphs(text)
    end = 0
    for stretch in scan(text, spans, headline=True):
        span = spans[stretch.paragraph]
        assert span.start <= stretch.outer_start <= stretch.start
        assert stretch.start <= stretch.end <= stretch.outer_end <= span.end
        assert stretch.outer_start >= end
        end = stretch.outer_end
