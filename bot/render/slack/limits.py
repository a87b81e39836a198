"""What Slack takes: the one gate in front of every message, and the limits it knows.

Slack refuses a whole message for one field that is too long, so renderers shorten by these
numbers, and nothing is sent that does not pass ``sendable``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from bot.render.escape import plain, slack
from bot.render.words import shortened

#: A message as ``chat.postMessage`` takes it: ``text`` and ``blocks``.
Payload = dict[str, Any]

BLOCKS = 50
SECTION = 3000
FIELD = 2000
HEADER = 150
CONTEXT_ELEMENTS = 10
#: Of the text that notifications and screen readers use; Slack cuts at ten times this.
TEXT = 4000
URL = 3000
BUTTON_VALUE = 2000
#: Of a whole message; beyond some 13,000 Slack answers ``msg_blocks_too_long``.
CHARACTERS = 12_000

_KINDS_WITH_TEXT = frozenset({"text", "mrkdwn", "plain_text", "link"})


def sendable(payload: Mapping[str, Any]) -> bool:
    """Whether Slack takes the message, as far as can be known without asking it."""
    return not problems(payload)


def problems(payload: Mapping[str, Any]) -> tuple[str, ...]:
    """Everything for which Slack would refuse the message, or show it to fewer people."""
    return tuple(_problems(payload))


def plain_message(text: str) -> Payload:
    """A message of plain text only, which is always sendable."""
    return {"text": slack(shortened(plain(text), TEXT // 6)) or "…"}


def _problems(payload: Mapping[str, Any]) -> Iterator[str]:
    text = payload.get("text")
    if not isinstance(text, str) or not text.strip():
        yield "no text for notifications and screen readers"
    elif len(text) > TEXT:
        yield f"text of {len(text)} characters, over {TEXT}"
    blocks = payload.get("blocks", [])
    if len(blocks) > BLOCKS:
        yield f"{len(blocks)} blocks, over {BLOCKS}"
    if sum(block.get("type") == "table" for block in blocks) > 1:
        yield "more than one table"
    for number, block in enumerate(blocks):
        yield from (f"block {number}: {found}" for found in _block_problems(block))
    yield from _twice("block_id", blocks)
    yield from _twice("action_id", blocks)
    written = sum(len(part.get("text", "")) for part in _with_text(blocks))
    if written > CHARACTERS:
        yield f"{written} characters in blocks, over {CHARACTERS}"


def _block_problems(block: Mapping[str, Any]) -> Iterator[str]:
    try:
        parsed = Block.parse(dict(block))
        if parsed is None:
            yield f"{block.get('type')!r} is not known"
        else:
            parsed.to_dict()
    except (SlackObjectFormationError, TypeError, ValueError, KeyError) as error:
        yield str(error)
    for field in block.get("fields", ()):
        if len(field.get("text", "")) > FIELD:
            yield f"a field of {len(field['text'])} characters, over {FIELD}"
    if block.get("type") == "context" and not 1 <= len(block["elements"]) <= CONTEXT_ELEMENTS:
        yield f"a context of {len(block['elements'])} elements"
    for part in _parts(block):
        if part.get("type") in _KINDS_WITH_TEXT and part.get("text", "x") == "":
            yield f"an empty {part['type']}"
        if part.get("type") in {"mrkdwn", "plain_text"} and len(part.get("text", "")) > SECTION:
            yield f"a {part['type']} of {len(part['text'])} characters, over {SECTION}"
        if len(part.get("url", "")) > URL:
            yield f"an address of {len(part['url'])} characters, over {URL}"


def _twice(name: str, blocks: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    seen: set[str] = set()
    for part in (part for block in blocks for part in _parts(block)):
        value = part.get(name)
        if value in seen:
            yield f"{name} {value!r} twice"
        if value:
            seen.add(value)


def _with_text(blocks: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for block in blocks:
        for part in _parts(block):
            if isinstance(part.get("text"), str):
                yield part


def _parts(value: object) -> Iterator[Mapping[str, Any]]:
    """Every object inside ``value``, itself included."""
    if isinstance(value, Mapping):
        yield value
        for inner in value.values():
            yield from _parts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _parts(inner)
