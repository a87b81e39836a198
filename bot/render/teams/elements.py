"""The card elements we use, one function each; what comes from others goes in literally or escaped.

Runs of a RichTextBlock are literal: no character in them formats, links or calls anybody, which
is why titles of lists and quotes stand there. Headings and facts are TextBlocks, escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from bot.domain.times import iso
from bot.render.escape import link as safe_link
from bot.render.escape import plain, teams, teams_literal
from bot.render.teams.limits import BUTTON, URL
from bot.render.words import shortened

Element = dict[str, Any]

#: So many characters are looked at for one that is shown; blanks and control characters go.
_RATIO = 8
#: Ours, between two facts.
DOT = " · "


def short(value: str, most: int) -> str:
    """``value`` as one harmless line of at most ``most`` characters, however long it is."""
    return shortened(plain(value[: _RATIO * most]), most)


def text(shown: str, **style: str | bool) -> Element:
    """A paragraph of Markdown; ``shown`` is escaped already."""
    return {"type": "TextBlock", "text": shown, "wrap": True, **style}


def heading(shown: str, **style: str | bool) -> Element:
    """A headline, read as one by screen readers; escapes."""
    large = {"size": "Large", "weight": "Bolder", "style": "heading"}
    return text(teams(shown) or "…", **{**large, **style})


def small(facts: Iterable[str]) -> Element | None:
    """Grey facts with dots between, each escaped already; None when there are none."""
    shown = DOT.join(filter(None, facts))
    if not shown:
        return None
    return text(shown, size="Small", isSubtle=True, spacing="Small")


def run(shown: str, *, url: str = "", **style: str | bool) -> Element:
    """Literal text, linked where a reader may be sent."""
    part: Element = {"type": "TextRun", "text": _literal(shown) or "…"}
    target = safe_link(url) if url else None
    if target is not None and len(target) <= URL:
        part["selectAction"] = {"type": "Action.OpenUrl", "url": target}
    return {**part, **style}


def moment(at: datetime) -> str:
    """A time that Teams shows in the reader's zone and language; for text and runs alike."""
    written = iso(at.replace(microsecond=0))
    return f"{{{{DATE({written},SHORT)}}}} {{{{TIME({written})}}}}"


def moment_run(at: datetime, **style: str | bool) -> Element:
    """``moment`` as a run of its own: ``run`` would make it literal."""
    return {"type": "TextRun", "text": moment(at), **style}


def line(*runs: Element | None, spacing: str = "Default") -> Element | None:
    """Runs as one paragraph; None when nothing is in it."""
    kept = [part for part in runs if part is not None]
    return {"type": "RichTextBlock", "inlines": kept, "spacing": spacing} if kept else None


def box(items: Iterable[Element | None], **style: str | bool) -> Element | None:
    """A container; None when nothing is in it."""
    kept = [item for item in items if item is not None]
    return {"type": "Container", "items": kept, **style} if kept else None


def read_at(url: str, outlet: str) -> Element | None:
    """The button that opens an article; None for a URL a reader may not be sent to."""
    target = safe_link(url)
    if target is None or len(target) > URL:
        return None
    title = teams_literal(f"Read at {short(outlet, BUTTON - 8) or 'the source'}")
    return {"type": "Action.OpenUrl", "title": title, "url": target}


def toggle(title: str, ids: Sequence[str]) -> Element | None:
    """The button that shows and hides the elements of ``ids``; None when there are none."""
    if not ids:
        return None
    return {"type": "Action.ToggleVisibility", "title": title, "targetElements": list(ids)}


def _literal(shown: str) -> str:
    """``shown`` made harmless, with the blanks around it that keep two runs apart."""
    first = " " if shown[:1].isspace() else ""
    last = " " if shown[-1:].isspace() else ""
    return f"{first}{teams_literal(shown)}{last}"
