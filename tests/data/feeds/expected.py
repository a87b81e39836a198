"""What each file beside this one says; parsed as if it came from ``URL``."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.domain.feeds import ParsedEntry, ParsedFeed

URL = "https://base.example/dir/feed.xml"


def at(month: int, day: int, hour: int, minute: int = 0, micro: int = 0) -> datetime:
    return datetime(2025, month, day, hour, minute, 0, micro, tzinfo=UTC)


WIDE = ParsedFeed(
    format="rss20",
    title="Широко",
    entries=(ParsedEntry(guid="w1", url="https://wide.example/1", title="Мост открыт"),),
)

FEEDS = {
    "rss20.xml": ParsedFeed(
        format="rss20",
        title="Harbour & Coast",
        link="https://coast.example/",
        entries=(
            ParsedEntry(
                guid="coast-7",
                url="https://coast.example/ferry?utm_source=rss&id=7",
                title='Minister: "No ferry before May"',
                published=at(4, 4, 12, 30),
                summary="The ferry & its crew wait.",
                text="The ferry waits on.\n\n“Not before May,” she said.",
                authors=("Ada Quay",),
            ),
            ParsedEntry(
                guid="https://coast.example/lighthouse",
                url="https://coast.example/lighthouse",
                title="Lighthouse relit",
                summary="Relit after\n\nnine years",
                authors=("Ben Mole",),
            ),
        ),
    ),
    "rss091.xml": ParsedFeed(
        format="rss091n",
        title="Café Bulletin",
        link="http://cafe.example/",
        entries=(
            ParsedEntry(
                url="http://cafe.example/1",
                title="Terrasse ouverte : déjà été",
                summary="Bientôt.",
            ),
        ),
    ),
    "rdf.xml": ParsedFeed(
        format="rss10",
        title="Mill Gazette",
        link="https://mill.example/",
        entries=(
            ParsedEntry(
                guid="https://mill.example/a",
                url="https://mill.example/a",
                title="Wheel turns again",
                published=at(4, 4, 9),
                updated=at(4, 4, 9),
                summary="It turns.",
                authors=("C. Miller",),
            ),
        ),
    ),
    "atom-base.xml": ParsedFeed(
        format="atom10",
        title="Peak — News",
        link="https://peak.example/",
        entries=(
            ParsedEntry(
                guid="urn:peak:1",
                url="https://peak.example/news/2025/pass.html",
                title="Pass opens",
                published=at(4, 4, 0),
                updated=at(4, 4, 6),
                summary="Open.",
                text="The pass is open.\n\nSnow < 1 m.",
                authors=("D. Ridge", "E. Col"),
            ),
            ParsedEntry(
                guid="urn:peak:2",
                url="https://cdn.peak.example/two",
                title="Only content",
                updated=at(4, 4, 7),
                text="One\n\ntwo",
            ),
        ),
    ),
    "feed.json": ParsedFeed(
        format="json11",
        title="Valley Times",
        link="https://valley.example/",
        entries=(
            ParsedEntry(
                guid="17",
                url="https://base.example/bridge",
                title="Bridge & tunnel",
                published=at(4, 4, 8, 0, 123456),
                summary="Open",
                text="Open.\n\nAt last.",
                authors=("F. Vale",),
            ),
            ParsedEntry(
                guid="b",
                url="https://other.example/x",
                updated=at(4, 4, 0),
                text="Plain <text>\n\nstays",
                authors=("G. Dale",),
            ),
            ParsedEntry(),
        ),
    ),
    "json-1.0.json": ParsedFeed(
        format="json10",
        title="Old",
        entries=(ParsedEntry(guid="1", title="One", text="x"),),
    ),
    "json-other.json": ParsedFeed(problem="JSON, but no JSON Feed"),
    "json-cut.json": ParsedFeed(problem="neither XML nor valid JSON"),
    "utf16-no-bom.xml": WIDE,
    "cp1251-undeclared.xml": WIDE,
    "ascii-in-header.xml": ParsedFeed(
        format="rss20", title="Ω", entries=(ParsedEntry(guid="1", title="Ångström’s"),)
    ),
    "truncated.xml": ParsedFeed(
        format="rss20",
        title="Cut",
        entries=(
            ParsedEntry(guid="1", url="https://cut.example/1", title="Whole", summary="All here."),
        ),
        problem="cut short; whole entries used: 1",
    ),
    "page.html": ParsedFeed(problem="the page of a bot check, not a feed", blocked=True),
    "xhtml.html": ParsedFeed(problem="an HTML page, not a feed"),
    "fragment.html": ParsedFeed(problem="an HTML page, not a feed"),
    "empty.xml": ParsedFeed(problem="an empty body"),
    "blank.xml": ParsedFeed(problem="an empty body"),
    "no-entries.xml": ParsedFeed(format="rss20", title="Quiet"),
    "other-root.xml": ParsedFeed(problem="XML, but no feed: its root is <opml>"),
    "words.txt": ParsedFeed(problem="not a feed: no XML in it"),
    "entity-bomb.xml": ParsedFeed(problem="refused: it declares entities of its own"),
    "entity-hidden.xml": ParsedFeed(problem="refused: it declares entities of its own"),
    "impossible-reference.xml": ParsedFeed(
        format="rss20",
        title="R",
        entries=(ParsedEntry(guid="1", title="a\ufffdb\ufffdc d… &bogus;", summary="\ufffd!"),),
    ),
    "relative.xml": ParsedFeed(
        format="rss20",
        title="Rel",
        link="https://rel.example/",
        entries=(
            ParsedEntry(guid="1", url="https://base.example/news/1", title="Path"),
            ParsedEntry(guid="2", url="https://base.example/dir/story.html", title="Name"),
            ParsedEntry(guid="3", url="https://cdn.rel.example/3", title="Host"),
            ParsedEntry(guid="4", title="Number for a link"),
            ParsedEntry(guid="5", title="Script"),
        ),
    ),
    "malformed.xml": ParsedFeed(
        format="rss20",
        title="AT&T News",
        entries=(ParsedEntry(guid="m1", url="https://m.example/?a=1&b=2", title="Profit & loss"),),
        problem="malformed XML (unbound prefix); entries used: 1",
    ),
    "warning-first.xml": ParsedFeed(
        format="rss20", title="PHP", entries=(ParsedEntry(guid="p1", title="Still here"),)
    ),
    "control-characters.xml": ParsedFeed(
        format="rss20", title="Ctl", entries=(ParsedEntry(guid="c1", title="a b c"),)
    ),
    "same-guid.xml": ParsedFeed(
        format="rss20",
        title="Same",
        entries=(
            ParsedEntry(guid="N/A", url="https://same.example/1", title="One"),
            ParsedEntry(guid="N/A", url="https://same.example/2", title="Two"),
            ParsedEntry(guid="x", url="https://same.example/3", title="Three"),
            ParsedEntry(guid="x", url="https://same.example/4", title="Four"),
            ParsedEntry(url="https://same.example/", title="Five"),
            ParsedEntry(url="https://same.example/", title="Six"),
            ParsedEntry(url="https://same.example/", title="Six"),
        ),
    ),
}
