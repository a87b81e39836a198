"""Subscription lists of other feed readers, read and written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.feeds.addresses import web_address
from bot.core.feeds.opml import Outline, opml_text, parse_opml
from tests.builders import make_feed

LIST = b"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Mine</title></head><body>
  <outline text="Folder">
    <outline text="Coast &amp; Sea" type="rss" xmlUrl="https://coast.example/rss"/>
    <outline text="Deeper"><outline TITLE="Harbour" xmlURL="feed://harbour.example/atom"/></outline>
  </outline>
  <outline text="Again" xmlUrl="http://www.coast.example/rss/"/>
  <outline text="A page" htmlUrl="https://coast.example/"/>
  <outline text="A script" xmlUrl="javascript:alert(1)"/>
  <outline xmlUrl="https://third.example/rss?utm_source=x"/>
</body></opml>"""


def test_opml_gives_each_feed_once_whatever_its_folder():
    assert parse_opml(LIST) == (
        Outline(url="https://coast.example/rss", name="Coast & Sea"),
        Outline(url="http://harbour.example/atom", name="Harbour"),
        Outline(url="https://third.example/rss?utm_source=x"),
    )


def test_opml_of_ten_thousand_outlines_in_nested_folders_is_read_whole():
    feeds = "".join(f'<outline text="F{n}" xmlUrl="https://f{n}.example/rss"/>' for n in range(500))
    folders = "".join(
        f'<outline text="{d}">{feeds.replace("https://f", f"https://d{d}f")}' for d in range(20)
    )
    found = parse_opml(f"<opml><body>{folders}{'</outline>' * 20}</body></opml>".encode())
    assert len(found) == 10_000


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "not a feed: no XML in it"),
        (b"<html><body/></html>", "an HTML page, not a feed"),
        (b"<rss/>", "XML, but no OPML: its root is <rss>"),
        (b"<opml><body/></opml>", "an OPML list without feeds"),
        (
            b'<!DOCTYPE opml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><opml>&b;</opml>',
            "refused: it declares entities of its own",
        ),
        (
            b'<!DOCTYPE opml SYSTEM "file:///x" [<!ENTITY % x SYSTEM "file:///x"> %x;]><opml/>',
            "refused: it declares entities of its own",
        ),
    ],
)
def test_what_is_no_list_says_why(data, expected):
    assert parse_opml(data) == expected


def test_opml_that_was_cut_gives_what_stands_in_it():
    assert parse_opml(LIST[: LIST.index(b"Again")])[0].url == "https://coast.example/rss"


names = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20
)


@given(st.lists(names, max_size=4))
def test_a_list_that_was_written_reads_the_same(given_names):
    feeds = [
        make_feed(url=f"https://f{n}.example/rss?a=1&b=2", name=name)
        for n, name in enumerate(given_names)
    ]
    expected = tuple(Outline(url=feed.url, name=feed.name) for feed in feeds)
    written = opml_text(feeds, title="nato-brief").encode()
    assert parse_opml(written) == (expected or "an OPML list without feeds")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("feed://coast.example/rss", "http://coast.example/rss"),
        ("feed:https://coast.example/rss", "https://coast.example/rss"),
        ("FEED:coast.example/rss", "http://coast.example/rss"),
        ("itpc://coast.example/pod", "http://coast.example/pod"),
        ("coast.example", "https://coast.example"),
        (" www.coast.example/news?x=1 ", "https://www.coast.example/news?x=1"),
        ("https://coast.example/rss", "https://coast.example/rss"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("coast", "coast"),
        ("", ""),
    ],
)
def test_web_address_is_what_a_reader_would_open(written, expected):
    assert web_address(written) == expected
