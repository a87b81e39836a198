"""Feeds added to a feeds.yaml that an admin wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.config.additions import EMPTY, with_feeds
from bot.core.config.loading import load
from bot.core.feeds.opml import Outline
from bot.domain.errors import ConfigError

SHIPPED = (Path(__file__).parents[4] / "config" / "feeds.yaml").read_bytes()
NEW = Outline(url="https://coast.example/rss?a=1&b=2", name="Coast: the 'news', {daily}")


def test_additions_leave_every_line_as_it_was():
    content = with_feeds(SHIPPED, [NEW]).content
    assert content.startswith(SHIPPED)
    assert content.count(b"\n") == SHIPPED.count(b"\n") + 1
    feed = load({"feeds.yaml": content}, check_examples=False).feeds[-1]
    assert (feed.url, feed.name) == (NEW.url, NEW.name)


def test_additions_know_a_feed_under_an_equal_address():
    additions = with_feeds(
        SHIPPED,
        [
            Outline(url="http://feeds.bbci.co.uk/news/world/rss.xml"),
            NEW,
            Outline(url="https://www.coast.example/rss?b=2&a=1"),
        ],
    )
    assert additions.added == (NEW,)
    assert len(additions.known) == 2


@pytest.mark.parametrize(
    "content",
    [
        EMPTY,
        b"format: 1\nfeeds:\n- url: https://a.example/rss  # ours\n  name: A\n# the end\n",
        b"format: 1\nfeeds: [{url: 'https://a.example/rss'}]\n",
        b"\xef\xbb\xbfformat: 1\nfeeds:\n  - url: https://a.example/rss\n",
    ],
    ids=["no file", "block style", "flow style", "byte order mark"],
)
def test_additions_fit_any_layout(content):
    added = with_feeds(content, [NEW]).content
    assert load({"feeds.yaml": added}, check_examples=False).feeds[-1].url == NEW.url
    assert all(comment in added for comment in (b"# ours", b"# the end") if comment in content)


def test_additions_of_nothing_new_change_nothing():
    assert with_feeds(SHIPPED, []).content == SHIPPED


def test_a_file_with_problems_is_not_added_to():
    with pytest.raises(ConfigError):
        with_feeds(b"format: 1\nfeeds: 5\n", [NEW])
    with pytest.raises(ConfigError):
        with_feeds(SHIPPED, [Outline(url="https://user:pw@coast.example/rss")])


def test_feed_scheme_of_browsers_is_understood():
    files = {"feeds.yaml": b"format: 1\nfeeds:\n  - url: feed://a.example/rss\n"}
    assert load(files, check_examples=False).feeds[0].url == "http://a.example/rss"
