"""The last check before a brief is shown: every quote is an exact substring of its article."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.news import Record
from bot.domain.posts import Brief, BriefItem, BriefQuote


def checked(brief: Brief, records: Mapping[str, Record]) -> tuple[Brief, int]:
    """``brief`` without the quotes that do not stand in their article, and how many those were.

    Args:
        brief: What is about to be shown.
        records: Position → stored record, for the positions the quotes name.
    """
    withheld = 0
    items: list[BriefItem] = []
    for item in brief.items:
        good = tuple(quote for quote in item.quotes if _stands(quote, records))
        withheld += len(item.quotes) - len(good)
        items.append(item if len(good) == len(item.quotes) else replace(item, quotes=good))
    return (replace(brief, items=tuple(items)) if withheld else brief), withheld


def _stands(quote: BriefQuote, records: Mapping[str, Record]) -> bool:
    record = records.get(quote.position)
    return (
        record is not None
        and record.article.id == quote.article_id
        and record.article.revision == quote.revision
        and quote.span.of(record.article.text) == quote.text
        and all(part.span.of(record.article.text) == part.text for part in quote.parts)
    )
