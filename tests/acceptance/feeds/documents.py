"""Feed documents for the fault cases: ``rss(item("a"), item("b"))``."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape

from tests.builders import NOW

SITE = "https://wire.example"


def item(
    name: str,
    *,
    guid: str | None = None,
    title: str | None = None,
    link: str | None = None,
    date: datetime | str | None = NOW - timedelta(hours=1),
    text: str = "",
) -> str:
    """One item; guid, title and link follow from ``name`` unless given, "" leaves them out."""
    fields = {
        "guid": name if guid is None else guid,
        "title": f"Report {name}" if title is None else title,
        "link": f"{SITE}/{name}" if link is None else link,
        "pubDate": format_datetime(date) if isinstance(date, datetime) else date,
        "description": text,
    }
    inner = "".join(f"<{tag}>{escape(value)}</{tag}>" for tag, value in fields.items() if value)
    return f"<item>{inner}</item>"


def rss(*items: str, declared: str = "utf-8") -> bytes:
    """A document with these items."""
    return (
        f'<?xml version="1.0" encoding="{declared}"?><rss version="2.0"><channel>'
        f"<title>Wire</title><link>{SITE}/</link>{''.join(items)}</channel></rss>"
    ).encode()


def named(*names: str, **fields: object) -> bytes:
    """A document with one ordinary item for each name."""
    return rss(*(item(name, **fields) for name in names))  # type: ignore[arg-type]
