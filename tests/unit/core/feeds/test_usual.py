"""Usual feeds: read without feedparser, to the same end."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot.core.feeds.parse as parsing
from bot.core.feeds.document import Document
from bot.core.feeds.usual import read_usual
from tests.benchmarks.feed_site import document

SPACES = (
    "xmlns:atom='http://www.w3.org/2005/Atom' xmlns:dc='http://purl.org/dc/elements/1.1/' "
    "xmlns:content='http://purl.org/rss/1.0/modules/content/' "
    "xmlns:media='http://search.yahoo.com/mrss/' "
    "xmlns:slash='http://purl.org/rss/1.0/modules/slash/' "
    "xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'"
)


def rss(items: str, channel: str = "") -> str:
    return f"<rss version='2.0' {SPACES}><channel>{channel}{items}</channel></rss>"


def atom(entries: str, feed: str = "") -> str:
    return f"<feed xmlns='http://www.w3.org/2005/Atom' {SPACES}>{feed}{entries}</feed>"


def is_usual(text: str) -> bool:
    root = "rss" if text.startswith("<rss") else "feed"
    return read_usual(Document(root=root, text=text)) is not None


TEXTS = (
    *("Ports", "", "  wide ", "Häfen", "1 &lt; 2", "<![CDATA[<p>Two <b>ports</b></p>]]>", "日本"),
    *("&lt;p&gt;escaped", "HÃ¤fen", "so \u0093called\u0094", "in<b>line</b>", "a<!-- x -->b"),
)
LINKS = (
    *("https://x.example/1", "/2", "http://x.example/?a=1&amp;b=2", "urn:x:3", "", "//x.example/4"),
    *("http:////x.example/5", "http://x.example/?a=1&amp;b;c=2"),
)
DATES = (
    *("Tue, 24 Nov 2026 10:00:00 GMT", "24 Nov 2026 10:00 -0130", "Tue, 24 Nov 2026 10:00:00 PST"),
    *("2026-11-24T10:00:00Z", "2026-11-24T10:00:00.5+02:00", "2026-11-24", "soon", ""),
    *("Tue, 31 Feb 2026 10:00:00 GMT", "0001-01-01T00:00:00+05:00", "24 Nov 26 10:00:00 CET"),
)
NAMES = ("Ada Quay", "", "ada@x.example (Ada Quay)", "Ada &lt;ada@x.example&gt;", "Quay, A.")
IN_BOTH = (
    *(f"<dc:creator>{name}</dc:creator>" for name in NAMES),
    *(f"<dc:date>{date}</dc:date>" for date in DATES),
    "<media:content url='u'><media:credit>C</media:credit></media:content>",
    "<media:content url='u'><media:title>T</media:title></media:content>",
    "<media:description>D</media:description>",
    "<slash:comments>3</slash:comments>",
    "<category>c</category>",
    "<other>o</other>",
)
IN_RSS = (
    *(f"<atom:author><atom:name>{name}</atom:name></atom:author>" for name in NAMES),
    *(f"<atom:updated>{date}</atom:updated>" for date in DATES),
    *(f"<title>{text}</title>" for text in TEXTS),
    *(f"<description>{text}</description>" for text in TEXTS),
    *(f"<content:encoded>{text}</content:encoded>" for text in TEXTS),
    *(f"<link>{link}</link>" for link in LINKS),
    *(f"<guid>{link}</guid>" for link in LINKS),
    *(f"<guid isPermaLink='false'>{link}</guid>" for link in LINKS),
    *(f"<pubDate>{date}</pubDate>" for date in DATES),
    *(f"<author>{name}</author>" for name in NAMES),
    *(f"<atom:link rel='{rel}' href='/other'/>" for rel in ("self", "alternate", "replies")),
    "<enclosure url='https://x.example/e.mp3' type='audio/mpeg'/>",
    "<source url='https://y.example/'>Wire</source>",
    "<title type='html'>typed</title>",
    "<link xml:base='https://base.example/'>b</link>",
    *IN_BOTH,
)
IN_ATOM = (
    *(f"<title>{text}</title>" for text in TEXTS),
    *(f"<summary type='html'>{text}</summary>" for text in TEXTS),
    *(f"<content type='html'>{text}</content>" for text in TEXTS),
    *(f"<link href='{link}'/>" for link in LINKS),
    *(f"<link rel='{rel}' href='/other'/>" for rel in ("self", "ALTERNATE", "enclosure")),
    "<link type='application/json' href='/json'/>",
    *(f"<id>{link}</id>" for link in LINKS),
    *(f"<published>{date}</published>" for date in DATES),
    *(f"<updated>{date}</updated>" for date in DATES),
    *(f"<author><name>{name}</name></author>" for name in NAMES),
    *(f"<author><name>{name}</name><email>m@x.example</email></author>" for name in NAMES),
    "<author><email>m@x.example</email></author>",
    "<contributor><name>Bo Lind</name></contributor>",
    "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>x</div></content>",
    "<source><title>Wire</title><id>https://y.example/</id></source>",
    *IN_BOTH,
)
IN_FEED = (
    *(
        "<title>Site</title>",
        "<link>https://x.example/</link>",
        "<link href='/a'/>",
        "<ttl>60</ttl>",
    ),
    *("<id>https://x.example/id</id>", "<sy:updatePeriod>daily</sy:updatePeriod>"),
    *(
        "<ttl>60</ttl>",
        "<language>en</language>",
        "<pubDate>soon</pubDate>",
        "<generator uri='u'>G</generator>",
    ),
    "<image><title>Logo</title><link>https://x.example/logo</link><url>u</url></image>",
    "<author><name>Ada Quay</name></author>",
    "<textInput><title>Search</title></textInput>",
)


def several(elements: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(elements), max_size=6).map("".join)


DOCUMENTS = st.one_of(
    st.builds(
        rss,
        st.lists(several(IN_RSS).map("<item>{}</item>".format), max_size=3).map("".join),
        several(IN_FEED),
    ),
    st.builds(
        atom,
        st.lists(several(IN_ATOM).map("<entry>{}</entry>".format), max_size=3).map("".join),
        several(IN_FEED),
    ),
)


@settings(max_examples=120, deadline=None)
@given(DOCUMENTS)
def test_usual_feeds_are_what_feedparser_makes_of_them(text):
    body, url = text.encode(), "https://site.example/feeds/news.xml"
    here = parsing.parse(body, url=url)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(parsing, "read_usual", lambda _document: None)
        assert here == parsing.parse(body, url=url)


@pytest.mark.parametrize("number", [0, 1, 2], ids=["content", "description", "atom"])
def test_usual_feeds_are_those_of_the_benchmark(number):
    assert is_usual(document(number, 3).decode())


@pytest.mark.parametrize(
    "text",
    [
        rss("<item><title>Ports</title><guid isPermaLink='false'>1</guid></item>"),
        rss("<item><dc:creator>Ada Quay</dc:creator><category>c</category></item>"),
        rss("<item><media:thumbnail url='u'/><slash:comments>0</slash:comments></item>"),
        rss("", "<image><url>u</url></image><atom:link rel='self' href='/feed'/>"),
        rss("", "<sy:updatePeriod>hourly</sy:updatePeriod><lastBuildDate>x</lastBuildDate>"),
        atom("<entry><author><name>Ada Quay</name><uri>u</uri></author></entry>"),
    ],
)
def test_usual_feeds_are_those_of_the_common_kinds(text):
    assert is_usual(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(rss("<item><title>a</title><title>b</title></item>"), id="two titles"),
        pytest.param(rss("<item><title>a<b>b</b></title></item>"), id="markup"),
        pytest.param(rss("<item><pubDate>soon</pubDate></item>"), id="odd date"),
        pytest.param(rss("<item><title xml:base='u'>a</title></item>"), id="base"),
        pytest.param(rss("<item><media:title>a</media:title></item>"), id="title of media"),
        pytest.param(rss("<item><title>HÃ¤fen</title></item>"), id="encoded twice"),
        pytest.param(
            atom("<entry><dc:creator>a</dc:creator><author><name>b</name></author></entry>"),
            id="two kinds of authors",
        ),
        pytest.param(rss("<item><title>a</item>"), id="malformed"),
        pytest.param(rss("").replace("2.0", "0.91"), id="older version"),
        pytest.param(rss("") + "<rss/>", id="two roots"),
        pytest.param(rss("").replace("channel", "x"), id="no channel"),
        pytest.param(rss("<x:y/>"), id="undeclared prefix"),
        pytest.param(atom("<entry><content type='xhtml'><p>a</p></content></entry>"), id="xhtml"),
        pytest.param(atom("").replace("2005/Atom", "2004/Atom"), id="unknown namespace"),
    ],
)
def test_usual_feeds_are_no_others(text):
    assert not is_usual(text)


def test_usual_feeds_may_be_nested_as_deep_as_they_like():
    deep = "<x>" * 100_000 + "</x>" * 100_000
    assert not is_usual(rss(f"<item>{deep}</item>"))
