"""An utterance that "she said" parts is one: chosen, checked and answered with as a whole."""

from __future__ import annotations

from dataclasses import replace

from bot.core.answers.lines import each_part, whole_utterances
from bot.core.briefs.answer import answer_brief
from bot.core.briefs.brief import alert, seen
from bot.core.briefs.check import checked
from bot.core.briefs.quotes import key_quotes
from bot.core.quotes.extract import find_quotes
from bot.core.text.prose import Prose
from bot.domain.answers import Reply, ReplyOutcome, Searched
from bot.domain.quotes import Part, Span
from bot.domain.stories import Story
from tests.builders import NOW, make_hit, make_record
from tests.unit.core.stories.reports import a_member

CALM, COUNT = "The border is calm,", "but do not count on it before the first of May."
TEXT = f"“{CALM}” Petra Lund said, “{COUNT}” Owen Hart was silent. “We have no plan,” he told us."
QUOTES = find_quotes(Prose(TEXT))
PARTS = tuple(
    Part(text=text, span=Span(start=TEXT.index(text), end=TEXT.index(text) + len(text)))
    for text in (CALM, COUNT)
)
RECORD = make_record("1-0", text=TEXT, quotes=QUOTES)


def shown(*members, most=3, **changes):
    return key_quotes(members, most=most, topic_words=frozenset(), **changes)


def test_parts_are_those_of_one_utterance_in_order():
    assert [quote.text for quote in QUOTES] == [CALM, COUNT, "We have no plan,"]
    assert [quote.parts_among(reversed(QUOTES)) for quote in QUOTES] == [PARTS, PARTS, ()]


def test_a_part_whose_others_are_gone_stands_alone():
    assert QUOTES[1].parts_among(QUOTES[1:]) == ()


def test_key_quotes_show_an_utterance_once_with_all_its_parts():
    first, second = shown(a_member(quotes=QUOTES))
    assert (first.text, first.span, first.parts) == (CALM, PARTS[0].span, PARTS)
    assert (second.text, second.parts) == ("We have no plan,", ())


def test_key_quotes_name_nobody_for_an_utterance_of_which_one_part_is_not_sure():
    doubted = replace(QUOTES[1], confidence=0.0)
    (only,) = shown(a_member(quotes=(QUOTES[0], doubted)))
    assert (only.parts, only.speaker) == (PARTS, None)


def test_key_quotes_rank_an_utterance_by_all_that_is_said_in_it():
    """The first part alone says nothing of May."""
    other = replace(
        QUOTES[2], text="We have 3 plans for it, and this one is long enough.", speaker=None
    )
    first, _ = shown(a_member(quotes=(*QUOTES[:2], other)))
    assert first.parts == PARTS


def test_key_quotes_know_an_utterance_that_another_outlet_prints_in_one_piece():
    one = replace(QUOTES[0], text=f"{CALM} {COUNT}", group=None, confidence=0.5)
    half = replace(QUOTES[1], group=None, confidence=0.99)
    members = (
        a_member(article_id="a1", quotes=(one,)),
        a_member(article_id="a2", quotes=QUOTES[:2]),
        a_member(article_id="a3", quotes=(half,)),
    )
    (only,) = shown(*members)
    assert (only.article_id, only.parts) == ("a2", PARTS)


def test_key_quotes_take_an_utterance_for_old_when_all_parts_are():
    member = a_member(quotes=QUOTES)
    assert shown(member, most=1, said_before={CALM})[0].parts == PARTS
    assert shown(member, most=1, said_before={CALM, COUNT})[0].text == "We have no plan,"


def a_brief(**changes):
    member = a_member(quotes=QUOTES[:2], **changes)
    return alert(Story(id="a1", members=(member,)), topics=(), made=NOW, topic_words={})


def test_checked_asks_for_every_part():
    brief = a_brief()
    assert checked(brief, {"1-0": RECORD}) == (brief, 0)
    changed = make_record("1-0", text=TEXT.replace("count", "bet  "))
    assert checked(brief, {"1-0": changed})[1] == 1


def test_briefs_that_differ_in_places_of_parts_only_look_the_same():
    moved = tuple(
        replace(q, span=Span(start=q.span.start + 9, end=q.span.end + 9)) for q in QUOTES[:2]
    )
    member = a_member(quotes=moved)
    other = alert(Story(id="a1", members=(member,)), topics=(), made=NOW, topic_words={})
    assert other != a_brief()
    assert seen(other) == seen(a_brief())


def a_hit(part):
    return make_hit(position="1-0", text=part.text, span=part.span, speaker="Petra Lund")


def test_an_answer_with_one_part_is_completed_and_the_other_is_no_second_line():
    hits = (a_hit(PARTS[1]), a_hit(PARTS[0]), make_hit(is_quote=False))
    first, second = whole_utterances(hits, {"1-0": QUOTES})
    assert (first.text, first.parts) == (COUNT, PARTS)
    assert second == make_hit(is_quote=False)
    assert [part.text for part in each_part(first)] == [CALM, COUNT]
    assert each_part(second) == (second,)


def test_an_answer_that_stands_alone_or_whose_record_is_gone_stays_as_it_is():
    alone = make_hit(position="1-0", text=QUOTES[2].text, span=QUOTES[2].span)
    assert whole_utterances((alone,), {"1-0": QUOTES}) == (alone,)
    assert whole_utterances((a_hit(PARTS[0]),), {}) == (a_hit(PARTS[0]),)


def test_a_shared_answer_keeps_the_parts():
    (hit,) = whole_utterances((a_hit(PARTS[1]),), {"1-0": QUOTES})
    reply = Reply(
        question="?", outcome=ReplyOutcome.ANSWER, answer=(hit,), searched=Searched(articles=1)
    )
    brief = answer_brief(reply, requested_by="Ann", made=NOW)
    assert brief.items[0].quotes[0].parts == PARTS
