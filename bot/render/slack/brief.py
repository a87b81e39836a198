"""A brief as a Slack message: what, who said what, where, why; many items end in "and n more"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.domain.posts import Brief, BriefItem, BriefKind, BriefQuote
from bot.render import words
from bot.render.escape import plain, slack, slack_link
from bot.render.slack.blocks import (
    DOT,
    Block,
    Element,
    bullets,
    context,
    date,
    divider,
    header,
    line,
    link,
    quote,
    rich_text,
    text,
)
from bot.render.slack.limits import BLOCKS, CHARACTERS, TEXT, Payload
from bot.render.words import shortened

#: Characters shown of each part, before escaping.
_TITLE = 300
_LEAD = 600
_QUOTE = 600
_FACT = 120
_REASON = 240
_NOTE = 300
#: How many of each at most.
_QUOTES = 8
_OTHERS = 8
_REASONS = 4
_NOTES = 8
_ALSO = 10
_TOPICS = 6
#: Characters of a context, after escaping: over the items, of the notes, under an item.
_LABEL = 800
_ALL_NOTES = 1500
_FACTS = 2000
#: Kept free for what comes after the items: blocks, and characters of "and n more".
_LAST_BLOCKS = 2
_LAST_CHARACTERS = 40


def brief_message(brief: Brief) -> Payload:
    """``brief`` as ``text`` and ``blocks``; always sendable."""
    head = list(_head(brief))
    also = [_also(brief.also)] if brief.also else []
    items = _items(
        brief,
        blocks=BLOCKS - len(head) - _LAST_BLOCKS,
        characters=CHARACTERS - _length([head, also]) - _LAST_CHARACTERS,
    )
    return {"text": brief_line(brief), "blocks": [*head, *items, *also]}


def plain_brief(brief: Brief) -> Payload:
    """``brief`` without blocks, for when they cannot be shown; an edit takes the old ones off."""
    links = [
        slack_link(item.url, shortened(plain(item.outlet), 60))
        for item in brief.items[:1]
        if len(item.url) < 100
    ]
    return {"text": " ".join([brief_line(brief), *links]), "blocks": []}


def brief_line(brief: Brief) -> str:
    """The brief in one line, for notifications and screen readers."""
    parts = [words.labelled(brief, shortened(plain(brief.headline), _TITLE))]
    if brief.kind is BriefKind.ALERT:
        for item in brief.items[:1]:
            for said in item.quotes[:1]:
                shown = words.uttered(said, most=_TITLE, clean=plain)
                parts.append(f"{shown} {plain(words.speaker(said))[:_FACT]}")
            parts.append(shortened(plain(item.outlet), _FACT))
    elif brief.kind is BriefKind.NOTICE:
        parts += [shortened(plain(note), _REASON) for note in brief.notes[:_REASONS]]
    else:
        parts += [shortened(plain(item.title), _FACT) for item in brief.items[:5]]
    return slack(shortened(" — ".join(filter(None, parts)), TEXT // 6))


def _head(brief: Brief) -> Iterator[Block]:
    """What stands over the items."""
    facts = [f"*{words.label(brief)}*"]
    if brief.kind is BriefKind.DIGEST:
        yield header(brief.headline)
        facts = [words.stories(len(brief.items))]
    if brief.kind is BriefKind.ALERT:
        facts += _named(dict.fromkeys(topic for item in brief.items for topic in item.topics))
    yield from _some(context([DOT.join([*facts, date(brief.made)])], most=_LABEL))
    if brief.kind in {BriefKind.NOTICE, BriefKind.ANSWER}:
        yield rich_text([line(text(shortened(plain(brief.headline), _TITLE) or "…", "bold"))])
    notes = [shortened(plain(note), _NOTE) for note in brief.notes[:_NOTES]]
    if brief.kind is not BriefKind.NOTICE:
        yield from _some(context(map(slack, notes), most=_ALL_NOTES))
    elif any(notes):
        yield rich_text([line(text(note)) for note in notes])


def _items(brief: Brief, *, blocks: int, characters: int) -> list[Block]:
    """As many items as there is room for, and how many more there are."""
    shown: list[Block] = []
    for number, item in enumerate(brief.items, 1):
        numbered = number if brief.kind is BriefKind.DIGEST else None
        added = [*([divider()] if numbered else []), *_item(item, brief.kind, number=numbered)]
        if len(shown) + len(added) > blocks or _length([shown, added]) > characters:
            shown += _some(context([f"and {len(brief.items) - number + 1:,} more"]))
            break
        shown += added
    return shown


def _item(item: BriefItem, kind: BriefKind, *, number: int | None) -> Iterator[Block]:
    title = shortened(plain(item.title), _TITLE) or "Without a headline"
    parts = [line(text(f"{number}. ", "bold") if number else None, link(item.url, title, "bold"))]
    parts += [line(text(f"✎ {shortened(plain(c), _REASON)}", "italic")) for c in item.changes[-3:]]
    parts.append(line(text(shortened(plain(item.lead), _LEAD))))
    for said in item.quotes[:_QUOTES]:
        parts.append(quote_of(said, linked=said.url != item.url))
    yield rich_text(parts)
    yield from _some(context(_facts(item, kind), most=_FACTS))


def quote_of(said: BriefQuote, *, linked: bool) -> Element:
    """The words as printed, then who said them and where."""
    outlet = shortened(plain(said.outlet), _FACT)
    return quote(
        text(f"{words.uttered(said, most=_QUOTE, clean=plain)}\n"),
        text("Reported: ") if said.kind == "indirect" else None,
        text(shortened(plain(words.speaker(said)), _FACT), "bold"),
        text(DOT) if outlet else None,
        link(said.url, outlet) if linked else text(outlet),
    )


def _facts(item: BriefItem, kind: BriefKind) -> Iterator[str]:
    """Outlet, time and coverage; other outlets; why it was sent."""
    facts = [
        *(_named(item.topics) if kind is BriefKind.DIGEST else ()),
        slack_link(item.url, shortened(plain(item.outlet), _FACT)) if len(item.url) < 500 else "",
        date(item.published),
        words.coverage(item),
    ]
    yield DOT.join(filter(None, facts))
    others = words.also_in(item)
    named = [
        f"{slack_link(url, shortened(plain(outlet), 60))}{f' ({note})' if note else ''}"
        for outlet, url, note in others[:_OTHERS]
        if len(url) < 300
    ]
    if len(others) > len(named):
        named.append(f"{len(others) - len(named):,} more")
    if named:
        yield f"Also in {', '.join(named)}"
    for number, reason in enumerate(item.why[:_REASONS]):
        yield f"{'*Why* ' if number == 0 else ''}{slack(shortened(plain(reason), _REASON))}"


def _also(items: Sequence[BriefItem]) -> Block:
    shown = [
        line(
            link(item.url, shortened(plain(item.title), 100) or "Without a headline"),
            text(f"{DOT}{shortened(plain(item.outlet), 40)}"),
        )
        for item in items[:_ALSO]
    ]
    if len(items) > _ALSO:
        shown.append(line(text(f"and {len(items) - _ALSO:,} more")))
    return rich_text([line(text("Already alerted here", "bold")), bullets(shown)])


def _named(topics: Iterable[str]) -> list[str]:
    return [slack(shortened(plain(topic), 60)) for topic in list(topics)[:_TOPICS]]


def _some(block: Block | None) -> list[Block]:
    return [] if block is None else [block]


def _length(value: object) -> int:
    """Characters of every text inside a block."""
    if isinstance(value, dict):
        own = value.get("text")
        inner = sum(_length(part) for part in value.values() if not isinstance(part, str))
        return inner + (len(own) if isinstance(own, str) else 0)
    return sum(map(_length, value)) if isinstance(value, list) else 0
