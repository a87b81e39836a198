"""Every medium shows the parts of an utterance in marks of their own, with one speaker."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest

from bot.domain.answers import Reply, ReplyOutcome, Searched
from bot.domain.channels import PAGE
from bot.domain.posts import Post, PostKey, PostKind
from bot.domain.quotes import Part, QuoteKind, Span
from bot.render.atom import atom_feed
from bot.render.html import page
from bot.render.slack import brief_message, spoken_message
from bot.render.teams import brief_card, spoken_card, spoken_line
from bot.render.text import brief_text, reply_text
from bot.render.words import uttered
from tests.builders import NOW, make_brief, make_hit, make_item, make_quote

CALM, COUNT = "The border is calm,", "but do not count on it."
PARTS = tuple(Part(text=text, span=Span(start=0, end=len(text))) for text in (CALM, COUNT))
SHOWN = "“The border is calm” … “but do not count on it.”"

BRIEF = make_brief(items=(make_item(quotes=(make_quote(text=CALM, parts=PARTS),)),))
REPLY = Reply(
    question="Is it calm?",
    outcome=ReplyOutcome.ANSWER,
    # The part that was found may be any of them.
    answer=(make_hit(text=COUNT, parts=PARTS),),
    searched=Searched(articles=7),
)
POST = Post(
    key=PostKey(kind=PostKind.STORY, destination=PAGE, subject=("a1",)),
    brief=BRIEF,
    desired=1,
    created=NOW,
)


@pytest.mark.parametrize(
    "shown",
    [
        brief_text(BRIEF).plain,
        reply_text(REPLY).plain,
        json.dumps(brief_message(BRIEF)["blocks"], ensure_ascii=False),
        brief_message(BRIEF)["text"],
        json.dumps(spoken_message(REPLY)["blocks"], ensure_ascii=False),
        spoken_message(REPLY)["text"],
        json.dumps(brief_card(BRIEF), ensure_ascii=False),
        json.dumps(spoken_card(REPLY)["body"], ensure_ascii=False),
        spoken_line(REPLY),
        unescape(page((POST,), made=NOW)),
        unescape(atom_feed((POST,), base="https://brief.example")),
    ],
    ids=[
        "text",
        "reply text",
        "Slack",
        "Slack line",
        "Slack reply",
        "Slack reply line",
        "card",
        "reply card",
        "reply card line",
        "page",
        "Atom",
    ],
)
def test_parts_stand_in_marks_of_their_own_with_one_speaker(shown):
    assert SHOWN in shown
    after = shown[shown.rindex(SHOWN) + len(SHOWN) :]
    assert len(re.findall("Mark Rutte", after)) <= 1


def test_uttered_cuts_the_whole_and_says_so_outside_the_marks():
    said = make_quote(text=CALM, parts=PARTS)
    assert uttered(said, most=30) == "“The border is calm” … “but do” […]"
    assert uttered(said, most=len(CALM)) == "“The border is calm” […]"
    assert uttered(said, most=10) == "“The borde” […]"


def test_uttered_leaves_what_stands_alone_as_it_was():
    assert uttered(make_quote(text=CALM)) == "“The border is calm”"
    told = make_quote(text="the border is calm", kind=QuoteKind.INDIRECT)
    assert uttered(told) == "the border is calm"
