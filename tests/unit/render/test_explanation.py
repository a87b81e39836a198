"""``why`` as a person reads it."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.channels import CONSOLE, Destination
from bot.domain.explanations import Explanation
from bot.domain.feeds import FeedState
from bot.domain.parked import Parked
from bot.domain.posts import Post, PostKey, PostKind, PostStatus
from bot.domain.quotes import Span
from bot.domain.stories import Action, Decision, Reason
from bot.domain.watch import Evidence, Match, ScorePart
from bot.render.explanation import explanation_text
from bot.render.facts import facts
from tests.builders import NOW, make_brief, make_record

URL = "https://wire.example/a1"


def test_an_unknown_address_is_said_to_be_unknown():
    shown = explanation_text(Explanation(url=URL, article_id="a1")).plain
    assert URL in shown
    assert "Never seen" in shown


def test_a_post_that_waits_says_for_what_and_since_when():
    desk = Destination.parse("slack:#nato-desk")
    key = PostKey(kind=PostKind.STORY, destination=desk, subject=("a1",))
    post = Post(key=key, brief=make_brief(), created=NOW, problem="is_archived")
    parked = Parked(where=desk, since=NOW, problem="is_archived", next_try=NOW, waiting=1)
    found = Explanation(
        url=URL, article_id="a1", record=make_record(), posts=(post,), parked=(parked,)
    )
    said = "ready, revision 0 of 1, parked: is_archived since Fri 4 Apr 2025, 12:00 UTC"
    assert f"slack:#nato-desk: {said}" in " ".join(explanation_text(found).plain.split())
    assert ("Post", f"slack:#nato-desk: {said}") in facts(found)
    shown = replace(found, posts=(replace(post, status=PostStatus.SENT, sent=1, problem=None),))
    assert "parked" not in explanation_text(shown).plain


def test_every_step_of_a_known_article_is_told():
    match = Match(
        topic="NATO spending",
        score=6,
        parts=(ScorePart(rule="defence spending", points=6),),
        evidence=(
            Evidence(
                rule="defence spending",
                field="title",
                span=Span(start=23, end=39),
                text="defence spending",
                path="any 1",
                line=12,
            ),
        ),
    )
    decided = Decision(
        article_id="a1",
        revision=1,
        story_id="a1",
        destination=CONSOLE,
        action=Action.ALERT,
        reason=Reason.FIRST_REPORT,
        topic="NATO spending",
        score=6,
        at=NOW,
    )
    post = Post(
        key=PostKey(kind=PostKind.STORY, destination=CONSOLE, subject=("a1",)),
        brief=make_brief(),
        status=PostStatus.SENT,
        sent=1,
        created=NOW,
        sent_at=NOW,
    )
    shown = explanation_text(
        Explanation(
            url=URL,
            article_id="a1",
            record=make_record(matches=(match,)),
            feed=FeedState(problem="HTTP 500"),
            decisions=(decided,),
            posts=(post,),
        )
    ).plain
    for words in (
        "NATO chief urges more defence spending",
        "failing now: HTTP 500",
        "NATO spending, score 6",
        "any 1, line 12: “defence spending” in the title",
        "console: posted at once, first report of a story",
        ": sent, revision 1 of 1, Fri 4 Apr 2025, 12:00 UTC",
    ):
        assert words in shown


def test_an_article_that_matched_nothing_says_so():
    nothing = Decision(
        article_id="a1",
        revision=1,
        story_id="a1",
        action=Action.NONE,
        reason=Reason.NOT_WATCHED,
        at=NOW,
    )
    found = Explanation(url=URL, article_id="a1", record=make_record(), decisions=(nothing,))
    shown = explanation_text(found).plain
    assert "no topic" in shown
    assert "sent nowhere, it touches no topic" in shown
