"""The words that every medium uses for the same thing: dates, outlets, who said it.

Nothing here escapes; the renderer of each medium does that on what it gets from here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.domain.answers import Hit, Reply, ReplyOutcome, Searched
from bot.domain.posts import Brief, BriefItem, BriefKind, BriefQuote
from bot.domain.quotes import QuoteKind

#: Characters of what is not cut.
_WHOLE = 10**9
#: What stands over a brief of each kind.
LABELS = {
    BriefKind.ALERT: "Alert",
    BriefKind.DIGEST: "Digest",
    BriefKind.NOTICE: "Notice",
    BriefKind.ANSWER: "Answer",
}


def day(moment: datetime) -> str:
    """``4 Apr 2025``."""
    return f"{moment.day} {moment:%b %Y}"


def when(moment: datetime) -> str:
    """``Fri 4 Apr 2025, 18:30 UTC``."""
    return f"{moment:%a} {day(moment)}, {moment:%H:%M} UTC"


def count(number: int, noun: str) -> str:
    """``1 outlet``, ``3 outlets``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def shortened(text: str, most: int) -> str:
    """At most ``most`` characters of ``text``, cut between words, with an ellipsis if cut."""
    if len(text) <= most:
        return text
    cut = text[: max(most - 1, 0)]
    whole = cut[: cut.rfind(" ")] if " " in cut[most // 2 :] else cut
    return f"{whole.rstrip(' ,;:.')}…"


def stories(number: int) -> str:
    """``1 story``, ``3 stories``."""
    return f"{number:,} story" if number == 1 else f"{number:,} stories"


def label(brief: Brief) -> str:
    """``Alert``, or ``Updated alert`` once something changed."""
    name = LABELS[brief.kind]
    changed = brief.kind is BriefKind.ALERT and any(item.changes for item in brief.items)
    return f"Updated {name.lower()}" if changed else name


def labelled(brief: Brief, headline: str) -> str:
    """``headline``, as it is shown, behind its label; a digest's may begin with it."""
    name = label(brief)
    named = brief.kind is BriefKind.DIGEST and headline.startswith(name)
    return headline if named else f"{name}: {headline}"


def coverage(item: BriefItem) -> str:
    """``3 outlets, 1 origin``; empty for a single report."""
    outlets = len({report.outlet for report in item.coverage})
    if outlets < 2:
        return ""
    return f"{count(outlets, 'outlet')}, {count(item.origins, 'origin')}"


def also_in(item: BriefItem) -> tuple[tuple[str, str, str], ...]:
    """Other outlets as (outlet, url, note); the note says whose copy it is."""
    others = [report for report in item.coverage if report.url != item.url]
    return tuple((r.outlet, r.url, "same report" if r.copy else "") for r in others)


def marked(text: str, kind: QuoteKind = QuoteKind.DIRECT) -> str:
    """The words in quotation marks; reported speech stands without them.

    The comma that a sentence puts inside the closing mark is left off: what is shown is still an
    exact substring.
    """
    return text if kind is QuoteKind.INDIRECT else f"“{text.rstrip(' ,;')}”"


def quoted(text: str, kind: QuoteKind = QuoteKind.DIRECT, most: int = 1000) -> str:
    """``marked``; beyond ``most`` characters what is left out is shown outside the marks."""
    if len(text) <= most:
        return marked(text, kind)
    return f"{marked(shortened(text, most).removesuffix('…'), kind)} […]"


def uttered(
    said: BriefQuote | Hit, *, most: int = _WHOLE, clean: Callable[[str], str] = str
) -> str:
    """``“The border is calm” … “but do not count on it.”``: what is said, part by part.

    Args:
        said: A quote.
        most: Characters, about; what is left out is shown outside the marks.
        clean: Makes each part fit for its medium before it is cut.
    """
    kind = said.kind if isinstance(said, BriefQuote) else QuoteKind.DIRECT
    shown: list[str] = []
    for text in [part.text for part in said.parts] or [said.text]:
        if shown and most <= 0:
            return f"{' … '.join(shown)} […]"
        part = clean(text[: 8 * most])
        shown.append(quoted(part, kind, most))
        if len(part) > most:
            break
        most -= len(part)
    return " … ".join(shown)


def speaker(said: BriefQuote | Hit) -> str:
    """``Mark Rutte, NATO Secretary General``; words without a sure name say so.

    A name that an admin gave says that, too: the text need not have it.
    """
    if said.speaker is None:
        return "Speaker not named here"
    if said.corrected:
        return f"{said.speaker} (speaker corrected)"
    role = (said.role or "").removeprefix("the ").removeprefix("The ")
    if not role or role.lower() in said.speaker.lower():
        return said.speaker
    return f"{said.speaker}, {role}"


def searched(extent: Searched) -> str:
    """``412 articles since 3 Apr 2025``."""
    since = f" since {day(extent.since)}" if extent.since else ""
    return f"{count(extent.articles, 'article')}{since}"


def verdict(reply: Reply) -> str:
    """The one sentence over the lines of a reply."""
    if reply.outcome is ReplyOutcome.ANSWER:
        return ""
    if reply.outcome is ReplyOutcome.NEAR_MISS:
        return f"No direct answer in {searched(reply.searched)}. This comes nearest:"
    return f"Nothing found in {searched(reply.searched)}."
