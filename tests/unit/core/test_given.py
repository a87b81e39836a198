"""What the feed gave of an article, and when its page is worth a request."""

from __future__ import annotations

import pytest

from bot.core.articles.given import given_text, is_whole, needs_page
from bot.core.articles.page import is_about
from bot.core.feeds.identity import article_id
from tests.builders import make_entry

LONG = "\n\n".join(f"Paragraph {n} tells more about the harbour and its ships." for n in range(30))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (LONG, True),
        (LONG[:500], False),
        (LONG + "\n\nThe rest is …", False),
        (LONG + " [...]", False),
        (LONG + "\n\nRead more", False),
        (LONG + "\n\nContinue reading »", False),
        (LONG + "\n\nRead the full story at Coast News", False),
        (LONG + '\n\n"I like to read more," he said. He left.', True),
    ],
)
def test_a_text_is_whole_when_it_is_long_and_not_cut(text, expected):
    assert is_whole(text) is expected


def test_the_given_text_is_the_longest_without_the_footer_of_a_blog():
    footer = "\n\nThe post Ferry waits appeared first on Coast."
    assert given_text(make_entry(text=LONG + footer, summary="Short.")) == LONG
    assert given_text(make_entry(text="Teaser", summary=LONG)) == LONG


@pytest.mark.parametrize(
    "url",
    [
        "",
        "urn:uuid:1",
        "ftp://wire.example/a",
        "https://wire.example",
        "https://wire.example/",
        "https://wire.example/index.html",
        "https://wire.example/en/",
        "https://news.google.com/rss/articles/CBMi0wFBVV95cUxN",
        "https://[::1",
    ],
)
def test_an_address_that_is_no_page_of_its_own_is_never_fetched(url):
    assert not needs_page(make_entry(url=url))


def test_an_address_that_entries_share_is_never_fetched():
    shared = article_id("", title="Ferry waits", outlet="Wire")
    entry = make_entry(url="https://wire.example/live", title="Ferry waits", article_id=shared)
    assert not needs_page(entry)


@pytest.mark.parametrize(
    "url", ["https://wire.example/?p=5", "https://wire.example/news", "http://wire.example/a/b"]
)
def test_an_entry_with_little_text_needs_its_page(url):
    assert needs_page(make_entry(url=url, summary="Short."))
    assert not needs_page(make_entry(url=url, text=LONG))


def test_a_notice_is_not_about_the_article():
    announced = {"title": "Ferry waits for spring in the eastern channel", "summary": ""}
    assert is_about("The ferry still waits, the eastern channel is frozen.", **announced)
    assert not is_about("We value your privacy. Accept all cookies to go on.", **announced)
    assert is_about("Anything.", title="Ferry", summary="")
