"""One place for the defaults of test values: ``make_entry(title="…")``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.domain.answers import Hit
from bot.domain.feeds import Feed
from bot.domain.news import Article, Entry, Record, TextState
from bot.domain.posts import Brief, BriefItem, BriefKind, BriefQuote, Coverage
from bot.domain.quotes import Span

#: The demo's Friday: 4 April 2025, noon.
NOW = datetime(2025, 4, 4, 12, 0, tzinfo=UTC)


def make_feed(**changes: Any) -> Feed:
    return Feed(**{"id": "f1", "url": "https://wire.example/rss", "name": "Wire", **changes})


def make_entry(**changes: Any) -> Entry:
    values: dict[str, Any] = {
        "feed_id": "f1",
        "outlet": "Wire",
        "tier": 1,
        "key": "guid-1",
        "article_id": "a1",
        "url": "https://wire.example/a1",
        "title": "NATO chief urges more defence spending",
        "published": NOW,
        "first_seen": NOW,
        "fingerprint": "fp1",
    }
    return Entry(**{**values, **changes})


def make_article(**changes: Any) -> Article:
    values: dict[str, Any] = {
        "id": "a1",
        "feed_id": "f1",
        "outlet": "Wire",
        "url": "https://wire.example/a1",
        "title": "NATO chief urges more defence spending",
        "text": "NATO Secretary General Mark Rutte urged allies to spend more.",
        "state": TextState.FULL,
        "published": NOW,
        "first_seen": NOW,
    }
    return Article(**{**values, **changes})


def make_record(position: str = "1743768000000-0", **changes: Any) -> Record:
    stored = changes.pop("stored", NOW)
    return Record(position=position, stored=stored, article=make_article(**changes))


def make_quote(**changes: Any) -> BriefQuote:
    values: dict[str, Any] = {
        "text": "need to engage as well,",
        "speaker": "Mark Rutte",
        "role": "NATO Secretary General",
        "outlet": "Wire",
        "url": "https://wire.example/a1",
        "published": NOW,
        "article_id": "a1",
        "revision": 1,
        "position": "1743768000000-0",
        "span": Span(start=10, end=33),
    }
    return BriefQuote(**{**values, **changes})


def make_item(**changes: Any) -> BriefItem:
    values: dict[str, Any] = {
        "story_id": "a1",
        "title": "NATO chief urges more defence spending",
        "url": "https://wire.example/a1",
        "outlet": "Wire",
        "published": NOW,
        "lead": "NATO Secretary General Mark Rutte urged allies to spend more.",
        "topics": ("NATO spending",),
        "quotes": (make_quote(),),
        "coverage": (
            Coverage(
                outlet="Wire",
                url="https://wire.example/a1",
                title="NATO chief urges more defence spending",
                published=NOW,
            ),
        ),
        "why": ('NATO spending: "defence spending" in the title',),
    }
    return BriefItem(**{**values, **changes})


def make_brief(**changes: Any) -> Brief:
    values: dict[str, Any] = {
        "kind": BriefKind.ALERT,
        "headline": "NATO chief urges more defence spending",
        "made": NOW,
        "items": (make_item(),),
    }
    return Brief(**{**values, **changes})


def make_hit(**changes: Any) -> Hit:
    values: dict[str, Any] = {
        "article_id": "a1",
        "position": "1743768000000-0",
        "span": Span(start=10, end=33),
        "text": "need to engage as well,",
        "is_quote": True,
        "speaker": "Mark Rutte",
        "role": "NATO Secretary General",
        "outlet": "Wire",
        "url": "https://wire.example/a1",
        "title": "NATO chief urges more defence spending",
        "published": NOW,
        "score": 1.0,
    }
    return Hit(**{**values, **changes})
