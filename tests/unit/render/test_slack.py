"""Briefs and spoken values as Block Kit: what is shown, and that Slack takes it, whatever comes."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.answers import Reply, ReplyOutcome, Searched
from bot.domain.conversation import Example, Help, Latest, Verb
from bot.domain.explanations import Explanation
from bot.domain.posts import BriefKind, Coverage
from bot.domain.quotes import QuoteKind
from bot.render.escape import slack, slack_link
from bot.render.slack import (
    brief_message,
    plain_brief,
    plain_message,
    problems,
    sendable,
    spoken_message,
)
from bot.render.teams import brief_line
from tests.builders import NOW, make_brief, make_hit, make_item, make_quote, make_record

HOSTILE = (
    "<!channel> <@U123> <https://evil.example|click> @here @channel *bold* _it_ ~s~ `c` ```x```"
    " :boom: &lt;!here&gt; > quote | pipe \x1b[31m \u202e"
)


def parts_of(value):
    """Every object inside a payload."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from parts_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from parts_of(inner)


def read(payload):
    """What a reader sees, in order."""
    return "".join(part["text"] for part in parts_of(payload["blocks"]) if is_text(part))


def is_text(part):
    return isinstance(part.get("text"), str) and part.get("type") != "button"


def markup_of(payload):
    """Every mrkdwn string that Slack would interpret."""
    found = [part["text"] for part in parts_of(payload["blocks"]) if part.get("type") == "mrkdwn"]
    return [*found, payload["text"]]


def make_reply(**changes):
    values = {
        "question": "What did Rutte say about Article 5?",
        "outcome": ReplyOutcome.ANSWER,
        "answer": (make_hit(),),
        "searched": Searched(articles=412),
    }
    return Reply(**{**values, **changes})


# What is shown.


def test_alert_says_what_who_where_and_why():
    shown = read(brief_message(make_brief()))
    assert "*Alert* · NATO spending" in shown
    assert "“need to engage as well”\nMark Rutte, NATO Secretary General · Wire" in shown
    assert '*Why* NATO spending: "defence spending" in the title' in shown


def test_alert_title_links_and_text_tells_screen_readers():
    message = brief_message(make_brief())
    links = [part for part in parts_of(message["blocks"]) if part.get("type") == "link"]
    assert links[0]["url"] == "https://wire.example/a1"
    assert message["text"] == (
        "Alert: NATO chief urges more defence spending — “need to engage as well”"
        " Mark Rutte, NATO Secretary General — Wire"
    )


def test_times_are_in_the_readers_zone_with_utc_to_fall_back_on():
    assert "<!date^1743768000^{date_short_pretty} {time}|Fri 4 Apr 2025, 12:00 UTC>" in read(
        brief_message(make_brief())
    )


def test_update_says_what_changed():
    item = make_item(changes=("Headline corrected 18:40 UTC",))
    shown = read(brief_message(make_brief(items=(item,))))
    assert "*Updated alert*" in shown
    assert "✎ Headline corrected 18:40 UTC" in shown


def test_reported_speech_and_unknown_speakers_say_so():
    said = make_quote(kind=QuoteKind.INDIRECT, text="he wants more", speaker=None, role=None)
    shown = read(brief_message(make_brief(items=(make_item(quotes=(said,)),))))
    assert "he wants more\nReported: Speaker not named here" in shown


def test_copies_are_named_as_the_same_report():
    copy = Coverage(outlet="Post", url="https://p.example/1", title="T", published=NOW, copy=True)
    item = make_item(coverage=(*make_item().coverage, copy))
    shown = read(brief_message(make_brief(items=(item,))))
    assert "2 outlets, 1 origin\nAlso in <https://p.example/1|Post> (same report)" in shown


def test_a_digest_too_long_for_one_message_says_how_many_more_there_are():
    brief = make_brief(kind=BriefKind.DIGEST, headline="Morning", items=(make_item(),) * 60)
    message = brief_message(brief)
    assert problems(message) == ()
    assert re.search(r"and (\d+) more\Z", read(message))
    assert "60 stories" in read(message)


@pytest.mark.parametrize(
    ("kind", "headline", "line"),
    [
        (BriefKind.DIGEST, "Digest, Friday 4 April 2025", "Digest, Friday 4 April 2025 — "),
        (BriefKind.DIGEST, "Catching up, Friday", "Digest: Catching up, Friday — "),
        (BriefKind.ALERT, "Alert level raised", "Alert: Alert level raised — "),
    ],
)
def test_a_notification_says_once_what_it_is(kind, headline, line):
    brief = make_brief(kind=kind, headline=headline)
    assert brief_message(brief)["text"].startswith(line)
    assert brief_line(brief).startswith(line)


def test_a_digest_lists_what_was_alerted_already():
    brief = make_brief(kind=BriefKind.DIGEST, headline="Morning", also=(make_item(),))
    shown = read(brief_message(brief))
    assert shown.endswith("Already alerted hereNATO chief urges more defence spending · Wire")


def test_notice_and_answer_lead_with_their_headline():
    notice = make_brief(kind=BriefKind.NOTICE, headline="Feed is dead", items=(), notes=("Fix it",))
    assert read(brief_message(notice)).endswith("Feed is deadFix it")
    answer = make_brief(kind=BriefKind.ANSWER, headline="Who?", notes=("Shared by Ann",))
    assert "Who?Shared by Ann" in read(brief_message(answer))


def test_a_quote_too_long_is_cut_outside_its_marks():
    text = "need to engage as well " * 60
    shown = read(brief_message(make_brief(items=(make_item(quotes=(make_quote(text=text),)),))))
    (inside,) = re.findall(r"“(.*)” \[…\]", shown)
    assert text.startswith(inside)


def test_reply_is_cited_and_can_be_shared():
    message = spoken_message(make_reply(), share="token")
    assert "“need to engage as well”\nMark Rutte, NATO Secretary General · Wire · " in read(message)
    assert "Word for word, from 412 articles" in read(message)
    (button,) = [part for part in parts_of(message["blocks"]) if part.get("type") == "button"]
    assert (button["value"], button["text"]["text"]) == ("token", "Share to channel")


def test_reply_that_found_nothing_says_where_it_looked_and_cannot_be_shared():
    reply = make_reply(outcome=ReplyOutcome.NOTHING, answer=())
    message = spoken_message(reply, share="token")
    assert "Nothing found in 412 articles." in read(message)
    assert [b["type"] for b in message["blocks"]] == ["rich_text"]


def test_near_miss_says_that_it_is_none():
    shown = read(spoken_message(make_reply(outcome=ReplyOutcome.NEAR_MISS)))
    assert "No direct answer in 412 articles. This comes nearest:" in shown


def test_help_shows_lines_to_type_and_what_was_meant():
    found = Help(
        examples=(Example(line="latest", does="the newest stories"),),
        topics=("NATO spending",),
        typed="latset",
        nearest=Verb.LATEST,
    )
    shown = read(spoken_message(found, prefix="/nato-brief"))
    assert shown.startswith("“latset” is no command. Did you mean “latest”?")
    assert "/nato-brief latest  the newest stories" in shown
    assert shown.endswith("*Topics* NATO spending")
    lone = read(spoken_message(replace(found, typed="latest")))
    assert lone.startswith("“latest” needs something after it.")


def test_latest_lists_stories_or_says_that_there_are_none():
    shown = read(spoken_message(Latest(topic="NATO spending", items=(make_item(),))))
    assert shown.startswith("Latest on NATO spending\nNATO chief urges more defence spending")
    assert read(spoken_message(Latest())) == "Nothing was posted yet."


def test_explanation_shows_facts_in_rows():
    known = Explanation(url="https://wire.example/a1", article_id="a1", record=make_record())
    assert "Outlet: Wire (tier 2)" in read(spoken_message(known))
    unknown = Explanation(url="https://wire.example/none", article_id="none")
    assert "Never seen" in read(spoken_message(unknown))


def test_an_address_asked_about_is_shown_without_its_secrets():
    asked = "https://ann:pw5@wire.example/feed?token=abc77"
    said = json.dumps(spoken_message(Explanation(url=asked, article_id="none")))
    assert "https://wire.example/feed?token=***" in said
    assert "pw5" not in said
    assert "abc77" not in said


# Escaping.


def test_slack_leaves_no_markup_in_force():
    shown = slack(HOSTILE)
    assert not set("*~`<>") & set(shown)
    assert re.search(r"@(here|channel)", shown) is None
    assert re.search(r"(?<!\w)_|_(?!\w)", shown) is None
    assert re.search(r":\w+:", shown) is None
    assert slack("snake_case & more") == "snake_case &amp; more"


@pytest.mark.parametrize(
    ("url", "text", "expected"),
    [
        ("https://a.example/?b=1&c=2", "A & B", "<https://a.example/?b=1&amp;c=2|A &amp; B>"),
        ("https://a.example/x|y>z", "a|b>c", "<https://a.example/x%7Cy%3Ez|a b c>"),
        ("javascript:alert(1)", "click", "click"),
    ],
)
def test_slack_link_cannot_be_broken_out_of(url, text, expected):
    assert slack_link(url, text) == expected


def test_hostile_text_stands_literally_in_rich_text_and_inert_in_mrkdwn():
    item = make_item(title=HOSTILE, lead=HOSTILE, outlet=HOSTILE, why=(HOSTILE,), topics=(HOSTILE,))
    for markup in markup_of(brief_message(make_brief(headline=HOSTILE, items=(item,)))):
        assert inert(markup)


def inert(markup):
    """Whether the only markup in force is ours: dates, links to http and two bold labels."""
    ours = re.sub(r"<!date\^\d+\^\{date_short_pretty\} \{time\}\|[^<>|]*>", "", markup)
    ours = re.sub(r"<https?://[^<>|]*\|[^<>|]*>", "", ours)
    ours = re.sub(
        r"^\*(?:Alert|Updated alert|Digest|Notice|Answer|Why|Topics)\*", "", ours, flags=re.M
    )
    return not set("<>*~`") & set(ours) and not re.search(r"@(here|channel|everyone)\b", ours)


# Limits.


def test_the_gate_finds_what_slack_refuses():
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x"}}
    button = {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "b"}}
    actions = {"type": "actions", "elements": [button]}
    wrong = {
        "no text": {"blocks": [section]},
        "over 4000": {"text": "x" * 4001},
        "over 50": {"text": "x", "blocks": [section] * 51},
        "not known": {"text": "x", "blocks": [{"type": "hologram"}]},
        "3000": {
            "text": "x",
            "blocks": [{**section, "text": {"type": "mrkdwn", "text": "x" * 3001}}],
        },
        "a field": {
            "text": "x",
            "blocks": [{"type": "section", "fields": [{"type": "mrkdwn", "text": "x" * 2001}]}],
        },
        "150": {
            "text": "x",
            "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}],
        },
        "elements": {
            "text": "x",
            "blocks": [{"type": "context", "elements": [section["text"]] * 11}],
        },
        "empty": {
            "text": "x",
            "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": ""}}],
        },
        "action_id": {"text": "x", "blocks": [actions, actions]},
        "block_id": {"text": "x", "blocks": [{**section, "block_id": "b"}] * 2},
        "one table": {"text": "x", "blocks": [{"type": "table", "rows": []}] * 2},
        "characters in blocks": {
            "text": "x",
            "blocks": [{**section, "text": {"type": "mrkdwn", "text": "x" * 2900}}] * 5,
        },
    }
    for expected, payload in wrong.items():
        assert any(expected in found for found in problems(payload)), (expected, problems(payload))
        assert not sendable(payload)


texts = st.one_of(
    st.text(max_size=30),
    st.sampled_from([HOSTILE, "", " ", "&" * 5000, "x" * 5000, "a b " * 2000, ":a:" * 900]),
)
urls = st.sampled_from(
    ["https://w.example/1", "javascript:x", "", f"https://w.example/{'&' * 4000}", "https://[::1"]
)
quotes = st.builds(
    make_quote, text=texts, speaker=texts | st.none(), role=texts, outlet=texts, url=urls
)
coverage = st.builds(lambda o, u: Coverage(outlet=o, url=u, title="", published=NOW), texts, urls)
items = st.builds(
    make_item,
    title=texts,
    url=urls,
    outlet=texts,
    lead=texts,
    topics=st.lists(texts, max_size=9).map(tuple),
    quotes=st.lists(quotes, max_size=9).map(tuple),
    coverage=st.lists(coverage, max_size=12).map(tuple),
    why=st.lists(texts, max_size=9).map(tuple),
    changes=st.lists(texts, max_size=5).map(tuple),
)
briefs = st.builds(
    make_brief,
    kind=st.sampled_from(BriefKind),
    headline=texts,
    items=st.lists(items, max_size=4).map(lambda some: tuple(some) * 9) | st.tuples(items),
    also=st.lists(items, max_size=2).map(lambda some: tuple(some) * 15),
    notes=st.lists(texts, max_size=12).map(tuple),
)


@given(brief=briefs)
@settings(max_examples=20, deadline=None)
def test_every_brief_is_sendable_and_inert(brief):
    for message in (brief_message(brief), plain_brief(brief)):
        assert problems(message) == ()
        assert all(map(inert, markup_of(message)))
        json.dumps(message)


@given(brief=st.builds(make_brief, kind=st.sampled_from(BriefKind), items=st.tuples(items)))
@settings(max_examples=15, deadline=None)
def test_a_single_item_is_always_shown(brief):
    assert "and 1 more" not in read(brief_message(brief))


hits = st.builds(
    make_hit,
    text=texts,
    speaker=texts | st.none(),
    role=texts | st.none(),
    outlet=texts,
    url=urls,
    is_quote=st.booleans(),
)
replies = st.builds(
    make_reply,
    question=texts,
    outcome=st.sampled_from(ReplyOutcome),
    answer=st.lists(hits, max_size=10).map(tuple),
)
helps = st.builds(
    Help,
    examples=st.lists(st.builds(Example, line=texts, does=texts), max_size=3).map(tuple),
    topics=st.lists(texts, max_size=30).map(tuple),
    typed=texts,
    nearest=st.none() | st.sampled_from(Verb),
)
explanations = st.builds(
    lambda url, title: Explanation(
        url=url, article_id="a", record=make_record(title=title, outlet=title)
    ),
    urls,
    texts,
)
latest = st.builds(Latest, topic=texts | st.none(), items=st.lists(items, max_size=5).map(tuple))


@given(spoken=st.one_of(replies, helps, explanations, latest))
@settings(max_examples=25, deadline=None)
def test_everything_spoken_is_sendable_and_inert(spoken):
    message = spoken_message(spoken, share="x" * 2000, prefix="/nato-brief")
    assert problems(message) == ()
    assert all(map(inert, markup_of(message)))


@given(text=texts)
@settings(max_examples=20)
def test_plain_message_is_always_sendable(text):
    assert problems(plain_message(text)) == ()
