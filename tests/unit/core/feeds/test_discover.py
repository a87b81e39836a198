"""Where a page says its feeds are."""

from __future__ import annotations

import pytest

from bot.core.feeds.discover import announced, news_sitemaps, usual

URL = "https://coast.example/news/"
PAGE = b"""<!doctype html><html><head><base href="https://coast.example/en/">
<link rel="alternate" type="application/rss+xml" title="Comments"
 href="/comments/feed/">
<link rel="alternate" type="application/json" href="https://coast.example/wp-json/wp/v2/pages/5">
<link rel="alternate" type="application/json+oembed" href="/oembed?url=x">
<link rel="alternate" hreflang="fr" href="/fr/">
<link rel="Alternate" type="application/atom+xml; charset=utf-8" title="News" href="atom.xml">
<link rel="alternate" type="application/rss+xml" href="feed:https://coast.example/all.rss">
<link rel="stylesheet" href="/feed.css"></head>
<body><a href="/rss/harbour.xml">Harbour</a>
<a href="/news/feeding-gulls.html">Gulls</a></body></html>"""


def test_announced_feeds_come_in_order_and_those_of_comments_last():
    assert announced(PAGE, url=URL) == (
        "https://coast.example/en/atom.xml",
        "https://coast.example/all.rss",
        "https://coast.example/rss/harbour.xml",
        "https://coast.example/comments/feed/",
    )


@pytest.mark.parametrize(
    "page",
    [b'<base href="//[">', b"", b"\x00\xff", b"<", b"<html>" * 5_000, b"{}", b"<a href='//['>"],
)
def test_a_page_that_announces_nothing_is_survived(page):
    assert announced(page, url=URL) == ()


def test_usual_addresses_are_those_of_the_section_and_of_the_site():
    addresses = usual(URL)
    assert addresses[0] == "https://coast.example/news/feed"
    assert "https://coast.example/rss.xml" in addresses
    assert len(set(addresses)) == len(addresses) == 16
    assert len(usual("https://coast.example")) == 8


def test_news_sitemaps_are_those_that_say_so():
    robots = (
        "User-agent: *\nSitemap: https://coast.example/sitemap.xml\n"
        "sitemap: https://coast.example/news-sitemap.xml\nSitemap: /relative-news.xml\n"
    )
    assert news_sitemaps(robots) == ("https://coast.example/news-sitemap.xml",)
