"""Topics on articles, from domain values to matches."""

from dataclasses import replace

import pytest

from bot.core.matching import compile_topics, failed_examples
from bot.core.text.prose import Prose
from bot.domain.quotes import Span
from bot.domain.watch import AtLeast, Evidence, Only, ScorePart, Topic, Watchlists
from tests.unit.core.matching.topics import (
    CEASEFIRE,
    SPENDING,
    all_of,
    any_of,
    lead,
    match_plain,
    near,
    phrase,
    phrases,
    title,
)

case = pytest.param


def found_in(topic, text, headline="", **metadata):
    compiled = compile_topics(Watchlists(topics=(topic,)))
    return compiled.match(Prose(headline), Prose(text), **metadata)


def rule_finds(rule, text, headline=""):
    """The text of each place where a rule alone is found."""
    matches = found_in(Topic(name="t", any=(rule,)), text, headline)
    return [evidence.text for match in matches for evidence in match.evidence]


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        case(phrase("NATO"), "Nato’s chief", ["Nato"], id="possessive follows"),
        case(phrase("NATO"), "a NATO-led force", ["NATO"], id="hyphen follows"),
        case(phrase("NATO"), "NATO/EU and SNATO", ["NATO"], id="whole words only"),
        case(phrase("Ukraine"), "U.S.-Ukraine talks", ["Ukraine"], id="after a full stop"),
        case(phrase("U.S."), "the U.S.-led force", ["U.S."], id="abbreviation and hyphen"),
        case(phrase("U.S."), "He left the U.S.", ["U.S."], id="abbreviation at the end"),
        case(phrase("ID"), "an ID card", ["ID"], id="word that spaCy would split"),
        case(phrase("US", exact=True), "us and US", ["US"], id="exact case"),
        case(phrase("cease-fire"), "a cease‑fire", ["cease‑fire"], id="odd hyphen"),
        case(phrase("cease‑fire"), "a cease-fire", ["cease-fire"], id="odd in the rule"),
        case(phrase("cease-fire"), "a ceasefire", [], id="closed is another spelling"),
        case(phrase("cease-fire"), "a cease fire", [], id="open is another spelling"),
        case(phrase("cease-fire"), "to cease – fire", [], id="a dash is no hyphen"),
        case(phrase("cease fire"), "a cease-fire", [], id="nor is a hyphen a blank"),
        case(phrase("the allies' plan"), "the allies’ plan", ["the allies’ plan"], id="’"),
        case(
            phrase("defence spending"), "defence  spending", ["defence  spending"], id="two blanks"
        ),
        case(
            phrase("defence spending"), "Defence\u00a0spending", ["Defence\u00a0spending"], id="°"
        ),
        case(phrase("defence spending"), "defence\nspending", [], id="not over a line"),
        case(phrase("5%"), "3.5% and 5%", ["5%"], id="a number is one word"),
        case(phrase("5"), "3.5 or 2,500", [], id="nor a part of one"),
        case(phrase("spend*"), "they Spend spending", ["Spend", "spending"], id="star"),
        case(phrase("spend*"), "overspending", [], id="star has a left edge"),
        case(phrase("*spending"), "overspending", ["overspending"], id="star in front"),
        case(phrase("wom?n"), "a woman, women, womn", ["woman", "women"], id="one letter"),
        case(phrase("* spending"), "its - spending spending", ["spending spending"], id="*"),
        case(phrase("*b*b*c"), "b" * 200_000 + " bbc", ["bbc"], id="hostile words"),
        case(phrase("US spend*", exact=True), "US spends, us spend", ["US spends"], id="US*"),
        case(phrase("negotiate", forms=True), "negotiating", ["negotiating"], id="forms"),
        case(
            phrase("halt the fighting", forms=True), "halted the fighting.",
            ["halted the fighting"], id="first verb",
        ),
        case(phrase("peace deal", forms=True), "peace deals", ["peace deals"], id="noun"),
        case(
            phrase("minister of defence", forms=True), "ministers of defence",
            ["ministers of defence"], id="head noun",
        ),
        case(phrase("Ally", forms=True, exact=True), "allies Allies", ["Allies"], id="cap"),
        case(phrase("5%", forms=True), "5%", ["5%"], id="nothing to inflect"),
        case(phrase(" "), "anything", [], id="an empty phrase finds nothing"),
        case(phrase("straße"), "STRASSE Straße", ["Straße"], id="length changing case"),
        case(phrase("ας"), "ΑΣ.Α", ["ΑΣ"], id="final sigma"),
        case(phrase("ΑΣ"), "ας.", ["ας"], id="and the other way"),
    ],
)  # fmt: skip
def test_phrase_is_found_as_the_rule_language_says(rule, text, expected):
    assert expected == rule_finds(rule, text)


TALKS = "NATO, the alliance of 32, spends."


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        case(near("NATO", "spend*", words=4), TALKS, [TALKS[:-1]], id="within"),
        case(near("NATO", "spend*", words=3), TALKS, [], id="too far"),
        case(near("spend*", "NATO", words=4), TALKS, [TALKS[:-1]], id="any order"),
        case(near("spend*", "NATO", words=4, in_order=True), TALKS, [], id="wrong order"),
        case(near("NATO", "spend*", words=4, in_order=True), TALKS, [TALKS[:-1]], id="order"),
        case(
            near("NATO", "budget", words=1), "NATO's U.S.-led budget", ["NATO's U.S.-led budget"],
            id="what hangs together is one word",
        ),
        case(near("NATO", "a", words=9), "NATO\na", [], id="never across a paragraph"),
        case(near("NATO", "a", within="paragraph"), "NATO. B. a", ["NATO. B. a"], id="par."),
        case(near("NATO", "a", within="sentence"), "NATO. A B.", [], id="other sentence"),
        case(near("NATO", "a", within="sentence"), "Now. NATO, b a.", ["NATO, b a"], id="s."),
        case(near("NATO", "Nato", words=3), "NATO", [], id="two parts need two places"),
        case(near("a b", "b", words=3), "a b", [], id="which do not overlap"),
        case(near("a", "b", "c", words=0), "c a b", ["c a b"], id="three parts"),
        case(near("a", "b", "c", words=0), "c x a b", [], id="each next to another"),
        case(
            near("a", all_of("b", "c"), words=0), "a c b", ["a c b"], id="all of, near"
        ),
        case(near("a", all_of("b", "c"), words=0), "a b x c", [], id="all of, too far"),
        case(near("a", near("b", "c", words=0), words=1), "b c x a", ["b c x a"], id="nest"),
        case(near("a", "b", words=1), "a x x x a b", ["a b"], id="the closest"),
        case(near("a b", "a", "c", words=1), "a b a x c", ["a b a x c"], id="behind it"),
    ],
)  # fmt: skip
def test_near_is_found_as_the_rule_language_says(rule, text, expected):
    assert expected == rule_finds(rule, text)


def test_near_prefers_what_can_be_reached_over_what_begins_last():
    rule = near(any_of("a m m m", "n"), "b", words=0)
    assert rule_finds(rule, "a m m m b") == ["a m m m b"]
    assert rule_finds(near(any_of("a n m m", "n"), "b", words=0), "a n m m b") == ["a n m m b"]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        case(title("rutte"), ["Rutte"], id="title"),
        case(title("first"), [], id="title only"),
        case(lead("second"), ["second"], id="lead"),
        case(lead("third"), [], id="lead is two paragraphs"),
        case(lead("rutte"), [], id="lead is no title"),
        case(title(all_of("rutte", "first")), [], id="all of in one field"),
        case(all_of("rutte", "third"), ["Rutte", "third"], id="all of anywhere"),
        case(all_of("rutte", "fourth"), [], id="all of needs all"),
        case(any_of("fourth", "third"), ["third"], id="any of needs one"),
        case(any_of(), [], id="any of nothing"),
        case(all_of(), [], id="all of nothing"),
    ],
)
def test_rule_looks_in_its_field(rule, expected):
    assert expected == rule_finds(rule, "the first\n\nthe second\n\nthe third", "Rutte speaks")


BASE = Topic(name="t", any=phrases("a", "b"), all=phrases("c"), none=phrases("d"))


@pytest.mark.parametrize(
    ("topic", "text", "holds"),
    [
        case(BASE, "a c", True, id="some any and every all"),
        case(BASE, "c", False, id="no any"),
        case(BASE, "a b", False, id="an all is missing"),
        case(BASE, "a c d", False, id="a none is there"),
        case(replace(BASE, any=()), "c", True, id="any not given"),
        case(Topic(name="t", none=phrases("d")), "a", False, id="nothing to hold"),
        case(Topic(name="t"), "a", False, id="no rules at all"),
        case(
            replace(BASE, at_least=AtLeast(times=2, of=any_of("x", "y"))), "a c x", False, id="once"
        ),
        case(
            replace(BASE, at_least=AtLeast(times=2, of=any_of("x", "y"))), "a c x y", True, id="2"
        ),
        case(
            replace(BASE, at_least=AtLeast(times=2, of=any_of("x*", "xy"))), "a c xy", False,
            id="one place counts once",
        ),
    ],
)  # fmt: skip
def test_topic_holds_as_the_rule_language_says(topic, text, holds):
    assert holds == bool(found_in(topic, text))


@pytest.mark.parametrize(
    ("only", "metadata", "holds"),
    [
        case({"languages": {"en"}}, {"language": "en"}, True, id="language"),
        case({"languages": {"en"}}, {"language": "en-GB"}, True, id="with its region"),
        case({"languages": {"en"}}, {"language": "no"}, False, id="other language"),
        case({"languages": {"en"}}, {}, False, id="unknown language"),
        case({"countries": {"NO"}}, {"country": "no"}, True, id="country"),
        case({"countries": {"NO"}}, {}, False, id="unknown country"),
        case({"tiers": {1, 2}}, {"tier": 2}, True, id="tier"),
        case({"tiers": {1, 2}}, {}, False, id="unknown tier"),
        case({}, {}, True, id="nothing asked"),
    ],
)
def test_topic_holds_for_its_metadata_only(only, metadata, holds):
    allowed = Only(**{name: frozenset(values) for name, values in only.items()})
    assert holds == bool(found_in(replace(BASE, only=allowed), "a c", **metadata))


def test_score_adds_three_hits_a_rule_with_weights_and_title():
    topic = Topic(
        name="t",
        any=(phrase("Defence spending"), near("NATO", "pay*", words=2)),
        all=(any_of("NATO", "alliance"),),
        title_counts=2,
        weights=(("Defence spending", 1.5), ("pay*", 4)),
    )
    text = "NATO pays. NATO, NATO and the alliance: defence spending."
    (match,) = found_in(topic, text, "More defence spending")
    assert (
        ScorePart(rule="Defence spending", points=1.5 * 2 + 1.5),
        ScorePart(rule="near(NATO, pay*) within 2 words", points=4),
        ScorePart(rule="any of (NATO, alliance)", points=3),
    ) == match.parts
    assert match.score == 11.5


def test_score_of_a_topic_that_only_counts_comes_from_what_it_counts():
    (match,) = found_in(Topic(name="t", at_least=AtLeast(times=2, of=phrase("a"))), "a a")
    assert (2, (ScorePart(rule="a", points=2),)) == (match.score, match.parts)


def test_evidence_is_exact_text_of_its_field():
    text = "First.\n\n  The alliance’s “NATO‑led”  spending."
    topic = Topic(name="t", any=(near("NATO", "spend*", words=8), phrase("Nato")))
    (match,) = found_in(topic, text, "On NATO")
    start = text.index("NATO")
    assert (
        Evidence(rule="Nato", field="title", span=Span(start=3, end=7), text="NATO", paragraph=1),
        Evidence(
            rule="Nato",
            field="text",
            span=Span(start=start, end=start + 4),
            text="NATO",
            paragraph=2,
        ),
        Evidence(
            rule="near(NATO, spend*) within 8 words",
            field="text",
            span=Span(start=start, end=len(text) - 1),
            text="NATO‑led”  spending",
            paragraph=2,
        ),
    ) == match.evidence


def test_match_lists_topics_in_the_order_configured():
    text = "Russia and Ukraine agreed a truce; NATO raises defence spending in Ukraine."
    for topics in ((SPENDING, CEASEFIRE), (CEASEFIRE, SPENDING)):
        compiled = compile_topics(Watchlists(topics=topics, version="v7"))
        assert compiled.version == "v7"
        assert [t.name for t in topics] == [m.topic for m in match_plain(compiled, "", text)]


def test_match_of_an_article_that_hits_nothing_makes_no_doc():
    compiled = compile_topics(Watchlists(topics=(SPENDING, CEASEFIRE)))
    text = Prose("\n\n".join(["The minister opened a new school near the harbour."] * 75))
    headline = Prose("Schools open")
    assert compiled.match(headline, text) == ()
    assert compiled.paragraphs_read == 0
    assert not any("doc" in each.__dict__ for each in (*headline.paragraphs, *text.paragraphs))


def test_match_reads_only_paragraphs_that_hold_something():
    compiled = compile_topics(Watchlists(topics=(SPENDING, CEASEFIRE)))
    match_plain(compiled, "", "One.\n\nNATO defence spending.\n\nThree.")
    assert compiled.paragraphs_read == 1


def test_match_leaves_no_words_of_articles_behind():
    compiled = compile_topics(Watchlists(topics=(CEASEFIRE,)))
    assert match_plain(compiled, "", "A truce, Ukraine and Russia said.")  # makes its patterns
    before = len(compiled._book._vocab.strings)
    assert match_plain(compiled, "", "A truce, Ukraine and Russia abcxyz qwertz said.")
    assert before == len(compiled._book._vocab.strings)


def test_starter_topics_get_their_examples_right():
    assert failed_examples(Watchlists(topics=(SPENDING, CEASEFIRE))) == ()
