"""The text of a question → Question: what kind, whose words, about what, in which time.

text ─► window cut out ─► speaker by the form of the question ─► kind ─► phrases, topic words
"""

from __future__ import annotations

import re
from datetime import date, datetime

from bot.core.answers.dates import Window, window
from bot.core.answers.speakers import name_parts, resolve
from bot.core.answers.words import STOP_WORDS, WORD, plain
from bot.core.text.fold import fold
from bot.domain.answers import Question, QuestionKind
from bot.domain.people import Person

#: More of a question is not read, in characters.
MAX_QUESTION = 1_000

_SAY = (
    r"(?:say|says|said|saying|think|thinks|thought|promise[sd]?|pledge[sd]?|vow(?:s|ed)?"
    r"|tell|tells|told|claim(?:s|ed)?|warn(?:s|ed)?|argue[sd]?|announce[sd]?|comment(?:s|ed)?"
    r"|call(?:s|ed)?\s+for|respond(?:s|ed)?|react(?:s|ed)?|suggest(?:s|ed)?|state[sd]?"
    r"|remark(?:s|ed)?|mention(?:s|ed)?|insist(?:s|ed)?|den(?:y|ies|ied)|demand(?:s|ed)?"
    r"|urge[sd]?|want(?:s|ed)?|expect(?:s|ed)?|describe[sd]?|explain(?:s|ed)?|tweet(?:s|ed)?)"
)
_ABOUT = r"(?:about|on|regarding|concerning|over|of|to|that|for|with|in|if|whether)"
_WHO = r"(?P<who>[^?!;:\"]{1,60}?)"
_REST = r"(?P<about>.*)"
_FORMS = tuple(
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for pattern in (
        (
            rf"^(?:so\s+|and\s+|but\s+)?(?:(?:what|how|why|when|where|which\s+\w+|what\s+else)\s+)?"
            rf"(?:did|does|do|has|have|had|is|was|will|would)\s+{_WHO}\s+(?:just\s+|ever\s+|really\s+"
            rf"|already\s+|been\s+|also\s+)*{_SAY}\b\s*(?:{_ABOUT}\b)?{_REST}$"
        ),
        rf"^what\s+{_WHO}\s+(?:has\s+|have\s+|had\s+)?{_SAY}\b\s*(?:{_ABOUT}\b)?{_REST}$",
        (
            rf"^(?:any\s+|the\s+|latest\s+|show\s+(?:me\s+)?)*(?:quotes?|statements?|remarks|comments?|words)\s+"
            rf"(?:from|by|of)\s+{_WHO}(?:\s+{_ABOUT}\b{_REST})?\s*\??$"
        ),
        (
            rf"^(?:what\s+(?:is|are|was|were)\s+|what's\s+)?{_WHO}'s?\s+(?:view|views|position|stance|"
            rf"opinion|comments?|remarks|words|quotes?|statements?|reaction|response)\s+{_ABOUT}\b{_REST}$"
        ),
    )
)
#: Only when whoever it names is known, or written like a name.
_SHORT = re.compile(
    r"^(?P<who>[^?,;:]{2,40}?)\s+(?:on|about)\s+(?P<about>[^?]+)\??$", re.IGNORECASE
)
_ACCORDING = re.compile(r"\baccording\s+to\s+(?P<who>[^,?;:]{2,60})", re.IGNORECASE)
_NAME = re.compile(
    r"(?:[A-Z][\w'’.-]+|von|van|der|de|la|bin|al)(?:\s+(?:[A-Z][\w'’.-]+|von|van|der|de|la|bin|al)){0,3}"
)
#: These ask, and are nobody.
_NOBODY = frozenset("anyone anybody someone somebody people they he she it we you i there".split())

_WHO_SAID = re.compile(rf"^who\s+(?:has\s+|have\s+|had\s+)?{_SAY}\b", re.IGNORECASE)
_LATEST = re.compile(
    r"^\W*(?:(?:what(?:'s|\s+is|\s+are)|give\s+me|show\s+me|any|is\s+there|tell\s+me)\s+)*"
    r"(?:the\s+|any\s+)*"
    r"(?:(?:latest|newest|recent|new)\s+(?:news|developments?|updates?|headlines|articles?|stories)"
    r"|latest|newest|news|updates?|headlines|happening|going\s+on"
    r"|new(?=\s+(?:on|about|with|in)\b|\W*$))\b"
    r"\s*(?:(?:on|about|in|with|from|regarding|for|of)\b)?",
    re.IGNORECASE,
)
_KINDS = (
    (QuestionKind.HOW_MUCH, (r"\bhow\s+(?:much|many|old|far|long|high|big|large|tall|fast|often)\b"
     r"|\b(?:what|which)\s+(?:percentage|percent|share|number|amount|price|sum|proportion)\b"
     r"|\bwhat\s+(?:is|was)\s+the\s+(?:cost|price|number|percentage|rate)\b")),
    (QuestionKind.WHEN, (r"\bwhen\b|\bhow\s+soon\b"
     r"|\b(?:what|which)\s+(?:date|day|year|month|time)\b")),
    (QuestionKind.WHY, r"\bwhy\b|\bwhat\s+(?:caused|led\s+to)\b|\bfor\s+what\s+reason\b"),
)  # fmt: skip
_KIND_PATTERNS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _KINDS)
_ASKS = re.compile(
    r"^(?:who|whom|whose|what|when|where|which|why|how|did|does|do|is|are|was|were|has|have|had|can"
    r"|could|will|would|should|may|might|in|on|at)\b|\?",
    re.IGNORECASE,
)
#: A line of no more words that asks nothing is a topic.
_TOPIC_WORDS = 6

_QUOTED = re.compile(r'"([^"]{2,100})"')
_NUMBERED = re.compile(r"\b([^\W\d_]{3,})\s+(\d{1,3})\b(?![.,%]\d|%)")
_CAPITALS = re.compile(r"[A-Z][\w'’-]*(?:\s+(?:of\s+|the\s+)?[A-Z][\w'’-]*)+")
_OUTLET = re.compile(
    r"\baccording\s+to\s+(?:the\s+)?outlet\s+([\w .]+)|\boutlet:(\S+)", re.IGNORECASE
)
_VERBS = frozenset("say said says think thinks thought tell told latest news happened".split())


def parse(text: str, *, now: datetime, people: tuple[Person, ...]) -> Question:
    """Read a question; any text is one.

    Args:
        text: As typed.
        now: What "yesterday" counts from.
        people: Whose names, titles and aliases are known; an office counts on the day asked about.
    """
    line = " ".join(fold(text[:MAX_QUESTION]).split())
    line, outlet = _outlet(line)
    when = window(line, now=now)
    timeless = _without(line, when)
    day = ((when and when.since) or now).date()
    who, about = _speaker(timeless, people, day)
    latest = None if who else _LATEST.match(timeless)
    if latest:
        about = timeless[latest.end() :]
    kind = _kind(timeless, who=who, latest=latest is not None)
    exact = kind in (QuestionKind.WHO_SAID, QuestionKind.LATEST)
    if not exact:
        # "In March" may be what is asked about, not when it was written: it stays in the words.
        about = line if when and when.calendar else timeless
    return Question(
        text=text,
        kind=kind,
        speaker=who,
        speaker_names=resolve(who, people, day=day) if who else (),
        words=_topic_words(about),
        phrases=_phrases(about),
        since=when.since if when else None,
        # An event is reported on its day or later; only words and news have the day itself.
        until=when.until if when and exact else None,
        outlet=outlet,
    )


def _outlet(line: str) -> tuple[str, str | None]:
    found = _OUTLET.search(line)
    if found is None:
        return line, None
    outlet = (found.group(1) or found.group(2)).strip()
    return _cut(line, found.start(), found.end()), outlet or None


def _without(line: str, when: Window | None) -> str:
    return _cut(line, when.start, when.end) if when else line


def _cut(line: str, start: int, end: int) -> str:
    return " ".join(f"{line[:start]} {line[end:]}".split()).replace(" ?", "?")


def _speaker(line: str, people: tuple[Person, ...], day: date) -> tuple[str | None, str]:
    """Who is asked about, as written, and the rest of the line."""
    for form in _FORMS:
        found = form.match(line)
        if found and (who := _named(found["who"])):
            return who, found["about"] or ""
    return _by_name(line, people, day)


def _by_name(line: str, people: tuple[Person, ...], day: date) -> tuple[str | None, str]:
    short = _SHORT.match(line)
    if short and not _ASKS.match(line) and not _LATEST.match(line):
        who = short["who"].strip()
        if _NAME.fullmatch(who) or resolve(who, people, day=day):
            return who, short["about"]
    said = _ACCORDING.search(line)
    if said and resolve(said["who"], people, day=day):
        return said["who"].strip(), _cut(line, said.start(), said.end())
    return None, line


def _named(written: str) -> str | None:
    who = written.strip(" ,'’")
    words = plain(who).split()
    if not words or len(words) > 7 or words[0] in _NOBODY or not name_parts(who):
        return None
    return None if all(word in STOP_WORDS for word in words) else who


def _kind(line: str, *, who: str | None, latest: bool) -> QuestionKind:
    if who or _WHO_SAID.match(line):
        return QuestionKind.WHO_SAID
    if latest:
        return QuestionKind.LATEST
    for kind, pattern in _KIND_PATTERNS:
        if pattern.search(line):
            return kind
    if not _ASKS.search(line) and 0 < len(WORD.findall(line)) <= _TOPIC_WORDS:
        return QuestionKind.LATEST
    return QuestionKind.FACT


def _topic_words(text: str) -> tuple[str, ...]:
    words = (word for word in WORD.findall(text) if len(word) > 1 or word.isdigit())
    kept = {plain(w): w for w in words if plain(w) not in STOP_WORDS | _VERBS}
    return tuple(kept.values())


def _phrases(text: str) -> tuple[str, ...]:
    found = [*_QUOTED.findall(text)]
    found += [f"{word} {number}" for word, number in _NUMBERED.findall(text)
              if plain(word) not in STOP_WORDS]  # fmt: skip
    for capitals in _CAPITALS.findall(text):
        words = capitals.split()
        while words and plain(words[0]) in STOP_WORDS:
            words = words[1:]
        if len(words) > 1:
            found.append(" ".join(words))
    return tuple(dict.fromkeys(found))
