"""News sitemaps as feeds."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.core.feeds.document import MAX_ENTRIES
from bot.core.feeds.parse import parse

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><!-- made by hand -->'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
)


def item(name: str, published: str, title: str = "Ferry &amp; crew", more: str = "") -> str:
    return (
        f"<url><loc>https://coast.example/{name}</loc>{more}<news:news><news:publication>"
        "<news:name>Coast News</news:name><news:language>en</news:language></news:publication>"
        f"<news:publication_date>{published}</news:publication_date>"
        f"<news:title>{title}</news:title></news:news></url>"
    )


def sitemap(*items: str, end: str = "</urlset>") -> bytes:
    return (HEAD + "".join(items) + end).encode()


def test_sitemap_gives_its_news_the_newest_first():
    image = "<image:image><image:loc>https://coast.example/i.png</image:loc></image:image>"
    plain = "<url><loc>https://coast.example/about</loc></url>"
    parsed = parse(
        sitemap(
            item("old?a=1&amp;b=2", "2025-04-03T09:00:00+02:00", more=image),
            plain,
            item("new", "2025-04-04", title="<![CDATA[“Later”]]>"),
        )
    )
    assert (parsed.format, parsed.title, parsed.problem) == ("sitemap", "Coast News", None)
    assert [(e.url, e.title, e.published) for e in parsed.entries] == [
        ("https://coast.example/new", "“Later”", datetime(2025, 4, 4, tzinfo=UTC)),
        ("https://coast.example/old?a=1&b=2", "Ferry & crew", datetime(2025, 4, 3, 7, tzinfo=UTC)),
    ]


def test_sitemap_that_was_cut_gives_its_whole_entries_and_says_so():
    parsed = parse(sitemap(item("a", "2025-04-04"), "<url><loc>https://coast.ex", end=""))
    assert [entry.url for entry in parsed.entries] == ["https://coast.example/a"]
    assert parsed.problem == "cut short; whole entries are used"


def test_sitemap_without_news_is_no_feed():
    parsed = parse(sitemap("<url><loc>https://coast.example/about</loc></url>"))
    assert (parsed.format, parsed.problem) == ("", "a sitemap without news")


def test_index_of_sitemaps_is_no_feed():
    parsed = parse(b"<sitemapindex><sitemap><loc>https://a.example</loc></sitemap></sitemapindex>")
    assert (parsed.format, parsed.problem) == (
        "",
        "an index of sitemaps; take one it lists, with news in it",
    )


def test_sitemap_of_more_than_can_be_read_keeps_the_newest():
    many = [item(f"n{n}", f"2025-04-{n % 28 + 1:02d}") for n in range(MAX_ENTRIES + 10)]
    parsed = parse(sitemap(*many))
    assert len(parsed.entries) == MAX_ENTRIES
    assert parsed.entries[0].published == datetime(2025, 4, 28, tzinfo=UTC)
    assert (
        parsed.problem == f"{MAX_ENTRIES + 10} entries, of which the newest {MAX_ENTRIES} are read"
    )


@pytest.mark.parametrize(
    "body",
    [
        b"<urlset>",
        b"<urlset/>",
        b"<urlset>" + b"<url>" * 20_000,
        b"<urlset><url><loc>https://a.example/</loc><news/></url>" + b"\x00" * 50,
        b'<!DOCTYPE urlset [<!ENTITY a "b">]><urlset><url><loc>&a;</loc></url></urlset>',
    ],
)
def test_hostile_sitemap_costs_its_own_result_only(body):
    parsed = parse(body)
    assert parsed.problem or parsed.entries
