"""The last check before a brief is shown: every quote is an exact substring of its article."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace

from bot.domain.news import Record
from bot.domain.posts import Brief, BriefItem, BriefQuote


def checked(
    brief: Brief, records: Mapping[str, Record], *, dropped: Collection[str] = ()
) -> tuple[Brief, int]:
    """``brief`` without the quotes that do not stand in their article, and how many those were.

    Args:
        brief: What is about to be shown.
        records: Position → stored record, for the positions the quotes name.
        dropped: Positions whose quotes were shown, and so checked, before their record was dropped.
    """
    return only(
        brief, lambda quote: quote.position in dropped or stands(quote, records.get(quote.position))
    )


def quoted(briefs: Iterable[Brief]) -> set[str]:
    """Positions of the records that ``briefs`` quote."""
    return {q.position for brief in briefs for item in brief.items for q in item.quotes}


def only(brief: Brief, good: Callable[[BriefQuote], bool]) -> tuple[Brief, int]:
    """``brief`` with its good quotes only, and how many others there were."""
    withheld = 0
    items: list[BriefItem] = []
    for item in brief.items:
        kept = tuple(quote for quote in item.quotes if good(quote))
        withheld += len(item.quotes) - len(kept)
        items.append(item if len(kept) == len(item.quotes) else replace(item, quotes=kept))
    return (replace(brief, items=tuple(items)) if withheld else brief), withheld


def stands(quote: BriefQuote, record: Record | None) -> bool:
    """Whether the record is of the article, and has the quote's words at its place."""
    return (
        record is not None
        and record.article.id == quote.article_id
        and record.article.revision == quote.revision
        and quote.span.of(record.article.text) == quote.text
        and all(part.span.of(record.article.text) == part.text for part in quote.parts)
    )
