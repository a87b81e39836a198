"""Addresses as people and logs may see them."""

from __future__ import annotations

import re
from pathlib import Path
from time import process_time
from urllib.parse import quote

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from bot.domain.addresses import hidden_in, keys_in, shown, shown_in, without
from bot.domain.errors import Problem, UsageError

FEEDS = Path(__file__).parents[3] / "config" / "feeds.yaml"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x.example/rss?token=abc", "https://x.example/rss?token=***"),
        ("https://x.example/rss?%74oken=abc&id=5", "https://x.example/rss?%74oken=***&id=5"),
        (
            "https://x.example/rss?feedKey=a;API_Key=b",
            "https://x.example/rss?feedKey=***;API_Key=***",
        ),
        ("https://me:pw@x.example:81/rss", "https://x.example:81/rss"),
        ("https://x.example/rss#access_token=1", "https://x.example/rss"),
        ("https://x.example/private/8c1f0e99ab/feed.xml", "https://x.example/private/***/feed.xml"),
        ("https://x.example/token/abc/rss", "https://x.example/token/***/rss"),
        ("https://x.example/rss;jsessionid=12?a=b", "https://x.example/rss;jsessionid=***?a=b"),
        ("https://x.example/rss?AbCdefGh1234", "https://x.example/rss?***"),
        ("https://x.example/?url=https://y.example/?t=1", "https://x.example/?url=***"),
        (
            "https://x.example/rss?user=ann&mail=a@b.example",
            "https://x.example/rss?user=***&mail=***",
        ),
        ("https://hooks.slack.com/services/T0/B0/xyz", "https://hooks.slack.com/***"),
        ("https://hooks.slack.com/actions/T0/1/abc", "https://hooks.slack.com/***"),
        ("https://a.webhook.office.com/webhookb2/1", "https://a.webhook.office.com/***"),
        (
            "https://p.x.logic.azure.com:443/workflows/a?sig=b",
            "https://p.x.logic.azure.com:443/***",
        ),
        ("redis://:pw@host:6379/0", "redis://host:6379/0"),
        ("http://proxy:pw@proxy.example:3128", "http://proxy.example:3128"),
        ("wire.example/rss?token=abc", "wire.example/rss?token=***"),
        ("http://[::1", "***"),
        ("", ""),
    ],
)
def test_shown_hides_what_is_or_may_be_a_secret(url, expected):
    assert shown(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        *re.findall(r'url: "([^"]+)"', FEEDS.read_text("utf-8")),
        "https://x.example/author/smith?author=jane&authors=2&keyword=nato&format=rss2",
        "https://x.example/2025/04/04/allies-agree-on-spending-11111111.html?id=12345678&p=2",
        "https://x.example/a/b.xml?cat=Defence+News&lang=en-GB&flag",
        "http://[2001:db8::1]:8080/@name/feed",
    ],
)
def test_shown_leaves_what_an_admin_knows_a_feed_by(url):
    assert shown(url) == url
    assert hidden_in(url) == frozenset()


letters = "abcdefghijklmnopqrstuvwxyzABCDEFG0123456789"
secrets = st.text(f"{letters}/+=&?#~", min_size=4, max_size=40).map("q7Z{}9xK2w".format)


@given(secrets)
def test_a_secret_is_shown_by_no_part_of_an_address(secret):
    hidden = quote(secret, safe="")
    for url in (
        f"https://me:{hidden}@x.example/rss",
        f"https://{hidden}@x.example/rss",
        f"https://x.example/rss?access_token={hidden}&page=2",
        f"https://x.example/rss?page=2&t={hidden}",
        f"https://x.example/rss?{hidden}",
        f"https://x.example/u/{hidden}/rss",
        f"https://x.example/rss#{hidden}",
    ):
        said = shown(url)
        assert hidden not in said
        assert secret not in said
        assert said.startswith("https://x.example/")
        assert shown(said) == said
        assert hidden not in shown_in(
            f"cannot read '{url}': ConnectionError(URL('{url}')), at {url}."
        )


@given(st.text(max_size=80))
def test_shown_takes_anything_and_is_done_at_once(text):
    assert shown(shown(text)) == shown(text)
    assert shown_in(shown_in(text)) == shown_in(text)


def test_shown_in_keeps_the_text_around_addresses():
    request = aiohttp.RequestInfo(
        URL("https://x.example/rss?token=s3c"), "GET", {"Authorization": "Basic bTpz"}, URL("/")
    )
    error = aiohttp.ClientResponseError(request, (), status=500, message="no")
    said = shown_in(f"{error!r} and {error}; GET /rss?key=s3c&a=b HTTP/1.1")
    assert "s3c" not in said
    assert "bTpz" not in said
    assert "https://x.example/rss?token=***" in said
    assert "GET /rss?key=***&a=b HTTP/1.1" in said
    assert shown_in("write `https://` or see https://x.example/a.") == (
        "write `https://` or see https://x.example/a."
    )


def test_errors_and_problems_hold_no_secret_of_an_address():
    said = "cannot read https://x.example/rss?token=abc"
    error, problem = UsageError(said), Problem(file="feeds.yaml", message=said)
    assert not any("abc" in text for text in (str(error), repr(error), str(problem), repr(problem)))


@pytest.mark.parametrize(
    ("link", "feed", "left"),
    [
        (
            "https://x.example/a?id=5&token=abc",
            "https://x.example/rss?token=abc",
            "https://x.example/a?id=5",
        ),
        (
            "https://x.example/a?token=abc#b",
            "https://x.example/rss?token=abc",
            "https://x.example/a#b",
        ),
        ("https://x.example/a?token=of-its-own", "https://x.example/rss?token=abc", None),
        ("https://x.example/a#k=abcdef", "https://x.example/rss?key=abcdef", "https://x.example/a"),
        ("https://x.example/abcdef/a", "https://x.example/key/abcdef/rss", ""),
        ("https://x.example/q7Z8c1f0e99/a", "https://x.example/q7Z8c1f0e99/rss", None),
        ("https://x.example/nato?user=nato", "https://x.example/rss?user=nato", None),
        ("https://x.example/a?id=5", "https://x.example/rss?page=5", None),
    ],
)
def test_a_link_gives_away_nothing_that_opens_its_feed(link, feed, left):
    assert without(link, hidden_in(feed)) == (link if left is None else left)


def test_keys_in_names_what_opens_something():
    assert keys_in("https://x.example/rss?user=a&sig=b&token=c&page=3") == ("sig", "token")
    assert keys_in("https://x.example/rss?channel_id=UC16niRr50MSBwiO3") == ()


@pytest.mark.parametrize("before", ["a.", "a-", "A+", "1", "a"])
def test_time_grows_with_the_text_only_and_nothing_gets_by(before):
    text = before * 40_000
    started = process_time()
    said = shown_in(f"{text} ://{text}http://ann:pw5@wire.example/?token=abc77")
    assert process_time() - started < 2  # about 0.1; by the square of its length 12 and more
    assert said.endswith("http://wire.example/?token=***")
