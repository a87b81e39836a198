"""A brief as an Adaptive Card: what, who said what, where, why; too long ends in "and n more".

The same card is made in several lengths (``_ROOMS``); the longest that Teams takes is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from bot.domain.posts import Brief, BriefItem, BriefKind, BriefQuote
from bot.render import words
from bot.render.escape import plain, teams
from bot.render.teams.elements import (
    DOT,
    Element,
    box,
    heading,
    line,
    moment,
    read_at,
    run,
    short,
    small,
    text,
    toggle,
)
from bot.render.teams.limits import Card, first_fitting
from bot.render.teams.message import card
from bot.render.words import shortened


@dataclass(frozen=True, slots=True, kw_only=True)
class _Room:
    """How much of a brief is shown: characters of a part, or how many of it at most."""

    items: int
    title: int = 300
    lead: int
    quotes: int
    quote: int
    others: int
    reasons: int
    also: int
    notes: int = 10


_ROOMS = (
    _Room(items=40, lead=600, quotes=8, quote=1000, others=8, reasons=4, also=15),
    _Room(items=40, lead=400, quotes=3, quote=1000, others=4, reasons=2, also=10),
    _Room(items=40, lead=240, quotes=1, quote=600, others=2, reasons=1, also=10),
    _Room(items=25, lead=160, quotes=1, quote=300, others=0, reasons=0, also=8),
    _Room(items=15, lead=0, quotes=1, quote=300, others=0, reasons=0, also=5, notes=5),
    _Room(items=8, title=200, lead=0, quotes=0, quote=0, others=0, reasons=0, also=0, notes=3),
    _Room(items=3, title=120, lead=0, quotes=0, quote=0, others=0, reasons=0, also=0, notes=2),
)
#: Characters of a name, a note, a reason; topics of a brief.
_FACT, _NOTE, _REASON, _TOPICS = 120, 300, 240, 6
_COLOUR = {
    BriefKind.ALERT: "Attention",
    BriefKind.DIGEST: "Accent",
    BriefKind.NOTICE: "Warning",
    BriefKind.ANSWER: "Good",
}


def brief_card(brief: Brief) -> Card:
    """``brief`` as a card; always sendable."""
    lengths = [partial(_card, brief, room) for room in _ROOMS]
    return first_fitting([*lengths, partial(_smallest, brief)])


def plain_brief_card(brief: Brief) -> Card:
    """``brief`` in one line and a link, for when Teams finds fault with its card."""
    lone = brief.items[0] if len(brief.items) == 1 else None
    said = brief_line(brief)
    return card(
        [text(teams(short(said, 600)))],
        fallback=shortened(said, 200),
        actions=(read_at(lone.url, lone.outlet) if lone else None,),
    )


def brief_line(brief: Brief) -> str:
    """The brief in one line of plain text, for notifications and clients without cards."""
    parts = [words.labelled(brief, short(brief.headline, 300))]
    if brief.kind is BriefKind.ALERT:
        for item in brief.items[:1]:
            for said in item.quotes[:1]:
                shown = words.uttered(said, most=300, clean=plain)
                parts.append(f"{shown} {_fact(words.speaker(said))}")
            parts.append(f"{_fact(item.outlet)}, {words.when(item.published)}")
    elif brief.kind is BriefKind.NOTICE:
        parts += [short(note, _REASON) for note in brief.notes[:3]]
    else:
        parts += [_fact(item.title) for item in brief.items[:5]]
        parts.append(words.when(brief.made))
    return " — ".join(filter(None, parts))


def _card(brief: Brief, room: _Room) -> Card:
    shown = brief.items[: room.items]
    body = list(_head(brief, room))
    for number, item in enumerate(shown, 1):
        body.append(_item(brief.kind, item, room, number))
    if len(brief.items) > len(shown):
        body.append(small([f"and {len(brief.items) - len(shown):,} more"]))
    body += _also(brief.also, room.also)
    hidden = [f"why{n}" for n, item in enumerate(shown, 1) if _reasons(item, room)]
    lone = shown[0] if len(shown) == 1 else None
    actions = (
        read_at(lone.url, lone.outlet) if lone else None,
        toggle("Why this was sent", hidden),
    )
    return card(body, fallback=brief_line(brief), actions=actions)


def _smallest(brief: Brief) -> Card:
    """What is left when nothing longer fits: that there is something, and how much."""
    body = [
        _label(brief, ()),
        heading(short(brief.headline, 100)),
        text(f"Too long for one message: {words.stories(len(brief.items))}."),
    ]
    return card(body, fallback=shortened(brief_line(brief), 200))


def _head(brief: Brief, room: _Room) -> Iterator[Element | None]:
    """What stands over the items."""
    if brief.kind is BriefKind.ALERT:
        yield _label(brief, dict.fromkeys(topic for item in brief.items for topic in item.topics))
        if any(item.changes for item in brief.items):
            yield small([f"Updated {moment(brief.made)}"])
    else:
        stories = [words.stories(len(brief.items))] if brief.kind is BriefKind.DIGEST else []
        yield _label(brief, stories)
        yield heading(short(brief.headline, room.title), spacing="Small")
        yield small([moment(brief.made)])
    notes = [short(note, _NOTE) for note in brief.notes]
    style = "default" if brief.kind is BriefKind.NOTICE else "warning"
    yield box([text(teams(note)) for note in notes[: room.notes] if note], style=style)


def _label(brief: Brief, facts: Iterable[str]) -> Element:
    named = [teams(short(fact, 60)) for fact in list(facts)[:_TOPICS]]
    shown = DOT.join(filter(None, [words.label(brief).upper(), *named]))
    return text(shown, size="Small", weight="Bolder", color=_COLOUR[brief.kind])


def _item(kind: BriefKind, item: BriefItem, room: _Room, number: int) -> Element | None:
    title = short(item.title, room.title) or "Without a headline"
    lone = kind is BriefKind.ALERT
    first = f"{number}. " if kind is BriefKind.DIGEST else ""
    parts: list[Element | None] = [
        heading(title, spacing="None")
        if lone
        else line(
            run(first, weight="Bolder") if first else None,
            run(title, url=item.url, weight="Bolder"),
        ),
        small(_facts(item, topics=kind is BriefKind.DIGEST)),
    ]
    changes = [short(change, _REASON) or "…" for change in item.changes[-3:]]
    parts += [text(teams(change), color="Warning") for change in changes]
    if item.lead and room.lead:
        parts.append(line(run(short(item.lead, room.lead) or "…")))
    parts += [_quote(said, item, room) for said in item.quotes[: room.quotes]]
    parts.append(_others(item, room))
    parts.append(box(_reasons(item, room), id=f"why{number}", isVisible=False))
    if lone:
        return box(parts, spacing="Small")
    return box(parts, separator=True, spacing="Medium")


def _facts(item: BriefItem, *, topics: bool) -> Iterator[str]:
    if topics:
        yield ", ".join(teams(short(topic, 60)) for topic in item.topics[:_TOPICS])
    yield teams(_fact(item.outlet))
    yield moment(item.published)
    yield words.coverage(item)


def _quote(said: BriefQuote, item: BriefItem, room: _Room) -> Element | None:
    reported = run("Reported: ", weight="Bolder") if said.kind == "indirect" else None
    outlet = _fact(said.outlet)
    return box(
        [
            line(run(words.uttered(said, most=room.quote, clean=plain))),
            line(
                reported,
                run(_fact(words.speaker(said)), weight="Bolder"),
                run(DOT, isSubtle=True) if outlet else None,
                run(outlet, url=said.url if said.url != item.url else "", isSubtle=True)
                if outlet
                else None,
                spacing="Small",
            ),
        ],
        style="emphasis",
        spacing="Small",
    )


def _others(item: BriefItem, room: _Room) -> Element | None:
    """``Also in Harbour Post, Wire (same report)``, each linked."""
    others = words.also_in(item)
    if not others or not room.others:
        return None
    runs = [run("Also in ", size="Small", isSubtle=True)]
    for number, (outlet, url, note) in enumerate(others[: room.others]):
        if number:
            runs.append(run(", ", size="Small", isSubtle=True))
        runs.append(run(_fact(outlet) or "another outlet", url=url, size="Small"))
        if note:
            runs.append(run(f" ({note})", size="Small", isSubtle=True))
    if len(others) > room.others:
        more = len(others) - room.others
        runs.append(run(f" and {more:,} more", size="Small", isSubtle=True))
    return line(*runs, spacing="Small")


def _reasons(item: BriefItem, room: _Room) -> list[Element]:
    """Why it was sent; hidden until the reader asks, so short on screen but always there."""
    shown = [short(reason, _REASON) for reason in item.why[: room.reasons]]
    return [text(teams(reason), size="Small", isSubtle=True) for reason in shown if reason]


def _also(items: Sequence[BriefItem], most: int) -> list[Element | None]:
    """One line each for stories this channel has in full already."""
    if not items:
        return []
    if not most:
        return [small([f"Already alerted here: {words.stories(len(items))}"])]
    shown = [
        line(
            run("• "),
            run(_fact(item.title) or "Without a headline", url=item.url),
            run(f"{DOT}{_fact(item.outlet)}", isSubtle=True),
            spacing="Small",
        )
        for item in items[:most]
    ]
    if len(items) > most:
        shown.append(small([f"and {len(items) - most:,} more"]))
    head = text("Already alerted here", weight="Bolder", size="Small")
    return [box([head, *shown], separator=True, spacing="Medium")]


def _fact(value: str) -> str:
    return short(value, _FACT)
