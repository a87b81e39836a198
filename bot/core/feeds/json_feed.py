"""JSON Feed 1.0 and 1.1 → ParsedFeed.

A member that is not of the type the specification gives it counts as absent; an entry that is no
object is skipped. One bad entry costs itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime

from bot.core.feeds.document import MAX_ENTRIES
from bot.core.feeds.entries import authors_of, guid_of, summary_of, text_of, title_of, url_of
from bot.core.feeds.spoken import language_code
from bot.core.text.markup import printable
from bot.domain.feeds import ParsedEntry, ParsedFeed
from bot.domain.times import from_iso

_VERSION = re.compile(r"jsonfeed\.org/version/(\d)(?:\.(\d))?")
_EXCESS_DIGITS = re.compile(r"(\.\d{6})\d+")


def parse_json_feed(text: str, *, url: str | None) -> ParsedFeed:
    """``text`` as a feed; ``url`` resolves relative links. What is no feed says so."""
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError):
        return ParsedFeed(problem="neither XML nor valid JSON")
    version = _VERSION.search(_string(feed, "version")) if isinstance(feed, dict) else None
    if version is None:
        return ParsedFeed(problem="JSON, but no JSON Feed")
    items = feed.get("items")
    objects = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    base = url or _string(feed, "feed_url") or _string(feed, "home_page_url")
    excess = f"{len(objects)} entries, of which the first {MAX_ENTRIES} are read"
    return ParsedFeed(
        format=f"json{version.group(1)}{version.group(2) or 0}",
        title=title_of(_string(feed, "title")),
        link=url_of(_string(feed, "home_page_url"), base),
        entries=tuple(_entry(item, base) for item in objects[:MAX_ENTRIES]),
        problem=excess if len(objects) > MAX_ENTRIES else None,
        language=language_code(_string(feed, "language")),
    )


def _entry(item: Mapping[str, object], base: str) -> ParsedEntry:
    content = _string(item, "content_html")
    return ParsedEntry(
        guid=guid_of(_string(item, "id")),
        url=url_of(_string(item, "url") or _string(item, "external_url"), base),
        title=title_of(_string(item, "title")),
        published=_moment(_string(item, "date_published")),
        updated=_moment(_string(item, "date_modified")),
        summary=summary_of(_string(item, "summary")),
        text=text_of(content or _string(item, "content_text")),
        authors=authors_of(_author_names(item)),
        language=language_code(_string(item, "language")),
    )


def _string(item: Mapping[str, object], name: str) -> str:
    """A member that should be a string; version 1.0 feeds give numbers as ids."""
    value = item.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return printable(value) if isinstance(value, str) else ""


def _author_names(item: Mapping[str, object]) -> list[str]:
    """Of ``authors`` (1.1), else of ``author`` (1.0)."""
    authors = item.get("authors")
    listed = authors if isinstance(authors, list) else [item.get("author")]
    return [_string(author, "name") for author in listed if isinstance(author, dict)]


def _moment(text: str) -> datetime | None:
    """RFC 3339, with more digits of a second than Python takes; None for anything else."""
    try:
        return from_iso(_EXCESS_DIGITS.sub(r"\1", text))
    except (ValueError, OverflowError):
        return None
