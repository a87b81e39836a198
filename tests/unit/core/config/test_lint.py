"""Warnings: rules that are right and probably do not say what was meant."""

from __future__ import annotations

import pytest

from bot.core.config import load, warnings_of, watchlists_of
from bot.core.matching import common_terms, compile_topics
from bot.core.text.prose import Prose
from bot.domain.watch import Phrase

HEAD = "format: 1\ntopics:\n  A:\n"


def only_warning(text: str) -> tuple[str, str]:
    content = f"{HEAD}{text}\n".encode()
    watchlists_of({"a.yaml": content})
    (warning,) = warnings_of({"a.yaml": content})
    assert warning.warning
    assert str(warning).startswith(f"a.yaml:{warning.line}:{warning.column}: warning: ")
    return f"{warning.line}:{warning.column}", warning.message


@pytest.mark.parametrize(
    ("text", "place", "part"),
    [
        ("    any: [US]", "4:11", "`exact: US`"),
        ("    any: [who]", "4:11", "`exact: WHO`"),
        ("    any: [AID]", "4:11", "help of every kind"),
        ("    any: [Turkey]", "4:11", "the bird"),
        ("    any: [{any: [NATO, Georgia]}]", "4:24", "`near` with another word"),
        ("    any: [{place: Jordan}]", "4:19", "personal name"),
        ("    any: [{query: a}]\n    at least: {times: 2, of: Chad}", "5:30", "personal name"),
        ("    any: [peace deal, truce]\n    none: [peace]", "4:11", "it holds `peace`"),
        ("    any: [Gaza truce]\n    none: [Gaza*]", "4:11", "`none` of topic `A`"),
        ("    any: [{near: [army budget], not near: [army]}]", "4:19", "`not near` of the same"),
        ("    any: [{near: [a, b], within: 16 words}]", "4:34", "at most 15 words"),
        ("    any: [{title: {lead: a}}]", "4:20", "nothing is both"),
        ("    any: [{title: [a, {heading: b}]}]", "4:24", "nothing is both"),
        ("    any: ['NATO , Russia']", "4:11", "no text has a blank"),
        ("    any: [AT&amp;T]", "4:11", "no text has"),
    ],
)
def test_warning_tells_what_is_probably_not_meant(text, place, part):
    at, message = only_warning(text)
    assert (place, True) == (at, part in message), message


@pytest.mark.parametrize(
    "text",
    [
        "    any: [exact: US, aid, exact: Turkey]",
        "    any: [{near: [Turkey, NATO]}]",
        "    any: [Gaza]\n    none: [{title: Gaza}]",
        "    any: [peace]\n    none: [peace deal]",
        "    any: [{near: [a, b], within: 15 words}, {lead: {heading: c}}]",
        "    any: [{near: [truce], not near: [peace]}]",
        "    any: ['5 %', 'U.S.', '$5', 'D-Day']",
        "    any: [{regex: '\\d ,', needs: [a]}, {query: a AND (b OR c)}]",
    ],
)
def test_rule_that_means_what_it_says_gets_no_warning(text):
    assert warnings_of({"a.yaml": f"{HEAD}{text}\n".encode()}) == ()


def test_term_of_a_shared_list_is_told_where_it_is_used():
    files = {
        "lists.yaml": b"format: 1\nlists: {places: [Turkey, Norway]}\n",
        "z.yaml": f"{HEAD}    any: [{{list: places}}]\n".encode(),
    }
    (warning,) = warnings_of(files)
    assert (warning.file, warning.line, warning.column) == ("z.yaml", 4, 18)


def test_warning_does_not_stop_a_file():
    files = {"feeds.yaml": b"format: 1\nfeeds: [{url: 'https://a.example'}]\n"}
    files["watchlists/a.yaml"] = f"{HEAD}    any: [US]\n".encode()
    assert len(load(files).watchlists.topics) == len(warnings_of(files)) == 1


def test_term_of_too_many_articles_is_told():
    text = f"{HEAD}    any:\n      - NATO\n      - any: [said]\n      - near: [said, that]\n"
    watchlists = watchlists_of({"a.yaml": text.encode()})
    compiled = compile_topics(watchlists)
    articles = ["He said no.", "They SAID that.", "NATO met.", *["Rain."] * 30]
    counts: dict[Phrase, int] = {}
    for article in articles:
        docs = Prose(""), Prose(article)
        for phrase in compiled.phrases_in(*docs):
            counts[phrase] = counts.get(phrase, 0) + 1
    assert {phrase.text: count for phrase, count in counts.items()} == {
        "said": 2,
        "that": 1,
        "NATO": 1,
    }
    (warning,) = common_terms(watchlists, counts, articles=len(articles))
    assert "a.yaml:6:1: warning: `said` of topic `A` stands in 6 % of 33 articles" in str(warning)
    assert common_terms(watchlists, counts, articles=len(articles), share=0.07) == ()
    assert common_terms(watchlists, {}, articles=0) == ()


def test_warning_of_an_address_that_is_its_own_password_and_of_a_login_in_clear():
    content = (
        b"format: 1\nfeeds:\n"
        b"  - url: https://a.example/rss?page=2&token=s3cret\n"
        b"  - {url: http://b.example/rss, auth: 'env:B'}\n"
        b"  - {url: https://c.example/rss?channel_id=UC16niRr50MSBwiO3, auth: 'env:C'}\n"
    )
    assert [feed.auth for feed in load({"feeds.yaml": content}).feeds] == [None, "B", "C"]
    secret, clear = warnings_of({"feeds.yaml": content})
    assert str(secret).startswith("feeds.yaml:3:10: warning: `token` in this address looks like")
    assert "s3cret" not in str(secret)
    assert str(clear) == (
        "feeds.yaml:4:11: warning: its login goes over http unencrypted: write https"
    )
