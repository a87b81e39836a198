"""OPML: the subscription lists that feed readers exchange, read and written.

Nesting tells folders only, so all outlines become one list, each feed once. Entities of the
document's own are refused before any parser sees them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from lxml import etree  # type: ignore[import-untyped]

from bot.core.feeds.addresses import web_address
from bot.core.feeds.document import prepare
from bot.core.feeds.entries import MAX_TITLE
from bot.core.feeds.identity import canonical_url
from bot.core.feeds.sniff import decode
from bot.domain.feeds import Feed

#: Feeds of one list that are taken.
MAX_FEEDS = 20_000
#: A list written by hand may have attributes in any case.
_ADDRESS, _NAMES = "xmlurl", ("title", "text")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A feed as a subscription list names it."""

    url: str
    #: Empty when the list gives none.
    name: str = ""


def parse_opml(data: bytes) -> tuple[Outline, ...] | str:
    """The feeds of a list in its order, each once; or in one line why it is none."""
    document = prepare(decode(data).strip())
    if isinstance(document, str):
        return document
    if document.root.lower() != "opml":
        return f"XML, but no OPML: its root is <{document.root[:40]}>"
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=True)
    root = etree.fromstring(document.text.encode(), parser)
    found: dict[str, Outline] = {}
    for element in () if root is None else root.iter():
        if not isinstance(element.tag, str) or element.tag.lower() != "outline":
            continue
        values = {str(name).lower(): str(value).strip() for name, value in element.items()}
        url = web_address(values.get(_ADDRESS, ""))
        if not url.lower().startswith(("http://", "https://")):
            continue
        name = next((values[key] for key in _NAMES if values.get(key)), "")
        found.setdefault(same_feed(url), Outline(url=url, name=" ".join(name.split())[:MAX_TITLE]))
        if len(found) >= MAX_FEEDS:
            break
    return tuple(found.values()) or "an OPML list without feeds"


def same_feed(url: str) -> str:
    """What two addresses of one feed have in common, whichever scheme each names."""
    return canonical_url(url).partition("://")[2].removeprefix("www.").rstrip("/")


def opml_text(feeds: Iterable[Feed], *, title: str) -> str:
    """A list of ``feeds`` for any feed reader."""
    lines = [
        f'    <outline type="rss" text={quoteattr(feed.name)} title={quoteattr(feed.name)}'
        f" xmlUrl={quoteattr(feed.url)}/>"
        for feed in feeds
    ]
    head = f"  <head><title>{title}</title></head>"
    return "\n".join(
        (
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<opml version="2.0">',
            head,
            "  <body>",
            *lines,
            "  </body>",
            "</opml>",
            "",
        )
    )
