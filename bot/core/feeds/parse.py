"""A feed document as bytes → ParsedFeed.

    bytes ─► characters (sniff) ─► JSON ─► json_feed ─────────────┐
                               └► XML ─► document ─► feedparser ─►┴─► ParsedFeed

Runs in a worker process that can be killed. Whatever the bytes are, the answer is a ParsedFeed:
one without a format says in ``problem`` why it is no feed, one with entries says what was wrong
with the document they were taken from.

feedparser gets bytes and nothing else: a string may make it open files or URLs. Its sanitizer and
its resolver of links stay off; they are two thirds of its cost, and plain text needs neither.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.sax import SAXException

import feedparser
import feedparser.api

from bot.core.feeds.document import MAX_ENTRIES, NOT_HTML, Document, is_bot_check, prepare
from bot.core.feeds.entries import authors_of, guid_of, summary_of, text_of, title_of, url_of
from bot.core.feeds.hints import hint_of
from bot.core.feeds.json_feed import parse_json_feed
from bot.core.feeds.sitemap import is_sitemap, parse_sitemap
from bot.core.feeds.sniff import decode
from bot.core.feeds.spoken import language_said
from bot.domain.feeds import ParsedEntry, ParsedFeed

#: ``ada@x.example (Ada Quay)`` and ``Ada Quay <ada@x.example>``.
_NAME_AND_MAIL = re.compile(
    r"(?P<before>[^<>@()]{1,200}) <?\S+@\S+>?$|\S+@\S+ \((?P<after>[^()]{1,200})\)$"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# The parser looks through this list for the module of a SAX driver.
feedparser.api.PREFERRED_XML_PARSERS[:] = ["bot.core.feeds.expat"]


def parse(body: bytes, *, content_type: str | None = None, url: str | None = None) -> ParsedFeed:
    """The feed that ``body`` is; never raises.

    Args:
        body: The document as served, decompressed.
        content_type: The header; only its charset is looked at.
        url: Where the document came from; relative links are resolved against ``xml:base``, then
            this, then the feed's own link.
    """
    text = decode(body, content_type=content_type).strip()
    if not text:
        return ParsedFeed(problem="an empty body")
    if text[0] in "{[":
        return parse_json_feed(text, url=url)
    document = prepare(text)
    if isinstance(document, str):
        if document == NOT_HTML and is_bot_check(text):
            return ParsedFeed(problem="the page of a bot check, not a feed", blocked=True)
        return ParsedFeed(problem=document)
    try:
        if is_sitemap(document):
            return parse_sitemap(document, url=url)
        return replace(_parse_xml(document, url), language=language_said(document.text))
    # This is the entry point of a job, and the parser may raise anything on hostile input.
    except Exception as error:  # noqa: BLE001
        return ParsedFeed(problem=f"cannot be parsed: {type(error).__name__}")


def _parse_xml(document: Document, url: str | None) -> ParsedFeed:
    parsed = feedparser.parse(
        document.text.encode(), resolve_relative_uris=False, sanitize_html=False
    )
    items = parsed["entries"][:MAX_ENTRIES]
    version = parsed.get("version") or ("rss" if items else "")
    if not version:
        return ParsedFeed(problem=f"XML, but no feed: its root is <{document.root[:40]}>")
    feed = parsed["feed"]
    link = url_of(_string(feed, "link"), url or "")
    problem = document.problem
    if problem is None and parsed.get("bozo"):
        problem = f"malformed XML ({_complaint(parsed)}); entries used: {len(items)}"
    return ParsedFeed(
        format=version,
        title=title_of(_string(feed, "title")),
        link=link,
        entries=tuple(_entry(item, version, url or link or "") for item in items),
        problem=problem,
        hint=hint_of(
            ttl=_string(feed, "ttl"),
            period=_string(feed, "sy_updateperiod"),
            frequency=_string(feed, "sy_updatefrequency"),
        ),
    )


def _entry(item: Mapping[str, object], version: str, base: str) -> ParsedEntry:
    published, updated = _moment(item, "published_parsed"), _moment(item, "updated_parsed")
    if published is None and not version.startswith("atom"):
        published = updated  # dc:date, all that RDF has: the day of the entry, not of a change
    content, summary = _content(item), _string(item, "summary")
    return ParsedEntry(
        guid=guid_of(_string(item, "id")),
        url=_link(item, base),
        title=title_of(_string(item, "title")),
        published=published,
        updated=updated,
        # The parser copies the content where there is no summary.
        summary="" if summary == content else summary_of(summary),
        text=text_of(content),
        authors=authors_of(_author_names(item)),
    )


def _link(item: Mapping[str, object], base: str) -> str | None:
    """The entry's link; a guid that stands in for one has to be an address by itself."""
    link = _string(item, "link")
    if _get(item, "guidislink") and "://" not in link:
        return None
    return url_of(link, base)


def _content(item: Mapping[str, object]) -> str:
    """The longest of the entry's contents."""
    contents = _list(item, "content")
    return max((_string(content, "value") for content in contents), key=len, default="")


def _author_names(item: Mapping[str, object]) -> list[str]:
    """Every author's name; a mail address only where there is nothing else."""
    authors = _list(item, "authors")
    alone = _string(item, "author")
    if len(authors) < 2 and "@" in alone:
        # The parser takes no domain for one that ends in more than four letters.
        found = _NAME_AND_MAIL.match(alone)
        return [(found["before"] or found["after"]) if found else alone]
    return [_string(author, "name") for author in authors]


def _moment(item: Mapping[str, object], name: str) -> datetime | None:
    """A date as the parser read it, in UTC; None where it found none it could read."""
    parsed = _get(item, name)
    if not isinstance(parsed, tuple):
        return None
    try:
        return _EPOCH + timedelta(seconds=calendar.timegm(parsed))
    except (ValueError, OverflowError):
        return None


def _complaint(parsed: Mapping[str, object]) -> str:
    """What the XML parser said, without its position in our copy of the text."""
    error = _get(parsed, "bozo_exception")
    said = error.getMessage() if isinstance(error, SAXException) else type(error).__name__
    return " ".join(str(said).split())[:80]


def _get(item: Mapping[str, object], name: str) -> object:
    """A member as stored: the parser's own look-up answers for absent ones, with warnings."""
    return dict.get(item, name) if isinstance(item, dict) else None


def _string(item: Mapping[str, object], name: str) -> str:
    value = _get(item, name)
    return value if isinstance(value, str) else ""


def _list(item: Mapping[str, object], name: str) -> list[Mapping[str, object]]:
    value = _get(item, name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
