"""Dead letters for a person: what was given up, in one line, or with everything it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.text import Text

from bot.domain.dead_letters import DeadLetter
from bot.domain.jobs import ShareReply
from bot.domain.ledger import SpeakerCorrected
from bot.domain.news import Entry, Record
from bot.domain.posts import PostKey
from bot.domain.stories import DigestDue
from bot.domain.versions import ConfigurationChanged
from bot.render import words
from bot.render.escape import plain

#: Stream → what was being done with its entries.
_BEING: Mapping[str, str] = {
    "entries": "being read",
    "articles": "at the desk",
    "deliveries": "being posted",
    "jobs": "being shared",
}


def about(letter: DeadLetter) -> str:
    """What it is, in a few words; nothing is escaped."""
    match letter.work:
        case Entry():
            return f"{letter.work.title} ({letter.work.url})"
        case Record():
            return f"{letter.work.article.title} ({letter.work.article.url})"
        case PostKey():
            return f"post {letter.work}"
        case ShareReply():
            return f"answer to share with {letter.work.destination}: {letter.work.reply.question}"
        case DigestDue():
            due = letter.work
            return f"digest {due.slot} of {due.local_date} for {due.destination}"
        case ConfigurationChanged():
            return f"change to version {letter.work.version} of the configuration"
        case SpeakerCorrected():
            return f"correction of quote {letter.work.id}"
    return "something that cannot be read"


def end(letter: DeadLetter) -> str:
    """When and where it was given up, and why; nothing is escaped."""
    return f"{words.when(letter.at)}, {_BEING[letter.stream]}: {letter.problem}"


def letters_text(letters: tuple[DeadLetter, ...]) -> Text:
    """Three lines for each."""
    out = Text()
    for letter in letters:
        out.append(f"{letter.id}\n", "bold")
        out.append(f"  {plain(about(letter))}\n")
        out.append(f"  {plain(end(letter))}\n", "dim")
    return out


def letter_text(letter: DeadLetter) -> Text:
    """One with all its fields."""
    out = letters_text((letter,))
    for name, value in _flat("", letter.fields):
        out.append(f"  {plain(name)}: ", "bold")
        out.append(f"{plain(value)}\n")
    return out


def _flat(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Names down to each plain value: ``quotes.1.text``."""
    if isinstance(value, Mapping):
        for inner, held in value.items():
            yield from _flat(f"{name}.{inner}".lstrip("."), held)
    elif isinstance(value, list | tuple):
        for number, held in enumerate(value, 1):
            yield from _flat(f"{name}.{number}", held)
    elif value not in (None, ""):
        yield name, str(value)
