"""News sitemaps → ParsedFeed: a site's list of its articles of the last two days.

Every ``<url>`` that carries ``<news:news>`` is an entry; a sitemap without any is no feed. The
list has no order of its own, so the newest come first, as in any other feed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from lxml import etree  # type: ignore[import-untyped]

from bot.core.feeds.document import MAX_ENTRIES, Document
from bot.core.feeds.entries import title_of, url_of
from bot.core.feeds.spoken import language_code
from bot.domain.feeds import ParsedEntry, ParsedFeed
from bot.domain.times import from_iso

#: Root elements of sitemaps.
ROOTS = frozenset(("urlset", "sitemapindex"))
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


def is_sitemap(document: Document) -> bool:
    """Whether a document is a sitemap or an index of sitemaps."""
    return _local(document.root) in ROOTS


def parse_sitemap(document: Document, *, url: str | None) -> ParsedFeed:
    """The news in a sitemap; one that has none says so. May raise what the XML parser raises.

    Args:
        document: Made fit to parse, so without declarations.
        url: Where it came from; resolves links that should be absolute and are not.
    """
    if _local(document.root) == "sitemapindex":
        return ParsedFeed(problem="an index of sitemaps; take one it lists, with news in it")
    text, cut = document.text, None
    if f"</{document.root}" not in text:
        whole = text.rfind("</url>") + len("</url>")
        text, cut = text[:whole] + f"</{document.root}>", "cut short; whole entries are used"
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    root = etree.fromstring(text.encode(), parser)
    if root is None:
        return ParsedFeed(problem="a sitemap that cannot be parsed")
    entries = list(_entries(root, url or ""))
    if not entries:
        return ParsedFeed(problem="a sitemap without news")
    entries.sort(key=lambda entry: entry.published or _LONG_AGO, reverse=True)
    problem = cut or document.problem
    if len(entries) > MAX_ENTRIES:
        problem = f"{len(entries)} entries, of which the newest {MAX_ENTRIES} are read"
    return ParsedFeed(
        format="sitemap",
        title=_outlet(root),
        entries=tuple(entries[:MAX_ENTRIES]),
        problem=problem,
    )


def _entries(root: etree._Element, base: str) -> Iterator[ParsedEntry]:
    for item in root:
        if _name(item) != "url":
            continue
        news = next((child for child in item if _name(child) == "news"), None)
        address = url_of(_text(item, "loc"), base)
        if news is None or address is None:
            continue
        yield ParsedEntry(
            guid=address,
            url=address,
            title=title_of(_text(news, "title")),
            published=_moment(_text(news, "publication_date")),
            updated=_moment(_text(item, "lastmod")),
            language=_language(news),
        )


def _language(news: etree._Element) -> str | None:
    said = next((element for element in news.iter() if _name(element) == "language"), None)
    return None if said is None else language_code("".join(said.itertext()))


def _outlet(root: etree._Element) -> str:
    """The name of the publication that the first entry gives."""
    for element in root.iter():
        if _name(element) == "publication":
            return title_of(_text(element, "name"))
    return ""


def _text(element: etree._Element, name: str) -> str:
    """The text of the first child of that name; empty without one."""
    found = next((child for child in element if _name(child) == name), None)
    return "" if found is None else "".join(found.itertext()).strip()


def _name(element: etree._Element) -> str:
    """The element's name without its namespace; empty for a comment."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()


def _moment(text: str) -> datetime | None:
    try:
        return from_iso(text)
    except (ValueError, OverflowError):
        return None
