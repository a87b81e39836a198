"""Briefs and replies for a terminal: styled where it can show styles, plain text in a pipe."""

from __future__ import annotations

from rich.text import Text

from bot.core.quotes.utterance import quote_id
from bot.domain.answers import Hit, Reply
from bot.domain.posts import Brief, BriefItem, BriefKind, BriefQuote
from bot.render import words
from bot.render.escape import link, plain

_STYLE = {
    BriefKind.ALERT: "bold white on red",
    BriefKind.DIGEST: "bold white on blue",
    BriefKind.NOTICE: "bold black on yellow",
    BriefKind.ANSWER: "bold white on green",
}


def brief_text(brief: Brief, *, to: str = "", again: bool = False) -> Text:
    """``brief`` as a reader in a hurry wants it: what, who said what, where, why.

    Args:
        brief: What to show.
        to: The destination, named when the terminal stands in for another.
        again: Whether a block of this post was shown before; then only a correction is shown in
            full, a story that has merely grown in two lines.
    """
    out = Text()
    corrected = any(item.changes for item in brief.items)
    grown = again and brief.kind is BriefKind.ALERT and not corrected
    label = "More on" if grown else words.label(brief)
    out.append(f" {label.upper()} ", "bold black on white" if grown else _STYLE[brief.kind])
    topics = dict.fromkeys(topic for item in brief.items for topic in item.topics)
    if topics:
        out.append("  " + " · ".join(plain(topic) for topic in topics), "bold")
    out.append(f"  {words.when(brief.made)}", "dim")
    if to:
        out.append(f"  → {plain(to)}", "dim")
    out.append("\n")
    if grown:
        for item in brief.items:
            _grown(out, item)
        return out
    if brief.kind is not BriefKind.ALERT:
        out.append(plain(brief.headline) + "\n", "bold")
    for note in brief.notes:
        out.append(f"  {plain(note)}\n", "yellow")
    for number, item in enumerate(brief.items, 1):
        if brief.kind is BriefKind.DIGEST:
            out.append("\n")
        _item(out, item, number=number if brief.kind is BriefKind.DIGEST else None)
    if brief.also:
        out.append("\n  Already alerted here:\n", "dim")
        for item in brief.also:
            out.append(f"  · {plain(item.title)}")
            out.append(f"  {plain(item.outlet)}, {words.when(item.published)}", "dim")
            _link(out, item.url)
    return out


def reply_text(reply: Reply) -> Text:
    """``reply`` with every line cited."""
    out = Text()
    out.append(f"{plain(reply.question)}\n", "bold")
    verdict = words.verdict(reply)
    if verdict:
        out.append(f"  {verdict}\n", "yellow")
    for hit in reply.answer:
        out.append("\n")
        _hit(out, hit)
    return out


def _item(out: Text, item: BriefItem, *, number: int | None) -> None:
    head = f"{number}. " if number else ""
    out.append(f"{head}{plain(item.title)}\n", "bold")
    for change in item.changes:
        out.append(f"  {plain(change)}\n", "yellow")
    facts = [plain(item.outlet), words.when(item.published), words.coverage(item)]
    out.append("  " + " · ".join(fact for fact in facts if fact), "dim")
    _link(out, item.url)
    if item.lead:
        out.append(f"  {plain(item.lead)}\n")
    for quote in item.quotes:
        _quote(out, quote, item)
    others = words.also_in(item)
    if others:
        named = [f"{plain(o)} ({note})" if note else plain(o) for o, _, note in others]
        out.append(f"  Also: {', '.join(named)}\n", "dim")
    for reason in item.why:
        out.append(f"  Why: {plain(reason)}\n", "dim")


def _grown(out: Text, item: BriefItem) -> None:
    """The story's headline and who carries it now."""
    out.append(f"{plain(item.title)}\n", "bold")
    outlets = dict.fromkeys(plain(report.outlet) for report in item.coverage)
    out.append(f"  {words.coverage(item)}: {', '.join(outlets)}", "dim")
    _link(out, item.url)


def _quote(out: Text, quote: BriefQuote, item: BriefItem) -> None:
    out.append(f"  ┃ {plain(words.uttered(quote))}\n", "italic")
    said = f"  ┃ {'Reported: ' if quote.kind == 'indirect' else ''}{plain(words.speaker(quote))}"
    out.append(said, "bold")
    out.append(f" · {plain(quote.outlet)}", "dim")
    if quote.url == item.url:
        out.append("\n")
    else:
        _link(out, quote.url)


def _hit(out: Text, hit: Hit) -> None:
    shown = plain(words.uttered(hit) if hit.is_quote else hit.text)
    out.append(f"  ┃ {shown}\n", "italic" if hit.is_quote else "")
    if hit.is_quote:
        out.append(f"  ┃ {plain(words.speaker(hit))}\n", "bold")
    name = f" · {quote_id(hit.article_id, hit.text)}" if hit.is_quote else ""
    out.append(f"  ┃ {plain(hit.outlet)}, {words.when(hit.published)}{name}", "dim")
    _link(out, hit.url)


def _link(out: Text, url: str) -> None:
    target = link(url)
    out.append(f"  {target}\n" if target else "\n", "cyan")
