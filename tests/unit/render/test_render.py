"""Briefs and replies on the terminal, the page and in the Atom feed."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import timedelta
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.feeds.parse import parse
from bot.domain.answers import Reply, ReplyOutcome, Searched
from bot.domain.channels import PAGE
from bot.domain.posts import Brief, BriefKind, Coverage, Post, PostKey, PostKind
from bot.domain.quotes import QuoteKind
from bot.render.atom import atom_feed
from bot.render.escape import link, plain
from bot.render.html import page
from bot.render.metrics import gauge, gauges, metrics_text
from bot.render.text import brief_text, reply_text
from tests.builders import NOW, make_brief, make_hit, make_item, make_quote
from tests.hostile import TITLE

HOSTILE = "<script>alert(1)</script> <!channel> *bold* \x1b[31mred\x1b[0m \u202egnirts \"'&"


def make_post(brief: Brief, **changes) -> Post:
    key = PostKey(kind=PostKind.STORY, destination=PAGE, subject=("a1",))
    return Post(**{"key": key, "brief": brief, "created": NOW, "handle": "/posts/a1", **changes})


class Tags(HTMLParser):
    """Collects what a browser would see as elements and links."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: set[str] = set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.links.update(value or "" for name, value in attrs if name in {"href", "src"})


def tags_of(document: str) -> Tags:
    parser = Tags()
    parser.feed(document)
    return parser


def test_alert_text_leads_with_what_and_says_who_where_and_why():
    shown = brief_text(make_brief()).plain
    assert "ALERT" in shown.splitlines()[0]
    assert "“need to engage as well”" in shown
    assert "Mark Rutte, NATO Secretary General · Wire" in shown
    assert "https://wire.example/a1" in shown
    assert 'Why: NATO spending: "defence spending" in the title' in shown


def test_alert_text_names_the_destination_it_stands_in_for():
    assert "→ slack:#desk" in brief_text(make_brief(), to="slack:#desk").plain


def test_wire_copies_are_named_as_the_same_report():
    copy = Coverage(
        outlet="Post", url="https://post.example/1", title="T", published=NOW, copy=True
    )
    item = make_item(coverage=(*make_item().coverage, copy))
    shown = brief_text(make_brief(items=(item,))).plain
    assert "2 outlets, 1 origin" in shown
    assert "Also: Post (same report)" in shown


def test_quote_without_a_sure_name_says_so():
    item = make_item(quotes=(make_quote(speaker=None, role=None),))
    assert "Speaker not named here" in brief_text(make_brief(items=(item,))).plain


def test_reported_speech_stands_without_quotation_marks():
    item = make_item(quotes=(make_quote(kind=QuoteKind.INDIRECT, text="he wants more"),))
    shown = brief_text(make_brief(items=(item,))).plain
    assert "“he wants more”" not in shown
    assert "Reported: Mark Rutte" in shown


def test_digest_numbers_its_stories_and_lists_what_was_alerted():
    brief = make_brief(
        kind=BriefKind.DIGEST, headline="Digest of 4 April", also=(make_item(title="Known"),)
    )
    shown = brief_text(brief).plain
    assert "1. NATO chief urges" in shown
    assert "Already alerted here" in shown
    assert "· Known" in shown


def test_empty_reply_says_what_was_searched():
    reply = Reply(
        question="what did X say?",
        outcome=ReplyOutcome.NOTHING,
        searched=Searched(articles=1412, since=NOW),
    )
    assert "Nothing found in 1,412 articles since 4 Apr 2025." in reply_text(reply).plain


def test_page_of_nothing_says_so():
    assert "Nothing has been posted yet" in page([], made=NOW)


def test_page_shows_a_reply_with_its_source():
    reply = Reply(
        question="what did Rutte say?",
        outcome=ReplyOutcome.ANSWER,
        answer=(make_hit(),),
        searched=Searched(articles=3),
    )
    shown = page([], made=NOW, replies=[reply])
    assert "“need to engage as well”" in shown
    assert 'href="https://wire.example/a1"' in shown


def test_corrected_headline_is_marked_as_an_update():
    item = make_item(changes=("Headline corrected 18:40 UTC",))
    assert "UPDATED ALERT" in brief_text(make_brief(items=(item,))).plain
    assert "Headline corrected" in page([make_post(make_brief(items=(item,)))], made=NOW)


def test_atom_feed_is_well_formed_and_dated():
    sent = NOW + timedelta(minutes=1)
    document = atom_feed([make_post(make_brief(), sent_at=sent)], base="http://127.0.0.1:8080")
    root = ET.fromstring(document)
    names = {"a": "http://www.w3.org/2005/Atom"}
    assert root.findtext("a:updated", namespaces=names) == "2025-04-04T12:01:00Z"
    assert root.findtext("a:entry/a:id", namespaces=names) == "http://127.0.0.1:8080/posts/a1"


def test_metrics_say_what_they_are_and_hold_any_label():
    shown = metrics_text(
        (
            gauge("feeds", "Feeds that were polled", 1_234_567),
            gauges("lag", "Entries behind", "feed", {'The "Wire"\n\\': 2.5}),
            gauges("empty", "Nothing yet", "feed", {}),
        )
    )
    assert shown == (
        "# HELP nato_brief_feeds Feeds that were polled\n"
        "# TYPE nato_brief_feeds gauge\n"
        "nato_brief_feeds 1234567\n"
        "# HELP nato_brief_lag Entries behind\n"
        "# TYPE nato_brief_lag gauge\n"
        'nato_brief_lag{feed="The \\"Wire\\"\\n\\\\"} 2.5\n'
        "# HELP nato_brief_empty Nothing yet\n"
        "# TYPE nato_brief_empty gauge\n"
    )


def test_links_lead_to_the_web_only():
    assert link("https://wire.example/a?b=1") == "https://wire.example/a?b=1"
    for bad in ("javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "", "https://"):
        assert link(bad) is None


@settings(max_examples=30)
@given(st.text(max_size=60).map(lambda text: text + HOSTILE))
def test_no_text_becomes_markup_or_moves_the_cursor(text):
    item = make_item(
        title=text,
        lead=text,
        outlet=text,
        url=text,
        why=(text,),
        changes=(text,),
        quotes=(make_quote(text=text, speaker=text, role=text, outlet=text),),
    )
    brief = make_brief(headline=text, items=(item,), notes=(text,), also=(item,))
    seen = tags_of(page([make_post(brief)], made=NOW, replies=()))
    assert "script" not in seen.tags
    assert all(re.match(r"https?://|/", target) for target in seen.links)
    shown = brief_text(brief, to=text).plain
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    ET.fromstring(atom_feed([make_post(brief)], base="http://127.0.0.1:1"))


@given(st.text() | st.text("0 \r\x1b\u202e"))
def test_plain_twice_is_plain_once(text):
    assert plain(plain(text)) == plain(text)


def test_the_hostile_headline_of_a_feed_is_text_on_the_page_and_the_terminal():
    feed = f'<rss version="2.0"><channel><title>Post</title><item>{TITLE}</item></channel></rss>'
    (entry,) = parse(feed.encode()).entries
    brief = make_brief(headline=entry.title, items=(make_item(title=entry.title),))
    document = page([make_post(brief)], made=NOW)
    assert "&lt;@U04ACME00&gt;" in document
    assert not tags_of(document).tags & {"script", "u04acme00"}
    assert not any("click.invalid" in link for link in tags_of(document).links)
    assert "<@U04ACME00>" in brief_text(brief).plain
