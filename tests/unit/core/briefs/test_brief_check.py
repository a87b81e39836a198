"""No quote is shown that does not stand in its article; a shared answer is a brief like others."""

from __future__ import annotations

from dataclasses import replace

from bot.core.briefs.answer import answer_brief
from bot.core.briefs.brief import alert
from bot.core.briefs.check import checked
from bot.domain.answers import Hit, Reply, ReplyOutcome, Searched
from bot.domain.posts import BriefKind
from bot.domain.quotes import Span
from bot.domain.stories import Story
from tests.builders import NOW, make_record
from tests.unit.core.stories.reports import a_member, a_quote

SAID = "We will spend more on defence"
RECORD = make_record("1-0", text=f"He said: {SAID}.")


def a_brief(start=9, **changes):
    member = a_member(quotes=(a_quote(SAID, start=start),), **changes)
    return alert(Story(id="a1", members=(member,)), topics=(), made=NOW, topic_words={})


def test_checked_keeps_a_quote_that_stands_in_its_article():
    assert checked(a_brief(), {"1-0": RECORD}) == (a_brief(), 0)


def test_checked_withholds_a_quote_that_does_not():
    shifted = a_brief(start=8)
    brief, withheld = checked(shifted, {"1-0": RECORD})
    assert (brief.items[0].quotes, withheld) == ((), 1)
    assert checked(a_brief(revision=2), {"1-0": RECORD})[1] == 1
    assert checked(a_brief(), {})[1] == 1


def a_hit(**changes):
    values = {
        "article_id": "a1",
        "position": "1-0",
        "span": Span(start=9, end=9 + len(SAID)),
        "text": SAID,
        "is_quote": True,
        "outlet": "Wire",
        "url": "u",
        "title": "t",
        "published": NOW,
        "score": 1.0,
        **changes,
    }
    return Hit(**values)


def a_reply(outcome, *hits):
    return Reply(question="Who?", outcome=outcome, answer=hits, searched=Searched(articles=7))


def test_answer_is_one_item_an_article_with_passages_as_its_lead():
    passage = a_hit(text="passage", is_quote=False)
    reply = a_reply(ReplyOutcome.ANSWER, a_hit(), passage, a_hit(article_id="a2"))
    brief = answer_brief(reply, requested_by="Ann", made=NOW)
    assert (brief.kind, brief.notes) == (BriefKind.ANSWER, ("Shared by Ann",))
    assert [(i.story_id, i.lead, len(i.quotes)) for i in brief.items] == [
        ("a1", "passage", 1),
        ("a2", "", 1),
    ]


def test_answer_says_when_it_is_none():
    near = answer_brief(a_reply(ReplyOutcome.NEAR_MISS, a_hit()), requested_by="", made=NOW)
    nothing = answer_brief(a_reply(ReplyOutcome.NOTHING), requested_by="", made=NOW)
    assert near.notes == ("No direct answer was found; this comes nearest.",)
    assert nothing.notes == ("Nothing was found in 7 articles.",)
    assert replace(nothing, notes=()).items == ()
