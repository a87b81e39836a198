"""What is common to the entries of every format: bounds, one-line titles, absolute URLs."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urljoin

from bot.core.text.markup import plain_text, printable
from bot.domain.addresses import hidden_in, without
from bot.domain.feeds import ParsedEntry

#: Characters kept of a text, a summary, a title and an address.
MAX_TEXT, MAX_SUMMARY, MAX_TITLE, MAX_URL = 200_000, 20_000, 1_000, 4_000


#: An address that joining would give back as it is, as most are.
_WHOLE = re.compile(r"https?://[\w.:-]+/[\w./%~+-]*(?:\?[\w=&%.~+-]+)?", re.ASCII)


def title_of(markup: str) -> str:
    """A title as one line of plain text."""
    return " ".join(plain_text(markup[: 4 * MAX_TITLE]).split())[:MAX_TITLE]


def summary_of(markup: str) -> str:
    """A summary as plain text."""
    return plain_text(markup)[:MAX_SUMMARY]


def text_of(markup: str) -> str:
    """A full text as plain text."""
    return plain_text(markup)[:MAX_TEXT]


def guid_of(text: str) -> str | None:
    """An identifier as the feed gives it; None for one that says nothing."""
    return printable(text).strip() or None


def url_of(reference: str, base: str) -> str | None:
    """``reference`` as an absolute web address, or None if it is none."""
    if len(reference) <= MAX_URL and _WHOLE.fullmatch(reference):
        return reference
    reference = "".join(printable(reference).split())
    if not reference or len(reference) > MAX_URL:
        return None
    try:
        url = urljoin(base, reference)
    except ValueError:
        return None
    return url if url[:8].lower().startswith(("http://", "https://")) else None


def without_keys_of(feed_url: str, entries: tuple[ParsedEntry, ...]) -> tuple[ParsedEntry, ...]:
    """``entries`` without what opens their feed: their links are posted to people."""
    hidden = hidden_in(feed_url)
    if not hidden:
        return entries
    return tuple(
        replace(
            entry,
            url=without(entry.url, hidden) or None if entry.url else None,
            guid=without(entry.guid, hidden) or None if entry.guid else None,
        )
        for entry in entries
    )


def authors_of(names: list[str]) -> tuple[str, ...]:
    """Names as plain text, each once, in order."""
    return tuple(dict.fromkeys(name for name in map(title_of, names) if name))
