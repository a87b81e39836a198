"""Commands: a typed line → what it asks for.

    (nothing) · help         the help
    latest [TOPIC]           the newest stories, of a topic or of all
    quotes [from|by] NAME    what somebody said
    why URL                  an article's way through the system
    anything else            a question

A verb wins only if its argument parses, else the whole line is a question: ``why did NATO grow?``
asks, ``why https://wire.example/a1`` explains. A verb mistyped on its own gets the help, with the
verb that was probably meant. ``parse(format_command(c)) == c`` for every command it gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.domain.conversation import Command, Verb

#: Characters of a line that count.
LONGEST = 500

_BLANKS = re.compile(r"\s+")
#: The command's own name, typed where the platform does not need it.
_CALLED = re.compile(r"(?:/?nato-brief[:,]?(?:\s+|\Z))+", re.IGNORECASE)
_URL = re.compile(r"<?(https?://[^\s<>|]+)(?:\|[^<>]*)?>?", re.IGNORECASE)
_FROM = re.compile(r"(?:from|by|of)\s+", re.IGNORECASE)
_NAME_WORD = re.compile(r"[^\W\d_][^\W\d_.'’\-]*(?:[.'’\-][^\W\d_]*)*\Z")
#: Words that belong to a sentence, never to a name.
_NO_NAME = frozenset(
    "about on regarding over concerning that what who when where why how say says said did does "
    "is are was were for against in at with".split()
)
_LONGEST_NAME = 5
_LONGEST_TOPIC = 6
#: A word this short is too easily another word.
_SHORTEST_TYPO = 4


def parse(text: str, *, topics: Iterable[str] | None = None) -> Command:
    """What ``text`` asks for.

    Args:
        text: As typed, without the mention that addressed the bot.
        topics: The topics that are watched; without them a few words name any topic.
    """
    line = _BLANKS.sub(" ", text).strip()[:LONGEST].strip()
    if called := _CALLED.match(line):
        line = line[called.end() :]
    verb, _, rest = line.partition(" ")
    word = verb.lower().rstrip("?!.")
    if not rest and word in {"", "help"}:
        return Command(verb=Verb.HELP)
    command = _with_argument(word, rest.strip(), topics)
    if command is not None:
        return command
    if not rest:
        nearest = _nearest(word)
        if nearest is not None:
            return Command(verb=Verb.HELP, argument=line, nearest=nearest)
    return Command(verb=Verb.QUESTION, argument=line)


def format_command(command: Command) -> str:
    """The line that ``parse`` understands as ``command``."""
    if command.verb is Verb.QUESTION or command.nearest is not None:
        return command.argument
    return f"{command.verb} {command.argument}".strip()


def _with_argument(word: str, rest: str, topics: Iterable[str] | None) -> Command | None:
    """The command of a verb whose argument parses."""
    match word:
        case "latest":
            if not rest:
                return Command(verb=Verb.LATEST)
            topic = _topic(rest, topics)
            return None if topic is None else Command(verb=Verb.LATEST, argument=topic)
        case "quotes":
            name = _name(rest)
            return None if name is None else Command(verb=Verb.QUOTES, argument=name)
        case "why":
            url = _URL.fullmatch(rest)
            return None if url is None else Command(verb=Verb.WHY, argument=url[1])
    return None


def _topic(rest: str, topics: Iterable[str] | None) -> str | None:
    """The topic that ``rest`` names, whatever its case, or by words it alone has."""
    if topics is None:
        fits = len(rest.split()) <= _LONGEST_TOPIC and not rest.endswith("?")
        return rest if fits else None
    names = tuple(topics)
    wanted = rest.casefold()
    for name in names:
        if " ".join(name.split()).casefold() == wanted:
            return name
    words = set(wanted.split())
    holding = [name for name in names if words <= set(name.casefold().split())]
    return holding[0] if len(holding) == 1 else None


def _name(rest: str) -> str | None:
    """A person's name, with ``from`` or ``by`` taken off."""
    name = _FROM.sub("", rest, count=1) if _FROM.match(rest) else rest
    words = name.split()
    if not 1 <= len(words) <= _LONGEST_NAME or _FROM.match(f"{name} "):
        return None
    if any(w.casefold() in _NO_NAME or not _NAME_WORD.match(w) for w in words):
        return None
    return name


def _nearest(word: str) -> Verb | None:
    """The verb that ``word`` is, without its argument, or is one slip away from."""
    verbs = (Verb.HELP, Verb.LATEST, Verb.QUOTES, Verb.WHY)
    for verb in verbs:
        if word == verb:
            return verb
    if len(word) < _SHORTEST_TYPO:
        return None
    return next((v for v in verbs if len(v) >= _SHORTEST_TYPO and _one_slip(word, v)), None)


def _one_slip(typed: str, meant: str) -> bool:
    """Whether one letter was added, left out or changed, or two neighbours changed places."""
    if abs(len(typed) - len(meant)) > 1:
        return False
    start = 0
    while start < min(len(typed), len(meant)) and typed[start] == meant[start]:
        start += 1
    a, b = typed[start:], meant[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
