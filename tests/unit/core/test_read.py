"""read makes an article of an entry, every offset into the article's own text."""

from __future__ import annotations

import pickle

import pytest

from bot.core.articles.given import WHOLE_TEXT, needs_page
from bot.core.articles.read import ReadingRules, read
from bot.domain.news import TextState
from bot.domain.watch import Phrase, Topic, Watchlists
from tests.builders import make_entry

TOPIC = Topic(name="Ships", any=(Phrase(text="frigate*"),))
RULES = ReadingRules(version="v1", watchlists=Watchlists(topics=(TOPIC,), version="w1"))
SAID = "“Two frigates left at dawn,” said Ann Holm, the harbour master."
LONG = "\n\n".join([SAID, *(f"Paragraph {n} tells more about the harbour." for n in range(40))])
PAGE = (
    "<html><body><nav>Home</nav><article><h1>Frigates leave</h1>"
    + "".join(f"<p>{paragraph}</p>" for paragraph in LONG.split("\n\n"))
    + "</article></body></html>"
).encode()


def test_read_takes_a_long_text_of_the_feed_as_it_is():
    entry = make_entry(text=LONG)
    assert not needs_page(entry)
    article = read(entry, None, RULES)
    assert (article.text, article.state) == (LONG, TextState.FULL)


def test_read_takes_the_page_where_the_feed_gave_little():
    entry = make_entry(summary="Frigates left.")
    assert needs_page(entry)
    article = read(entry, PAGE, RULES)
    assert article.state is TextState.FULL
    assert SAID in article.text
    assert "Home" not in article.text


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"summary": "Frigates left."}, ("Frigates left.", TextState.SUMMARY)),
        ({"text": SAID, "summary": "Left."}, (SAID, TextState.SUMMARY)),
        ({}, ("", TextState.HEADLINE)),
    ],
    ids=["summary", "short text", "headline"],
)
def test_read_says_how_much_it_had_without_a_page(changes, expected):
    article = read(make_entry(**changes), None, RULES)
    assert (article.text, article.state) == expected


def test_read_takes_a_page_without_an_article_for_nothing():
    article = read(make_entry(summary="Frigates left."), b"<html><p>403</p></html>", RULES)
    assert (article.text, article.state) == ("Frigates left.", TextState.SUMMARY)


def test_read_finds_quotes_and_matches_in_the_text():
    article = read(make_entry(text=LONG, title="Harbour"), None, RULES)
    (quote,) = article.quotes
    assert quote.span.of(article.text) == quote.text
    assert quote.shown_speaker == "Ann Holm"
    (match,) = article.matches
    assert match.evidence[0].span.of(article.text) == "frigates"
    assert article.watchlist_version == "w1"


def test_an_entry_without_a_web_address_has_no_page():
    assert not needs_page(make_entry(url="urn:uuid:1"))


def test_reading_rules_are_the_same_when_their_version_is():
    other = ReadingRules(version="v1", watchlists=Watchlists())
    assert other == RULES
    assert len(SAID) < WHOLE_TEXT


@pytest.mark.parametrize(
    ("declared", "said", "language"),
    [(None, None, "en"), (None, "fr", "en"), ("fr", "en", "fr"), (None, "en", "en")],
)
def test_read_believes_the_configuration_then_a_long_text_then_the_document(
    declared, said, language
):
    story = "The crew had asked for a date in March, when the ice has usually gone from the bay. "
    entry = make_entry(text=20 * story, language=declared, said_language=said)
    assert read(entry, None, RULES).language == language


def test_read_believes_the_document_about_a_headline():
    entry = make_entry(title="Hafen bleibt zu", language=None, said_language="de")
    assert read(entry, None, RULES).language == "de"
    entry = make_entry(title="Порт зачинено", language=None, said_language="en")
    assert read(entry, None, RULES).language is None


def test_rules_that_go_to_a_worker_again_are_unpacked_once():
    there = [pickle.loads(pickle.dumps(RULES)) for _ in range(2)]
    assert there[0] is there[1]
    assert (there[0], there[0].watchlists) == (RULES, RULES.watchlists)
