"""Entries of the quote ledger, and corrections, for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from bot.domain.ledger import Correction, QuoteSource, Utterance
from bot.domain.quotes import Speaker
from bot.render import words
from bot.render.escape import link, plain

#: Characters of a quote where it is one of many.
_SHORT = 160


def entries_text(entries: Sequence[Utterance]) -> Text:
    """A list: id, speaker, words, outlets."""
    out = Text()
    for entry in entries:
        first = entry.sources[0]
        outlets = list(dict.fromkeys(plain(source.outlet) for source in entry.sources))
        out.append(f"{entry.id}  ", "cyan")
        out.append(f"{plain(who(first, entry.correction))}\n", "bold")
        shown = words.quoted(first.quote.text, first.quote.kind, _SHORT)
        out.append(f"          {plain(shown)}\n", "italic")
        more = f" · {words.count(len(outlets), 'outlet')}" if len(outlets) > 1 else ""
        out.append(f"          {', '.join(outlets)}, {words.when(first.published)}{more}\n", "dim")
    return out


def entry_text(entry: Utterance) -> Text:
    """One entry with every source: its own words, where they stand, and why this speaker."""
    out = Text()
    out.append(f"{entry.id}  ", "cyan")
    out.append(f"{plain(who(entry.sources[0], entry.correction))}\n", "bold")
    if entry.correction is not None:
        out.append(f"  {plain(correction_line(entry.correction))}\n", "yellow")
    for source in entry.sources:
        out.append("\n")
        _source(out, source)
    return out


def corrections_text(corrections: Sequence[Correction]) -> Text:
    """A list: id, words, what was corrected."""
    out = Text()
    for correction in corrections:
        out.append(f"{correction.id}  ", "cyan")
        out.append(f"{plain(words.shortened(correction.words[0], _SHORT))}\n", "italic")
        out.append(f"          {plain(correction_line(correction))}\n")
    return out


def who(source: QuoteSource, correction: Correction | None) -> str:
    """Who is shown as the speaker, and that it was corrected."""
    if correction is not None:
        return f"{correction.said or 'Nobody named'} (speaker corrected)"
    shown = source.quote.shown_speaker
    role = source.quote.speaker.role if source.quote.speaker else None
    if shown is None:
        return "Nobody named"
    return f"{shown}, {role}" if role and role.lower() not in shown.lower() else shown


def correction_line(correction: Correction) -> str:
    """``Not said by Ivo Varga but by Jens Holm: corrected by ada, Fri 4 Apr 2025, … · note``."""
    withdrawn = " or ".join(dict.fromkeys(speaker.text for speaker in correction.withdrawn))
    match (withdrawn, correction.said):
        case ("", said):
            what = f"Said by {said}"
        case (name, None):
            what = f"Not said by {name}"
        case (name, said):
            what = f"Not said by {name} but by {said}"
    note = f" · {correction.note}" if correction.note else ""
    return f"{what}: corrected by {correction.by}, {words.when(correction.at)}{note}"


def _source(out: Text, source: QuoteSource) -> None:
    quote = source.quote
    copy = f" (copy of {plain(source.copy_of)})" if source.copy_of else ""
    out.append(f"  {plain(source.outlet)}{copy}", "bold")
    out.append(f", {words.when(source.published)}  {source.id}", "dim")
    target = link(source.url)
    out.append(f"  {target}\n" if target else "\n", "cyan")
    out.append(f"  {plain(words.marked(quote.text, quote.kind))}\n", "italic")
    read = _read(quote.speaker, quote.confidence, quote.rule)
    cue = f" · cue “{quote.cue}”" if quote.cue else ""
    out.append(f"  {plain(read + cue)}\n", "dim")
    where = f"characters {quote.span.start}-{quote.span.end}, {quote.kind}"
    out.append(
        f"  article {plain(source.article_id)}, revision {source.revision}, {where}\n", "dim"
    )


def _read(speaker: Speaker | None, confidence: float, rule: str) -> str:
    """``Varga = Ivo Varga, Foreign Minister · 0.95 sure · rule “quote, name said”``."""
    if speaker is None:
        return "No speaker found"
    name = f" = {speaker.name}" if speaker.name and speaker.name != speaker.text else ""
    role = f", {speaker.role}" if speaker.role else ""
    why = f" · rule “{rule}”" if rule else ""
    return f"{speaker.text}{name}{role} · {confidence:.2f} sure{why}"
