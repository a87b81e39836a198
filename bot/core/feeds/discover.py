"""A web page → the addresses at which the site's feeds may stand, the likeliest first.

    page ─► <link rel="alternate"> ─► links that look like feeds ─► paths that feeds have everywhere

Feeds of comments come last: pages like to name them first. Only addresses are told here; whether
a feed answers there is for the caller to find out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from lxml import etree  # type: ignore[import-untyped]

from bot.core.feeds.addresses import web_address
from bot.core.feeds.entries import url_of
from bot.core.feeds.sniff import decode

#: A larger page is cut, in bytes; what announces a feed stands in its head.
_MOST = 1_000_000
#: Addresses of one page that are told.
_TOLD = 20
_TYPES = frozenset(
    (
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/json",
        "application/xml",
        "text/xml",
        "text/rss+xml",
    )
)
#: Types that many other documents have, too: there the address has to look like a feed's.
_VAGUE = frozenset(("application/json", "application/xml", "text/xml"))
_LIKE_A_FEED = re.compile(
    r"(?:^feed:|/(?:feeds?|rss|atom|rdf)(?:[/.?]|$)|[./](?:rss|atom|rdf)(?:$|\?)|"
    r"(?:rss|feed|atom)[\w-]*\.(?:xml|json)|[?&](?:feed|format|outputType)=(?:rss|atom|xml))",
    re.IGNORECASE,
)
_NO_FEED = re.compile(
    r"/wp-json/|oembed|opensearch|/amp/|\.(?:html?|png|jpe?g|pdf)$", re.IGNORECASE
)
_COMMENTS = re.compile(r"comment|kommentar|commentaire|replies", re.IGNORECASE)
_PATHS = (
    "feed",
    "rss",
    "rss.xml",
    "feed.xml",
    "atom.xml",
    "index.xml",
    "feed.json",
    "feeds/posts/default",
)


def announced(page: bytes, *, url: str, content_type: str | None = None) -> tuple[str, ...]:
    """Addresses a page gives of feeds, the likeliest first; never raises.

    Args:
        page: As served.
        url: Where it came from; resolves its links.
        content_type: The header, for its charset.
    """
    text = decode(page[:_MOST], content_type=content_type)
    collector = _Collector()
    parser = etree.HTMLParser(target=collector, encoding="utf-8", huge_tree=True)
    try:
        parser.feed(text.encode("utf-8", "replace") or b"<p>")
        parser.close()
    except (etree.LxmlError, ValueError):  # a page that cannot be read announces nothing more
        pass
    base = url_of(collector.base, url) or url
    titles: dict[str, str] = {}
    for href, title in (*collector.links, *collector.anchors):
        address = url_of(web_address(href) if ":" in href else href, base)
        if address and not _NO_FEED.search(address):
            titles.setdefault(address, title)
    ranked = sorted(titles, key=lambda address: _is_of_comments(address, titles[address]))
    return tuple(ranked[:_TOLD])


def _is_of_comments(address: str, title: str) -> bool:
    return _COMMENTS.search(f"{address} {title}") is not None


def usual(url: str) -> tuple[str, ...]:
    """Addresses at which most sites have their feed, below the page's folder and the site's."""
    parts = urlsplit(url)
    site = f"{parts.scheme}://{parts.netloc}/"
    folders = dict.fromkeys((urljoin(url, parts.path.rstrip("/") + "/"), site))
    # Whole sites first, unless a section was asked for.
    return tuple(dict.fromkeys(folder + path for folder in folders for path in _PATHS))


def news_sitemaps(robots: str) -> tuple[str, ...]:
    """Sitemaps a robots.txt names that hold news by their own word."""
    return tuple(dict.fromkeys(_sitemaps(robots)))


def _sitemaps(robots: str) -> Iterator[str]:
    for line in robots.splitlines():
        name, _, value = line.partition(":")
        address = url_of(value.strip(), "")
        if name.strip().lower() == "sitemap" and address and "news" in address.lower():
            yield address


class _Collector:
    """Takes the parser's events: links that announce a feed, and links that look like one."""

    def __init__(self) -> None:
        self.base = ""
        #: (address, title) each.
        self.links: list[tuple[str, str]] = []
        self.anchors: list[tuple[str, str]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        href = (attributes.get("href") or "").strip()
        if not href:
            return
        if tag == "base":
            self.base = self.base or href
        elif tag == "link" and "alternate" in (attributes.get("rel") or "").lower().split():
            kind = (attributes.get("type") or "").partition(";")[0].strip().lower()
            if kind in _TYPES and (kind not in _VAGUE or _LIKE_A_FEED.search(href)):
                self.links.append((href, attributes.get("title") or ""))
        elif tag == "a" and len(self.anchors) < 200 and _LIKE_A_FEED.search(href):
            self.anchors.append((href, attributes.get("title") or ""))

    def close(self) -> None:
        """Nothing is left to do."""
