"""The blocks we use, one function each; what comes from others goes in literally or escaped.

Rich text is literal: no character in it formats, links or calls anybody, which is why titles and
quotes stand there. Only facts of a few words go into mrkdwn, escaped.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bot.render import words
from bot.render.escape import link as safe_link
from bot.render.escape import plain
from bot.render.slack.limits import BUTTON_VALUE, HEADER, SECTION, URL
from bot.render.words import shortened

Block = dict[str, Any]
Element = dict[str, Any]

#: Ours, between two facts.
DOT = " · "


def header(text: str) -> Block:
    """A headline over many items."""
    shown = shortened(plain(text), HEADER) or "nato-brief"
    return {"type": "header", "text": {"type": "plain_text", "text": shown, "emoji": False}}


def context(lines: Iterable[str], *, most: int = SECTION) -> Block | None:
    """Small grey lines of mrkdwn, escaped already, at most ``most`` characters; None for none.

    ``verbatim`` keeps Slack from making links and mentions out of bare words.
    """
    kept: list[str] = []
    for line in filter(None, lines):
        if sum(map(len, kept)) + len(kept) + len(line) > most:
            break  # a line is shortened before it is escaped; here it could be cut inside a link
        kept.append(line)
    if not kept:
        return None
    text = "\n".join(kept)
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text, "verbatim": True}]}


def divider() -> Block:
    """A line between two items."""
    return {"type": "divider"}


def rich_text(parts: Iterable[Element | None]) -> Block:
    """Sections, quotes and lists under each other."""
    return {"type": "rich_text", "elements": [part for part in parts if part is not None]}


def line(*elements: Element | None) -> Element | None:
    """One paragraph of rich text; None when nothing is in it."""
    kept = [element for element in elements if element is not None]
    return {"type": "rich_text_section", "elements": kept} if kept else None


def quote(*elements: Element | None) -> Element:
    """An indented paragraph with a bar at its side."""
    return {"type": "rich_text_quote", "elements": [e for e in elements if e is not None]}


def bullets(lines: Iterable[Element | None]) -> Element:
    """A list of ``line``."""
    return {
        "type": "rich_text_list",
        "style": "bullet",
        "elements": [one for one in lines if one is not None],
    }


def text(words_: str, *styles: str) -> Element | None:
    """Literal text, styled ``bold``, ``italic`` or ``code``; None when it is empty."""
    if not words_:
        return None
    return {"type": "text", "text": words_, **_style(styles)}


def link(url: str, words_: str, *styles: str) -> Element | None:
    """A link with literal text; the text alone if readers may not be sent there."""
    target = safe_link(url)
    if target is None or len(target) > URL or not words_:
        return text(words_, *styles)
    return {"type": "link", "url": target, "text": words_, **_style(styles)}


def date(moment: datetime) -> str:
    """A time of mrkdwn in the reader's own zone; in UTC where Slack cannot tell it."""
    said = f"{{date_short_pretty}} {{time}}|{words.when(moment)}"
    return f"<!date^{int(moment.timestamp())}^{said}>"


def rich_date(moment: datetime) -> Element:
    """The same in rich text."""
    return {
        "type": "date",
        "timestamp": int(moment.timestamp()),
        "format": "{date_short_pretty} {time}",
        "fallback": words.when(moment),
    }


def button(label: str, *, action: str, value: str) -> Block | None:
    """One button under a message; None when its value is more than Slack keeps."""
    if len(value) > BUTTON_VALUE:
        return None
    return {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "action_id": action,
                "text": {"type": "plain_text", "text": label, "emoji": False},
                "value": value,
            }
        ],
    }


def _style(styles: Iterable[str]) -> Element:
    named = dict.fromkeys(styles, True)
    return {"style": named} if named else {}
