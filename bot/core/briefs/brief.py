"""An alert of one story, and a digest of many."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime

from bot.core.briefs.item import item_of
from bot.core.briefs.schedule import CATCH_UP, QUIET_SLOT
from bot.domain.posts import Brief, BriefItem, BriefKind, BriefQuote
from bot.domain.quotes import QuoteKind, Span
from bot.domain.stories import Story

#: Quotes of a story in an alert.
ALERT_QUOTES = 3
#: Quotes of a story in a digest, and in one that was given a number for all stories together.
DIGEST_QUOTES = 2
STORY_QUOTES = 8

_NOWHERE = Span(start=0, end=0)
_QUIET_NOTE = "Held during quiet hours"
_CATCH_UP_NOTE = "More than this channel takes in an hour"


def alert(
    story: Story,
    *,
    topics: tuple[str, ...],
    made: datetime,
    topic_words: Mapping[str, frozenset[str]],
    said_before: Collection[str] = (),
    changes: tuple[str, ...] = (),
) -> Brief:
    """One story, now; ``topics``, ``said_before`` and ``changes`` as in ``item_of``."""
    item = item_of(
        story,
        topics=topics,
        topic_words=topic_words,
        quotes=ALERT_QUOTES,
        said_before=said_before,
        changes=changes,
    )
    return Brief(kind=BriefKind.ALERT, headline=item.title, made=made, items=(item,))


def digest(
    items: tuple[BriefItem, ...],
    *,
    also: tuple[BriefItem, ...],
    slot: str,
    local_date: str,
    made: datetime,
    notes: tuple[str, ...] = (),
) -> Brief:
    """What a channel was not told of yet, and one line for each story it was told of.

    Args:
        items: The highest score first.
        also: Stories that have their own post in the channel.
        slot: As in ``DigestDue``.
        local_date: As in ``DigestDue``.
        made: When the digest fell due.
        notes: Sentences of our own.
    """
    if slot == QUIET_SLOT:
        notes = (_QUIET_NOTE, *notes)
    elif slot.startswith(CATCH_UP):
        notes = (_CATCH_UP_NOTE, *notes)
    return Brief(
        kind=BriefKind.DIGEST,
        headline=_headline(slot, local_date),
        made=made,
        items=items,
        also=also,
        notes=notes,
    )


def within(items: tuple[BriefItem, ...], most: int) -> tuple[BriefItem, ...]:
    """``items`` with at most ``most`` quotes in all.

    The best of each story first, then the stories in turn, reported speech last.
    """
    places = sorted(
        (0 if number == 0 else 2 if quote.kind is QuoteKind.INDIRECT else 1, number, index)
        for index, item in enumerate(items)
        for number, quote in enumerate(item.quotes)
    )
    kept = {(index, number) for _, number, index in places[:most]}
    return tuple(
        replace(item, quotes=tuple(q for n, q in enumerate(item.quotes) if (index, n) in kept))
        for index, item in enumerate(items)
    )


def seen(brief: Brief) -> Brief:
    """``brief`` without what no reader sees: which stored revision a quote is checked against.

    Two briefs of which this is equal look the same.
    """
    items = tuple(
        replace(
            item,
            quotes=tuple(_seen(quote) for quote in item.quotes),
        )
        for item in brief.items
    )
    return replace(brief, items=items)


def _seen(quote: BriefQuote) -> BriefQuote:
    parts = tuple(replace(part, span=_NOWHERE) for part in quote.parts)
    return replace(quote, revision=0, position="", span=_NOWHERE, parts=parts)


def _headline(slot: str, local_date: str) -> str:
    """``Digest, Friday 4 April 2025, 07:30``; a slot without a time of day is left out."""
    try:
        day = date.fromisoformat(local_date)
    except ValueError:
        return "Digest"
    name = f"Digest, {day:%A} {day.day} {day:%B %Y}"
    return f"{name}, {slot}" if slot[:1].isdigit() else name
