"""RSS 2.0 and Atom as nearly all of them are written, read at a tenth of feedparser's cost.

    document ─► expat ─► every element is known and written plainly ─► what feedparser makes of it
                         └► anything else ─► None, and feedparser reads the document

feedparser takes whatever was ever called a feed, and spends a dozen calls on an element for it;
most feeds need none of that. Nothing here is a behaviour of our own: where the two might differ,
a document is not usual. The XML parser is the same, so neither reads what the other refuses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, ParseError, fromstring

from bot.core.feeds.document import Document
from bot.core.feeds.elements import (
    ATOM,
    Item,
    Reader,
    Unusual,
    atom_link,
    content,
    guid,
    link,
    moment,
    person,
    plain,
    read,
    typed,
    unread,
    unread_with,
    writer,
)

_CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_FEEDBURNER = "{http://rssnamespace.org/feedburner/ext/1.0}"
_MEDIA = "{http://search.yahoo.com/mrss/}"
_SLASH = "{http://purl.org/rss/1.0/modules/slash/}"
_SYNDICATION = "{http://purl.org/rss/1.0/modules/syndication/}"
_THREAD = "{http://purl.org/syndication/thread/1.0}"
_WFW = "{http://wellformedweb.org/CommentAPI/}"
_WORDPRESS = "{com-wordpress:feed-additions:1}"

#: Declared with the root, these make it another format, whatever it says itself.
_OLDER = re.compile(r"purl\.org/rss/1\.0/[\"']|my\.netscape\.com/rdf/simple/0\.9/", re.IGNORECASE)
#: Characters in which the root's declarations are looked for.
_HEAD = 4_096


def read_usual(document: Document) -> Mapping[str, Any] | None:
    """What feedparser would make of a document, as far as we look at it; None if it has to.

    Its dates are moments in UTC.
    """
    text = document.text
    if not text.startswith(("<rss", "<feed")) or _OLDER.search(text, 0, _HEAD):
        return None
    try:
        root = fromstring(text)  # noqa: S314 - no declaration gets here, so nothing expands
        _refuse_bases(root)
        if root.tag == f"{ATOM}feed" and "version" not in root.keys():  # noqa: SIM118
            return _feed("atom10", root, f"{ATOM}entry", _ATOM_FEED, _ATOM_ENTRY)
        if root.tag == "rss" and root.get("version") == "2.0":
            return _feed("rss20", _channel(root), "item", _RSS_FEED, _RSS_ENTRY)
    except (Unusual, ParseError):
        pass
    return None


def _channel(root: Element) -> Element:
    if len(root) != 1 or root[0].tag != "channel" or root[0].attrib:
        raise Unusual
    return root[0]


def _feed(
    version: str,
    element: Element,
    entry: str,
    of_feed: Mapping[str, Reader],
    of_entry: Mapping[str, Reader],
) -> Mapping[str, Any]:
    feed: Item = {}
    entries = []
    for child in element:
        if child.tag == entry:
            entries.append(_entry(child, of_entry))
        else:
            read(feed, child, of_feed)
    return {"version": version, "feed": feed, "entries": entries}


def _entry(element: Element, readers: Mapping[str, Reader]) -> Item:
    if element.attrib:
        raise Unusual
    item: Item = {}
    for child in element:
        read(item, child, readers)
    if "content" in item:
        item.setdefault("summary", item["content"][0]["value"])
    return item


def _refuse_bases(root: Element) -> None:
    """What links are resolved against may be declared anywhere, and is feedparser's to find."""
    for element in root.iter():
        if any(name.lower().endswith("base") for name in element.attrib):
            raise Unusual


def _all(reader: Reader, space: str, names: str) -> dict[str, Reader]:
    return {f"{space}{name}": reader for name in names.split()}


#: Not the titles and descriptions of media: feedparser takes them for the entry's own.
_media = unread_with(*_all(unread, _MEDIA, "group content thumbnail credit keywords category"))
_people = unread_with(*_all(unread, ATOM, "name email uri"))
_image = unread_with(*"title link url width height description".split())

_EXTENSIONS: Mapping[str, Reader] = {
    f"{_DC}creator": writer,
    f"{_DC}date": moment("updated_parsed"),
    **_all(unread, _FEEDBURNER, "origLink"),
    **_all(unread, _DC, "subject publisher rights identifier type format"),
    **_all(_media, _MEDIA, "group content thumbnail credit keywords category"),
    **_all(unread, _SLASH, "comments section department hit_parade"),
    **_all(unread, _THREAD, "total in-reply-to"),
    **_all(unread, _WFW, "comment commentRss"),
    **_all(unread, _WORDPRESS, "post-id"),
}
_RSS_ENTRY: Mapping[str, Reader] = {
    "title": plain("title"),
    "link": link,
    f"{ATOM}link": atom_link,
    "guid": guid,
    "pubDate": moment("published_parsed"),
    "description": plain("summary"),
    f"{_CONTENT}encoded": content,
    "author": writer,
    f"{ATOM}author": person,
    f"{ATOM}updated": moment("updated_parsed"),
    **_all(unread, "", "category comments enclosure source"),
    **_EXTENSIONS,
}
_RSS_FEED: Mapping[str, Reader] = {
    "title": plain("title"),
    "link": link,
    f"{ATOM}link": atom_link,
    "ttl": plain("ttl"),
    f"{_SYNDICATION}updatePeriod": plain("sy_updateperiod"),
    f"{_SYNDICATION}updateFrequency": plain("sy_updatefrequency"),
    f"{_SYNDICATION}updateBase": unread,
    **_all(unread, "", "description language copyright managingEditor webMaster category docs"),
    **_all(unread, "", "pubDate lastBuildDate generator cloud rating"),
    **_all(unread, _DC, "creator date language publisher rights"),
    **_all(unread, _FEEDBURNER, "info emailServiceId feedburnerHostname"),
    f"{ATOM}updated": unread,
    "image": _image,
    "skipHours": unread_with("hour"),
    "skipDays": unread_with("day"),
}
_ATOM_ENTRY: Mapping[str, Reader] = {
    f"{ATOM}title": typed("title"),
    f"{ATOM}link": atom_link,
    f"{ATOM}id": guid,
    f"{ATOM}published": moment("published_parsed"),
    f"{ATOM}updated": moment("updated_parsed"),
    f"{ATOM}summary": typed("summary"),
    f"{ATOM}content": content,
    f"{ATOM}author": person,
    f"{ATOM}contributor": _people,
    **_all(unread, ATOM, "rights category"),
    **_EXTENSIONS,
}
_ATOM_FEED: Mapping[str, Reader] = {
    f"{ATOM}title": typed("title"),
    f"{ATOM}link": atom_link,
    f"{ATOM}id": guid,
    f"{ATOM}author": person,
    f"{ATOM}contributor": _people,
    **_all(unread, ATOM, "subtitle updated generator icon logo rights category"),
}
