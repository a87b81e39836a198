"""One element of an entry or a feed → what feedparser would put into the item it belongs to.

A reader takes an item and an element. What feedparser treats in a way of its own (a second title,
markup that is not escaped, an odd date) raises ``Unusual``, and feedparser reads the document.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias
from xml.etree.ElementTree import Element

from bot.core.feeds.dates import usual_date

#: An entry or a feed, by feedparser's names.
Item: TypeAlias = dict[str, Any]
Reader: TypeAlias = Callable[[Item, Element], None]

ATOM = "{http://www.w3.org/2005/Atom}"

#: What feedparser puts right in texts and in addresses.
_WINDOWS = re.compile(r"[\x80-\x9f]")
_BAD_LINK = re.compile(r"&\w+;|:///")
_PAGES = frozenset(("html", "text/html", "xhtml", "application/xhtml+xml"))
_TEXTS = frozenset(("text", "text/plain", "html", "text/html"))


class Unusual(Exception):
    """Something that feedparser has to look at."""


def read(item: Item, element: Element, readers: Mapping[str, Reader]) -> None:
    """Read an element by its name; one that no reader is for is unusual."""
    reader = readers.get(element.tag)
    if reader is None:
        raise Unusual
    reader(item, element)


def plain(key: str) -> Reader:
    """Reads text without attributes."""

    def reader(item: Item, element: Element) -> None:
        if element.attrib:
            raise Unusual
        _put(item, key, _value(element))

    return reader


def typed(key: str) -> Reader:
    """Reads text of Atom, which may say what it is: escaped or not is all one to us."""

    def reader(item: Item, element: Element) -> None:
        if element.attrib.keys() - {"type"} or element.get("type", "text").lower() not in _TEXTS:
            raise Unusual
        _put(item, key, _value(element))

    return reader


def moment(key: str) -> Reader:
    """Reads a date."""

    def reader(item: Item, element: Element) -> None:
        if element.attrib:
            raise Unusual
        written = _value(element)
        try:
            _put(item, key, usual_date(written) if written else None)
        except ValueError:
            raise Unusual from None

    return reader


def content(item: Item, element: Element) -> None:
    """The whole text of an entry."""
    _content(item, element)
    item["content"] = [{"value": item["content"]}]


def link(item: Item, element: Element) -> None:
    """``<link>address</link>`` of RSS: the last one counts."""
    if element.attrib:
        raise Unusual
    item["link"] = _address(_value(element))


def atom_link(item: Item, element: Element) -> None:
    """``<link href="address"/>`` of Atom: the last one that leads to the page itself."""
    given = {name.lower(): value for name, value in element.items()}
    if "href" not in given or given.keys() & {"url", "uri"} or element.text or len(element):
        raise Unusual
    relation = given.get("rel", "alternate").lower()
    if relation == "alternate" and given.get("type", "text/html").lower() in _PAGES:
        item["link"] = _address(given["href"])


def guid(item: Item, element: Element) -> None:
    """An identifier, which is the link as well unless it denies it or there is one."""
    if element.attrib.keys() - {"isPermaLink"}:
        raise Unusual
    is_link = element.get("isPermaLink", "true") == "true"
    value = _value(element)
    _put(item, "id", _address(value) if is_link else value)
    item["guidislink"] = is_link and "link" not in item
    if is_link:
        item.setdefault("link", value)


def writer(item: Item, element: Element) -> None:
    """A name; or, alone, a name and a mail address in one of many ways."""
    if element.attrib:
        raise Unusual
    item["written"] = True
    _add_author(item, _value(element))


def person(item: Item, element: Element) -> None:
    """An author of Atom, who has a name; behind a mere name feedparser confuses the two."""
    parts: Item = {}
    for part in element:
        read(parts, part, _PERSON)
    if "written" in item or not parts.get("name") or (element.text or "").strip():
        raise Unusual
    _add_author(item, parts["name"], parts.get("email"))


def unread(_item: Item, element: Element) -> None:
    """Nothing that is looked at, or changes what is."""
    if len(element):
        raise Unusual


def unread_with(*parts: str) -> Reader:
    """Reads nothing either, of an element that has parts of these names."""
    names = frozenset(parts)

    def reader(_item: Item, element: Element) -> None:
        if any(part.tag not in names for part in element.iter() if part is not element):
            raise Unusual

    return reader


_content = typed("content")
_PERSON: dict[str, Reader] = {
    f"{ATOM}name": plain("name"),
    f"{ATOM}email": plain("email"),
    f"{ATOM}uri": unread,
}


def _put(item: Item, key: str, value: object) -> None:
    """A second one of its kind may be added, take its place or be dropped."""
    if key in item:
        raise Unusual
    item[key] = value


def _value(element: Element) -> str:
    """The text of an element that holds nothing else."""
    if len(element):
        raise Unusual
    text = (element.text or "").strip()
    if not text.isascii() and (_WINDOWS.search(text) or _is_twice_encoded(text)):
        raise Unusual
    return text


def _is_twice_encoded(text: str) -> bool:
    """Whether this is UTF-8 that somebody took for Latin-1."""
    try:
        text.encode("iso-8859-1").decode()
    except UnicodeError:
        return False
    return True


def _address(written: str) -> str:
    if _BAD_LINK.search(written):
        raise Unusual
    return written


def _add_author(item: Item, name: str, mail: str | None = None) -> None:
    item["author"] = f"{name} ({mail})" if mail else name
    authors = item.setdefault("authors", [])
    authors.append({"name": name})
    if len(authors) > 1 and any("@" in author["name"] for author in authors):
        raise Unusual
