"""Searches as pasted from another tool."""

from __future__ import annotations

import pytest

from bot.core.config.query import parse
from tests.unit.core.matching.topics import all_of, any_of, near, phrase


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NATO", phrase("NATO")),
        ("defence spending", phrase("defence spending")),
        ('"cease-fire"', phrase("cease-fire")),
        ("“North Atlantic”", phrase("North Atlantic")),
        ("NATO AND spend*", all_of("NATO", "spend*")),
        ("NATO OR alliance OR allies", any_of("NATO", "alliance", "allies")),
        ("NATO AND (spend* OR GDP)", all_of("NATO", any_of("spend*", "GDP"))),
        ("(a OR b) AND (c OR d)", all_of(any_of("a", "b"), any_of("c", "d"))),
        ("a AND b NOT c", all_of("a", "b", none=(phrase("c"),))),
        ("a AND NOT (b OR c)", all_of("a", none=(any_of("b", "c"),))),
        ("a OR (b NOT c)", any_of("a", all_of("b", none=(phrase("c"),)))),
        ("NATO NEAR/8 spend*", near("NATO", "spend*", words=8)),
        ("a ONEAR/0 b", near("a", "b", words=0, in_order=True)),
        ("a NEAR/3 (b OR c) AND d", all_of(near("a", any_of("b", "c"), words=3), "d")),
        ("((a))", phrase("a")),
    ],
)
def test_query_is_read_as_a_rule(text, expected):
    assert expected == parse(text)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("a AND b OR c", "parentheses"),
        ("a OR b NOT c", "parentheses"),
        ("a NEAR/2 b NEAR/2 c", "parentheses"),
        ("(a NOT b) NEAR/2 c", "NOT cannot stand inside NEAR"),
        ("a AND", "missing at the end"),
        ("AND a", "missing before it"),
        ("a AND OR b", "missing before it"),
        ("a)", "without its `(`"),
        ("(a", "never closed"),
        ("()", "missing before it"),
        ('a "b"', "missing before `b`"),
        ("a (b)", "missing before `(`"),
        ("a -b", "in words"),
        ("a near5 b", "NEAR/8"),
        ("a NEAR b", "NEAR/8"),
        ("*a", "at the end of a word"),
        ("(" * 30 + "a" + ")" * 30, "in one another"),
        ("   ", "empty"),
    ],
)
def test_query_that_reads_in_two_ways_or_none_is_refused(text, part):
    with pytest.raises(ValueError) as raised:
        parse(text)
    assert part in str(raised.value)
