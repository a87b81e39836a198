"""The rules beside phrase and near: what is refused, patterns, sources and lengths."""

from __future__ import annotations

import pytest

from bot.core.matching import compile_topics, describe
from bot.core.matching.only import allows, is_long_enough
from bot.domain.watch import AllOf, Only, Pattern, Topic, Watchlists, Where
from tests.unit.core.matching.topics import (
    all_of,
    any_of,
    heading,
    lead,
    match_plain,
    near,
    phrase,
    phrases,
    title,
)

case = pytest.param


def found(rule, text, headline=""):
    """The text of each place where a rule alone is found, the presearch tried too."""
    compiled = compile_topics(Watchlists(topics=(Topic(name="t", any=(rule,)),)))
    return [e.text for match in match_plain(compiled, headline, text) for e in match.evidence]


def pattern(regex, *needs):
    return Pattern(regex=regex, needs=phrases(*needs))


NOT_NEAR = near("truce", words=2, unless=phrases("Gaza"))
IN_SENTENCE = near("truce", "Kyiv", within="sentence", unless=phrases("Gaza"))


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        case(NOT_NEAR, "a truce held", ["truce"], id="refused word is not there"),
        case(NOT_NEAR, "a truce in all Gaza", [], id="two words between"),
        case(NOT_NEAR, "a truce in all of Gaza", ["truce"], id="three words between"),
        case(NOT_NEAR, "in Gaza, a truce", [], id="before it"),
        case(NOT_NEAR, "a truce\nGaza", ["truce"], id="in another paragraph"),
        case(NOT_NEAR, "a truce in Gaza. Here in Kyiv a truce held", ["truce"], id="one of two"),
        case(
            near("truce", words=0, unless=phrases("Gaza truce")), "Gaza truce, Kyiv truce",
            ["truce"], id="refused phrase holds the word",
        ),
        case(IN_SENTENCE, "Kyiv wants a truce.", ["Kyiv wants a truce"], id="sentence alone"),
        case(IN_SENTENCE, "Kyiv hailed the truce in Gaza.", [], id="refused in the sentence"),
        case(
            IN_SENTENCE, "Gaza burns. Kyiv wants a truce.", ["Kyiv wants a truce"],
            id="refused in the sentence before",
        ),
        case(
            near("truce", within="paragraph", unless=phrases("Gaza")), "Gaza burns. A truce.",
            [], id="refused in the paragraph",
        ),
        case(
            near("talks", "Kyiv", words=3, unless=(all_of("Gaza", "Doha"),)),
            "Kyiv talks in Doha on Gaza\nKyiv talks in Doha", ["Kyiv talks"],
            id="both refused words are needed",
        ),
        case(
            near("a", near("b", words=1, unless=phrases("c")), words=5), "a x x b c, a x b",
            ["a x b"], id="not near inside near",
        ),
    ],
)  # fmt: skip
def test_not_near_refuses_what_stands_as_close_as_the_parts(rule, text, expected):
    assert expected == found(rule, text)


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        (all_of("a", none=phrases("b")), "a c", ["a"]),
        (all_of("a", none=phrases("b")), "a\nb", []),
        (all_of("a", none=phrases("b", "c")), "a c", []),
        (all_of(any_of("a", "b"), none=phrases("c")), "b", ["a", "b"]),
        (any_of("d", all_of("a", none=phrases("b"))), "a b d", ["d"]),
        (all_of("a", none=(all_of("b", none=phrases("c")),)), "a b c", ["a"]),
        (all_of("a", none=(all_of("b", none=phrases("c")),)), "a b", []),
        (title(all_of("a", none=phrases("b"))), "b", ["a"]),
        (lead(all_of("a", none=phrases("b"))), "a\nx\nb", ["a"]),
        (near("a", all_of("b", none=phrases("c")), words=2), "a b, a x x b c", ["a b"]),
    ],
)
def test_none_inside_a_rule_refuses_that_rule_only(rule, text, expected):
    assert (
        expected == found(rule, text, "a")[: len(expected)] if expected else not found(rule, text)
    )


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        case(pattern(r"\b5 ?% of gdp", "GDP"), "to 5% of GDP.", ["5% of GDP"], id="any case"),
        case(pattern(r"\b5 ?%", "GDP"), "5%\nGDP", [], id="needs stand in the paragraph"),
        case(pattern(r"F-?16s?", "F*16*", "jet"), "F-16s, jet, F16", ["F-16s", "F16"], id="two"),
        case(pattern(r"\d+ tanks", "tanks"), "31\u00a0tanks", ["31\u00a0tanks"], id="odd blank"),
        case(pattern("bomb", "bombers"), "bombers", ["bombers"], id="told as whole words"),
        case(pattern("Putin’s", "Putin"), "Putin's", ["Putin's"], id="odd apostrophe in the rule"),
        case(pattern(r"\$\d", "dollars"), "$ 5, $5 in dollars", ["$5"], id="a sign"),
        case(pattern(r"[ .]", "a"), "a . b", ["."], id="no word at all"),
        case(pattern(" ", "a"), "a b", [], id="only a blank"),
        case(near(pattern(r"\d+ (?:bn|billion)", "*illion", "bn"), "arms", words=2),
             "5 billion for arms", ["5 billion for arms"], id="inside near"),
    ],
)  # fmt: skip
def test_pattern_is_found_where_a_word_it_needs_stands(rule, text, expected):
    assert expected == found(rule, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Intro.\nThe nuclear threat\nMore.", ["nuclear"]),
        ("Nuclear\nMore.", ["Nuclear"]),
        ("Intro.\nThe nuclear threat.\nMore.", []),
        ("Intro.\nThe nuclear threat", []),
        ("Intro.\n- nuclear threat\nMore.", []),
        (
            "Intro.\nHe said of the nuclear threat that it was as great as it ever had been\nMore.",
            [],
        ),
    ],
)
def test_heading_is_a_short_line_without_a_full_stop(text, expected):
    assert expected == found(heading("nuclear"), text, "nuclear")


def test_pattern_costs_no_more_than_the_text_is_long():
    hostile = "a" * 20_000 + " needed"
    assert found(pattern(r"(a+)+b|(a|a)*c", "needed"), hostile) == []
    assert len(found(pattern("a", "needed"), "a " * 5_000 + "needed")) == 3


@pytest.mark.parametrize(
    ("only", "metadata", "expected"),
    [
        (Only(), {}, True),
        (Only(sources=frozenset({"bbc.co.uk"})), {"url": "https://www.bbc.co.uk/a"}, True),
        (Only(sources=frozenset({"bbc.co.uk"})), {"url": "https://notbbc.co.uk/a"}, False),
        (Only(sources=frozenset({"bbc.co.uk"})), {"url": "https://bbc.com/bbc.co.uk"}, False),
        (Only(sources=frozenset({"the meridian"})), {"outlet": "The Meridian"}, True),
        (Only(sources=frozenset({"a.example"})), {}, False),
        (Only(not_sources=frozenset({"A.example"})), {"url": "https://a.example/x"}, False),
        (Only(not_sources=frozenset({"a.example"})), {"url": "https://b.example/x"}, True),
        (Only(not_sources=frozenset({"a.example"})), {"url": "https://[bad"}, True),
        (Only(not_sources=frozenset({"a.example"})), {}, True),
        (Only(tiers=frozenset({1}), sources=frozenset({"x"})), {"outlet": "x", "tier": 2}, False),
    ],
)
def test_sources_are_outlets_and_hosts_with_all_below(only, metadata, expected):
    assert expected == allows(only, **metadata)


@pytest.mark.parametrize(
    ("only", "words", "expected"),
    [
        (Only(least_words=150), 149, False),
        (Only(least_words=150), 150, True),
        (Only(most_words=10), 11, False),
        (Only(least_words=5, most_words=10), 10, True),
        (Only(), 0, True),
    ],
)
def test_length_counts_the_words_of_the_text(only, words, expected):
    assert expected == is_long_enough(only, "word " * words)
    compiled = compile_topics(Watchlists(topics=(Topic(name="t", any=phrases("a"), only=only),)))
    assert expected == bool(match_plain(compiled, "a", "word " * words))


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (NOT_NEAR, "near(truce) within 2 words, not near (Gaza)"),
        (all_of("a", none=phrases("b", "c")), "a without (b, c)"),
        (pattern("a+", "a"), "regex a+"),
    ],
)
def test_rule_is_told_in_words(rule, expected):
    assert expected == describe(rule)


def test_evidence_says_where_its_rule_stands():
    topic = Topic(
        name="t",
        any=(phrase("x"), phrase("spend*")),
        all=(AllOf(parts=phrases("NATO")),),
        where=(
            Where(path="any 1", line=4),
            Where(path="any 2", line=5),
            Where(path="all 1", line=7),
        ),
    )
    (match,) = match_plain(compile_topics(Watchlists(topics=(topic,))), "NATO", "It\nspends")
    places = [(each.path, each.line, each.paragraph) for each in match.evidence]
    assert places == [("all 1", 7, 1), ("any 2", 5, 2)]
