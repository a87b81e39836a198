"""Cards and the messages around them: what a bot sends, and what a Workflows webhook takes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from bot.render.escape import teams
from bot.render.teams.elements import Element, short, text
from bot.render.teams.limits import ACTIONS, SUMMARY, VERSION, Card

_CONTENT = "application/vnd.microsoft.card.adaptive"
#: Characters of the text for clients without cards.
_FALLBACK = 600


def card(
    body: Iterable[Element | None], *, fallback: str, actions: Iterable[Element | None] = ()
) -> Card:
    """An Adaptive Card.

    Args:
        body: What it shows; None is left out.
        fallback: The same in one line, as plain text.
        actions: Its buttons, the most useful first.
    """
    made: Card = {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": VERSION,
        "lang": "en",
        "msteams": {"width": "full"},
        "fallbackText": teams(short(fallback, _FALLBACK)) or "nato-brief",
        "body": [element for element in body if element is not None],
    }
    buttons = [action for action in actions if action is not None]
    return {**made, "actions": buttons[:ACTIONS]} if buttons else made


def plain_card(line: str) -> Card:
    """One sentence of our own."""
    return card([text(teams(short(line, _FALLBACK)) or "…")], fallback=line)


def activity(shown: Card, *, summary: str) -> dict[str, Any]:
    """The message a bot sends.

    Args:
        shown: The card.
        summary: What a notification says, as plain text.
    """
    return {
        "type": "message",
        "summary": short(summary, SUMMARY) or "nato-brief",
        "attachments": [{"contentType": _CONTENT, "content": shown}],
    }


def webhook_body(shown: Card) -> dict[str, Any]:
    """What "When a Teams webhook request is received" takes."""
    attachment = {"contentType": _CONTENT, "contentUrl": None, "content": shown}
    return {"type": "message", "attachments": [attachment]}


def dump(value: object) -> bytes:
    """JSON as ``limits.size`` counts it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
