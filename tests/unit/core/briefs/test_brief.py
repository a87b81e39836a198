"""Briefs show the best report, each quote once, and only names that are sure."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.briefs.brief import ALERT_QUOTES, alert, digest, within
from bot.core.briefs.item import item_of
from bot.core.briefs.why import why_lines
from bot.core.briefs.words import topic_words
from bot.domain.posts import BriefKind, Coverage
from bot.domain.quotes import Quote, QuoteKind, Span, Speaker
from bot.domain.stories import Story
from bot.domain.watch import (
    AllOf,
    AnyOf,
    AtLeast,
    Evidence,
    InField,
    Match,
    Near,
    Phrase,
    ScorePart,
    Topic,
    Watchlists,
)
from tests.builders import NOW, make_item, make_quote
from tests.unit.core.stories.reports import a_match, a_member, a_quote

WORDS = {"NATO spending": frozenset({"nato", "spending"})}


def a_story(*members):
    return Story(id=members[0].article_id, members=members)


def an_item(*members, quotes=3):
    return item_of(a_story(*members), topics=("NATO spending",), topic_words=WORDS, quotes=quotes)


def test_item_shows_the_report_of_the_best_tier_and_of_those_the_first():
    item = an_item(
        a_member(article_id="a1", outlet="Blog", tier=3, title="blog"),
        a_member(article_id="a2", outlet="Wire", tier=1, title="wire"),
        a_member(article_id="a3", outlet="Agency", tier=1, title="agency"),
    )
    assert (item.story_id, item.outlet, item.title) == ("a1", "Wire", "wire")


def test_item_lists_every_report_and_says_which_are_copies():
    item = an_item(
        a_member(article_id="a1", outlet="Wire", url="u1", title="one"),
        a_member(article_id="a2", outlet="Paper", url="u2", title="two", origin="a1"),
        a_member(article_id="a3", outlet="Radio", url="u3", title="three"),
    )
    assert item.coverage == (
        Coverage(outlet="Wire", url="u1", title="one", published=NOW),
        Coverage(outlet="Paper", url="u2", title="two", published=NOW, copy=True),
        Coverage(outlet="Radio", url="u3", title="three", published=NOW),
    )
    assert item.origins == 2


def test_item_shows_a_quote_once_however_many_outlets_print_it():
    item = an_item(
        a_member(article_id="a1", quotes=(a_quote("We’ll spend more on NATO.", confidence=0.4),)),
        a_member(article_id="a2", position="2-0", quotes=(a_quote("We'll spend more on NATO"),)),
    )
    (quote,) = item.quotes
    assert (quote.article_id, quote.position, quote.speaker) == ("a2", "2-0", "Mark Rutte")


def test_item_shows_no_cut_of_a_quote_beside_the_quote():
    whole, cut = (
        a_quote("We will spend more on NATO"),
        a_quote("will spend more on", confidence=0.8),
    )
    assert len(an_item(a_member(quotes=(whole, cut))).quotes) == 1


def test_item_shows_no_second_wording_of_a_quote():
    said = (
        "We will hold the bridge as long",
        "We shall hold the bridge as long",
        "No, we won't hold",
    )
    reports = [
        a_member(article_id=f"a{n}", quotes=(a_quote(words, name="Ivo Varga"),))
        for n, words in enumerate(said)
    ]
    assert {quote.article_id for quote in an_item(*reports).quotes} == {"a0", "a2"}


def test_item_withholds_a_name_that_is_not_sure():
    (quote,) = an_item(a_member(quotes=(a_quote("We will spend more", confidence=0.69),))).quotes
    assert (quote.speaker, quote.role) == (None, None)


def test_item_withholds_a_speaker_of_whom_only_a_pronoun_is_known():
    spoken = Quote(
        span=Span(start=0, end=5),
        text="We do what we said",
        speaker=Speaker(text="She"),
        confidence=0.9,
    )
    assert an_item(a_member(quotes=(spoken,))).quotes[0].speaker is None


def test_item_carries_all_that_is_needed_to_check_a_quote():
    member = a_member(revision=3, position="9-1", quotes=(a_quote("We will spend more", start=7),))
    (quote,) = an_item(member).quotes
    assert (quote.article_id, quote.revision, quote.position) == ("a1", 3, "9-1")
    assert quote.span == Span(start=7, end=25)


def test_item_has_a_title_even_for_a_report_without_one():
    assert an_item(a_member(title="", lead="")).title == "https://wire.example/a1"


def test_why_names_the_words_found_and_the_rules_that_are_composed():
    span = Span(start=0, end=1)
    match = Match(
        topic="NATO spending",
        score=7,
        evidence=(
            Evidence(rule="defen?e spend*", field="title", span=span, text="defence spending"),
            Evidence(rule="near(NATO, spend*)", field="text", span=span, text="NATO to spend"),
            Evidence(rule="near(NATO, spend*)", field="text", span=span, text="NATO spends"),
        ),
    )
    lower = a_match(score=3)
    story = a_story(a_member(matches=(lower,)), a_member(article_id="a2", matches=(match,)))
    assert why_lines(story, ("NATO spending", "Elsewhere")) == (
        "NATO spending: “NATO … spend” in the text, “NATO … spends” in the text · score 7",
    )


@pytest.mark.parametrize(
    ("rule", "text", "shown"),
    [
        (
            "near(truce*, Ukrain*) within sentence, not near (Olympic*, trade)",
            "Truces are talked of in Ukraine",
            "Truces … Ukraine",
        ),
        (
            "near(forms of end the war, Kyiv) within 8 words",
            "Kyiv ended the war",
            "end the war … Kyiv",
        ),
        ("near(any of (a, b), NATO) within 8 words", "NATO and\nb", "NATO and b"),
        ("near(c++, (", "c++ (", "c++ ("),
    ],
    ids=["not near", "inflected", "nested", "odd"],
)
def test_why_shows_words_as_they_stand_in_the_article(rule, text, shown):
    evidence = Evidence(rule=rule, field="text", span=Span(start=0, end=1), text=text)
    match = Match(topic="T", score=1, evidence=(evidence,))
    lines = why_lines(a_story(a_member(matches=(match,))), ("T",))
    assert lines == (f"T: “{shown}” in the text · score 1",)


def test_why_names_the_two_clauses_that_scored_most():
    span = Span(start=0, end=1)
    match = Match(
        topic="T",
        score=6,
        evidence=tuple(Evidence(rule=w, field="text", span=span, text=w) for w in "abc"),
        parts=tuple(ScorePart(rule=w, points=n) for n, w in enumerate("abc", 1)),
    )
    assert why_lines(a_story(a_member(matches=(match,))), ("T",)) == (
        "T: “c” in the text, “b” in the text · score 6",
    )


def test_alert_has_the_storys_headline_and_at_most_three_quotes():
    quotes = tuple(a_quote(f"quote number {n} of five") for n in range(5))
    brief = alert(
        a_story(a_member(quotes=quotes, changes=("corrected",))),
        topics=("NATO spending",),
        made=NOW,
        topic_words=WORDS,
        changes=("and more",),
    )
    assert (brief.kind, brief.headline) == (BriefKind.ALERT, "Rutte urges allies to spend")
    assert len(brief.items[0].quotes) == ALERT_QUOTES
    assert brief.items[0].changes == ("corrected", "and more")


def test_digest_says_its_day_and_time():
    def headline(slot, local_date):
        return digest((), also=(), slot=slot, local_date=local_date, made=NOW).headline

    assert headline("07:30", "2025-04-04") == "Digest, Friday 4 April 2025, 07:30"
    assert headline("now:17", "2025-04-04") == "Digest, Friday 4 April 2025"
    assert headline("07:30", "someday") == "Digest"


def test_within_keeps_the_best_of_each_story_then_takes_turns_reported_speech_last():
    said = [make_quote(text=text) for text in "abc"]
    told = [make_quote(text=text, kind=QuoteKind.INDIRECT) for text in "xy"]
    items = tuple(
        make_item(quotes=quotes)
        for quotes in ((said[0], said[1], told[0]), (), (told[1],), (said[2], said[0], said[1]))
    )

    def shown(most):
        return ["".join(quote.text for quote in item.quotes) for item in within(items, most)]

    assert shown(1) == ["a", "", "", ""]
    assert shown(3) == ["a", "", "y", "c"]
    assert shown(4) == ["ab", "", "y", "c"]
    assert shown(6) == ["ab", "", "y", "cab"]
    assert shown(7) == shown(100) == ["abx", "", "y", "cab"]


def test_topic_words_leave_out_what_any_text_has_and_know_inflections_by_their_beginning():
    phrases = (Phrase(text="US", exact=True), Phrase(text="provide for the army", forms=True))
    topic = Topic(name="Arms", any=phrases)
    found = topic_words(Watchlists(topics=(topic,)), {"Arms"})
    assert found == {"Arms": frozenset({"arms", "provid*", "army*"})}


def test_topic_words_are_those_of_the_name_and_of_the_rules_that_speak_for_it():
    topic = Topic(
        name="NATO spending",
        any=(Near(parts=(Phrase(text="spend*"), AnyOf(parts=(Phrase(text="GDP"),))), words=3),),
        all=(AllOf(parts=(InField(field="title", part=Phrase(text="Army")),)),),
        none=(Phrase(text="football"),),
        at_least=AtLeast(times=2, of=Phrase(text="allies")),
    )
    found = topic_words(Watchlists(topics=(topic, Topic(name="other"))), {"NATO spending"})
    expected = {"nato", "spending", "spend*", "gdp", "army", "allies"}
    assert found == {"NATO spending": frozenset(expected)}


quotes = st.builds(
    lambda text, confidence, name: a_quote(text, name=name, confidence=confidence),
    st.text(max_size=30),
    st.floats(0, 1),
    st.none() | st.text(min_size=1, max_size=10),
)
members = st.builds(
    lambda number, **values: a_member(article_id=f"a{number}", **values),
    st.integers(0, 9),
    title=st.text(max_size=20),
    lead=st.text(max_size=20),
    url=st.text(max_size=10),
    tier=st.integers(1, 3),
    origin=st.sampled_from(["a0", "a1", "x"]),
    quotes=st.lists(quotes, max_size=4).map(tuple),
    matches=st.lists(
        st.builds(Match, topic=st.text(max_size=5), score=st.floats(0, 50)), max_size=2
    ).map(tuple),
)


@settings(max_examples=20, deadline=None)
@given(st.lists(members, min_size=1, max_size=4), st.lists(st.text(max_size=5)).map(tuple))
def test_alert_holds_for_any_story(reports, topics):
    story = a_story(*reports)
    brief = alert(story, topics=topics, made=NOW, topic_words={})
    (item,) = brief.items
    known = {quote.text for member in reports for quote in member.quotes}
    assert {quote.text for quote in item.quotes} <= known
    assert len(item.quotes) <= ALERT_QUOTES
    assert len(item.coverage) == len(reports)
