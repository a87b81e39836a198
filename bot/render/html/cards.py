"""One brief, or one reply, as a card of the page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.core.quotes.utterance import quote_id
from bot.domain.answers import Hit, Reply
from bot.domain.posts import Brief, BriefItem, BriefKind, BriefQuote
from bot.domain.times import iso
from bot.render import words
from bot.render.escape import html, link


def brief_card(brief: Brief) -> str:
    """``brief`` as an ``<article>``."""
    tags = ""
    if brief.kind is BriefKind.ALERT:
        topics = dict.fromkeys(topic for item in brief.items for topic in item.topics)
        tags = "".join(f"<span class=tag>{html(topic)}</span>" for topic in topics)
        if any(item.changes for item in brief.items):
            tags += f"<span>Updated {_time(brief.made)}</span>"
        head = ""
    else:
        head = f"<h3>{html(brief.headline)}</h3>"
        tags = f"<span>{words.label(brief)}</span>{_time(brief.made)}"
    body = "".join(
        f"<div class=entry>{_item(item, topics=brief.kind is BriefKind.DIGEST)}</div>"
        for item in brief.items
    )
    return (
        f"<article class={brief.kind}><div class=tags>{tags}</div>{head}"
        f"{_notes(brief.notes)}{body}{_also(brief.also)}</article>"
    )


def reply_card(reply: Reply) -> str:
    """``reply`` as an ``<article>``: the question, then every line with its source."""
    verdict = words.verdict(reply)
    note = f"<p class=note>{html(verdict)}</p>" if verdict else ""
    return (
        f"<article class=answer><h3>{html(reply.question)}</h3>{note}"
        f"{''.join(map(_hit, reply.answer))}</article>"
    )


def _item(item: BriefItem, *, topics: bool) -> str:
    title = f"<h3>{_anchor(item.url, item.title)}</h3>"
    facts = [f"<b>{html(item.outlet)}</b>", _time(item.published), html(words.coverage(item))]
    if topics:
        facts.insert(0, html(", ".join(item.topics)))
    changes = "".join(f"<p class=change>{html(change)}</p>" for change in item.changes)
    lead = f"<p class=lead>{html(item.lead)}</p>" if item.lead else ""
    return (
        f"{title}<p class=facts>{' · '.join(fact for fact in facts if fact)}</p>{changes}{lead}"
        f"{''.join(_quote(quote, item) for quote in item.quotes)}{_others(item)}{_why(item.why)}"
    )


def _quote(quote: BriefQuote, item: BriefItem) -> str:
    source = html(quote.outlet) if quote.url == item.url else _anchor(quote.url, quote.outlet)
    reported = "Reported speech · " if quote.kind == "indirect" else ""
    return (
        f"<blockquote{_named(quote)}><p>{html(words.uttered(quote))}</p>"
        f"<footer>{reported}<b>{html(words.speaker(quote))}</b> · {source}</footer></blockquote>"
    )


def _named(said: BriefQuote | Hit) -> str:
    """The id by which an admin corrects it, where a pointer that rests on the quote shows it."""
    return f' title="quote {quote_id(said.article_id, said.text)}"'


def _hit(hit: Hit) -> str:
    shown = html(words.uttered(hit) if hit.is_quote else hit.text)
    who = f"<b>{html(words.speaker(hit))}</b> · " if hit.is_quote else ""
    return (
        f"<blockquote{_named(hit) if hit.is_quote else ''}><p>{shown}</p><footer>{who}"
        f"{_anchor(hit.url, hit.outlet)}, "
        f"{_time(hit.published)}</footer></blockquote>"
    )


def _others(item: BriefItem) -> str:
    named = [
        f"{_anchor(url, outlet)}{f' ({note})' if note else ''}"
        for outlet, url, note in words.also_in(item)
    ]
    return f"<p class=also>Also in {', '.join(named)}</p>" if named else ""


def _why(lines: Iterable[str]) -> str:
    shown = "".join(f"<li>{html(line)}</li>" for line in lines)
    if not shown:
        return ""
    return f"<details class=why><summary>Why this was sent</summary><ul>{shown}</ul></details>"


def _also(items: Iterable[BriefItem]) -> str:
    shown = "".join(
        f"<li>{_anchor(item.url, item.title)}<small>{html(item.outlet)}, "
        f"{_time(item.published)}</small></li>"
        for item in items
    )
    return f"<p class=also>Already alerted here</p><ul class=list>{shown}</ul>" if shown else ""


def _notes(notes: Iterable[str]) -> str:
    return "".join(f"<p class=note>{html(note)}</p>" for note in notes)


def _anchor(url: str, text: str) -> str:
    target = link(url)
    shown = html(text)
    return f'<a href="{html(target)}" rel="noopener noreferrer">{shown}</a>' if target else shown


def _time(moment: datetime) -> str:
    return f'<time datetime="{iso(moment)}">{words.when(moment)}</time>'
