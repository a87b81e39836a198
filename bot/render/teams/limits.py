"""What Teams takes: the one gate in front of every card, and the limits it knows.

Teams refuses a whole message for a few bytes too many. A renderer therefore offers its card in
several lengths, and ``first_fitting`` takes the longest that has no problem.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

Card = dict[str, Any]

#: Bytes of a whole message, https://learn.microsoft.com/microsoftteams/limits-specifications-teams
MESSAGE_BYTES: Final = 28 * 1024
#: Kept free for the message around the card: its type, summary and ids.
ENVELOPE_BYTES: Final = 1536
ACTIONS: Final = 6
#: Characters of a notification, of a button and of an address.
SUMMARY: Final = 200
BUTTON: Final = 40
URL: Final = 2000
VERSION: Final = "1.5"

_ELEMENT: Final = frozenset({"type", "id", "isVisible", "separator", "spacing"})
_ACTION: Final = frozenset({"type", "title", "id", "tooltip"})
#: Type → the properties we use, all of them of schema 1.5; anything else is a mistake of ours.
_KNOWN: Final[Mapping[str, frozenset[str]]] = {
    "AdaptiveCard": frozenset({"type", "$schema", "version", "lang", "fallbackText", "body"})
    | {"actions", "msteams"},
    "TextBlock": _ELEMENT | {"text", "wrap", "size", "weight", "color", "isSubtle", "style"},
    "RichTextBlock": _ELEMENT | {"inlines"},
    "TextRun": frozenset({"type", "text", "size", "weight", "color", "isSubtle"})
    | {"italic", "fontType", "selectAction"},
    "Container": _ELEMENT | {"items", "style"},
    "FactSet": _ELEMENT | {"facts"},
    "Fact": frozenset({"title", "value"}),
    "Action.OpenUrl": _ACTION | {"url"},
    "Action.ToggleVisibility": _ACTION | {"targetElements"},
}
#: Where a value has no ``type`` of its own.
_IMPLIED: Final = {"facts": "Fact"}
_CHILDREN: Final = ("body", "items", "inlines", "actions", "facts")
_TEXTS: Final = frozenset({"TextBlock", "TextRun"})


def size(value: object) -> int:
    """Bytes of ``value`` as it is sent: compact JSON in UTF-8."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def sendable(card: Card) -> bool:
    """Whether Teams takes the card, as far as can be known without asking it."""
    return not problems(card)


def first_fitting(lengths: Iterable[Callable[[], Card]]) -> Card:
    """The first card that can be sent.

    Args:
        lengths: Makers of the same card, the longest first, the last one tiny.

    Raises:
        ValueError: none can be sent, which is a mistake of the renderer.
    """
    found: tuple[str, ...] = ("no card",)
    for make in lengths:
        card = make()
        found = problems(card)
        if not found:
            return card
    raise ValueError(f"a card that Teams would refuse: {'; '.join(found[:3])}")


def problems(card: Card) -> tuple[str, ...]:
    """Everything for which Teams would refuse the card, or show it to fewer people."""
    return tuple(_problems(card))


def _problems(card: Card) -> Iterator[str]:
    if card.get("type") != "AdaptiveCard" or card.get("version") != VERSION:
        yield f"not an Adaptive Card {VERSION}"
    if not str(card.get("fallbackText", "")).strip():
        yield "no fallbackText"
    if not card.get("body"):
        yield "nothing to show"
    written = size(card)
    if written > MESSAGE_BYTES - ENVELOPE_BYTES:
        yield f"{written:,} bytes"
    if len(card.get("actions", ())) > ACTIONS:
        yield f"{len(card['actions'])} actions"
    if not all(action.get("title") for action in card.get("actions", ())):
        yield "a button without a title"
    elements = tuple(_elements(card, "AdaptiveCard"))
    ids = [element["id"] for _, element in elements if "id" in element]
    if len(set(ids)) < len(ids):
        yield "an id twice"
    for kind, element in elements:
        yield from _of_element(kind, element, ids)


def _of_element(kind: str, element: Mapping[str, Any], ids: list[str]) -> Iterator[str]:
    known = _KNOWN.get(kind)
    if known is None:
        yield f"unknown element {kind}"
        return
    for name in element.keys() - known:
        yield f"unknown property {kind}.{name}"
    if kind in _TEXTS and not element.get("text"):
        yield f"{kind} without text"
    if kind == "Action.OpenUrl" and not str(element.get("url")).startswith(("http://", "https://")):
        yield f"a link to {element.get('url')!r}"
    for target in element.get("targetElements", ()):
        if target not in ids:
            yield f"a button for {target!r}, which is not there"


def _elements(value: Mapping[str, Any], implied: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """``value`` and everything inside it, each with its type."""
    yield str(value.get("type", implied)), value
    for name in _CHILDREN:
        for child in value.get(name, ()):
            yield from _elements(child, _IMPLIED.get(name, "nothing"))
    if "selectAction" in value:
        yield from _elements(value["selectAction"], "nothing")
