"""Where the subject of a German verb stands: before it, after it, or on the far side of a quote."""

from __future__ import annotations

from bot.core.quotes.clauses import Clause
from bot.core.quotes.german.lexicon import (
    ADVERBS,
    OBLIQUE,
    OPENERS,
    OWNED,
    PREPOSITIONS,
    SUBORDINATE,
)
from bot.core.quotes.german.mentions import is_capital, is_first_name, read_right, run_end
from bot.core.quotes.german.nouns import is_body, is_role
from bot.core.quotes.mentions import Mention, MentionKind
from bot.core.quotes.tokens import QUOTE, Tokens

#: Words of an insertion between subject and verb, at most.
_INSERTION = 40
#: Words before a verb in whose stead the subject stands after it.
_ASIDE = frozenset(("(", ")", "-", "--"))
#: Phrases between a verb and the subject after it, at most.
_PHRASES = 4
#: Words from a subject over a quote to its verb, at most.
_AROUND = 16
#: Words from an office to the comma before its holder, at most.
_APPOSED = 9
#: What only a subject begins with.
_NOMINATIVE = frozenset(("er", "der", "ein"))


def subject_of(
    tokens: Tokens, cue: int, start: int, end: int, found: list[Clause]
) -> tuple[Mention, str] | None:
    """The subject of the verb at ``cue``, before or after it, and the form of the clause."""
    words, lower = tokens.words, tokens.lower
    before = cue - 1
    while before >= start and (words[before] == "," or words[before] in _ASIDE):
        before -= 1
    if before >= start and words[before] == QUOTE and before >= cue - 2:
        after = after_verb(tokens, cue, end)
        if after is not None:
            return named(tokens, after, end), "inverted"
        finite = before == cue - 1 and not lower[cue].endswith("en")
        subject = around(tokens, cue, start) if finite else None
        return None if subject is None else (subject, "around")
    previous = lower[cue - 1] if cue > start else ""
    if previous in ("und", "aber", "oder"):
        return _shared(tokens, cue, start, found)
    subject = _before(tokens, cue, start)
    after = after_verb(tokens, cue, end) if cue > start else None
    if subject is not None and after is not None and not is_person(subject):
        # "Das Problem sieht der Italiener in …": the object comes first; "die Sache freut sie"
        # could be either.
        if tokens.lower[after.first] in _NOMINATIVE and is_person(after):
            return after, "left"
        return subject, "left"
    if subject is not None and not (_is_doubtful(subject, start) and _is_full(after)):
        return subject, "left"
    return None if after is None else (named(tokens, after, end), "left")


def is_person(mention: Mention) -> bool:
    """Whether a mention is somebody or a body, and no thing: "so der Plan"."""
    if mention.kind is MentionKind.DESCRIPTION:
        head = mention.head
        return is_role(head) or is_body(head) or head.endswith(("-jährige", "-jähriger"))
    return True


def after_verb(tokens: Tokens, cue: int, end: int) -> Mention | None:
    """The subject after its verb, small words and phrases between them skipped."""
    place = cue + 1
    for _ in range(_PHRASES):
        step = _skipped(tokens, place, end)
        if step == place:
            break
        place = step
    if place < end and tokens.lower[place] in OBLIQUE:
        return None
    return read_right(tokens, place, end)


def named(tokens: Tokens, subject: Mention, end: int) -> Mention:
    """The name after the comma in "sagte ihr Anwalt in Kiel, Jens Holm,", else the subject."""
    described = subject.kind in (MentionKind.DESCRIPTION, MentionKind.ORGANISATION)
    if not described or not is_role(subject.head):
        return subject
    at = subject.last + 1
    if at < end and tokens.lower[at] in PREPOSITIONS:
        while at < min(end, subject.last + _APPOSED) and tokens.words[at][:1].isalpha():
            at += 1
    if at + 1 >= end or tokens.words[at] != ",":
        return subject
    named = read_right(tokens, at + 1, end)
    if named is None or named.kind is not MentionKind.NAME or len(named.name) < 2:
        return subject
    return named


def around(tokens: Tokens, cue: int, start: int) -> Mention | None:
    """The subject before the quote whose verb follows it: deren Chef Holm von „…“ sprach."""
    lower = tokens.lower
    relative = _relative(tokens, cue, start)
    if relative is not None:
        return relative
    for first in range(cue - 3, max(start, cue - _AROUND) - 1, -1):
        if tokens.words[first] == "," or tokens.words[first] in (";", ":"):
            break
        opens = first == start or lower[first - 1] in SUBORDINATE or lower[first] in OWNED
        if opens or tokens.words[first - 1] == ",":
            subject = read_right(tokens, first, cue - 1)
            if subject is not None and is_person(subject):
                return subject
    return None


def _relative(tokens: Tokens, cue: int, start: int) -> Mention | None:
    """Holm in "Holm, der von „…“ sprach"."""
    for comma in range(cue - 2, max(start, cue - _AROUND), -1):
        if tokens.words[comma] != ",":
            continue
        if tokens.lower[comma + 1] not in ("der", "die"):
            return None
        for first in range(max(start, comma - _APPOSED), comma):
            mention = read_right(tokens, first, comma)
            if mention is not None and mention.last == comma - 1 and is_person(mention):
                return mention
        return None
    return None


def _is_doubtful(subject: Mention, start: int) -> bool:
    """Whether one capitalised word that opens its sentence may be no name at all."""
    return subject.first == subject.last == start and subject.kind is MentionKind.NAME


def _is_full(mention: Mention | None) -> bool:
    return mention is not None and mention.kind is MentionKind.NAME and len(mention.name) > 1


def _skipped(tokens: Tokens, place: int, end: int) -> int:
    """The place after the adverb, dative or prepositional phrase at ``place``, if any is there."""
    words, lower = tokens.words, tokens.lower
    while place < end and (words[place] in ADVERBS or lower[place] in ADVERBS):
        place += 1
    if place >= end:
        return place
    if words[place] == QUOTE and words[place + 1 : place + 2] == ["-"]:
        # schrieb „Blatt“-Chef Holm
        return place + 2
    if lower[place] in ("von", "zu"):
        # "sagte von Holm": a name.
        return place
    addressed = lower[place] == "der" and words[place + 1 : place + 2] == [QUOTE]
    if not (lower[place] in PREPOSITIONS or lower[place] in OBLIQUE or addressed):
        return place
    step = place + 1
    while step < end and step < place + 5 and words[step][:1].islower():
        step += 1
    if step < end and (
        words[step] == QUOTE or words[step][:1].isdigit() or is_capital(words[step])
    ):
        step += 1
    else:
        return place
    if lower[place] in OBLIQUE and is_role(words[step - 1]):
        # sagte seinem Kollegen Jens Holm
        return run_end(tokens, step - 1, end) + 1
    while (
        step < end
        and is_capital(words[step])
        and not is_role(words[step])
        and not is_first_name(words[step])
        and step + 1 < end
        and is_capital(words[step + 1])
    ):
        step += 1
    if words[step : step + 1] == ["-"] and step + 1 < end and is_capital(words[step + 1]):
        # der „Presse“-Redaktion
        step += 2
    return step


def _before(tokens: Tokens, cue: int, start: int) -> Mention | None:
    """The subject that opens the clause and is followed by the verb, insertions apart."""
    words, lower = tokens.words, tokens.lower
    openings = [start]
    openings.extend(
        place + 1
        for place in range(cue - 1, max(start, cue - _INSERTION) - 1, -1)
        if words[place] in (",", QUOTE, ";", ":") or lower[place] in ("wie", "dass")
    )
    for first in openings:
        at = first
        while at < cue and (lower[at] in OPENERS or lower[at] == "wie" or words[at] == "-"):
            at += 1
        subject = read_right(tokens, at, cue)
        if subject is not None and _reaches(tokens, subject.last, cue):
            return named(tokens, subject, cue)
    return None


def _reaches(tokens: Tokens, last: int, cue: int) -> bool:
    """Whether only small words, or one insertion between commas, stand before the verb."""
    if cue - last > _INSERTION:
        return False
    between = tokens.lower[last + 1 : cue]
    if not between:
        return True
    if between[0] in (",", "(", "-", "--") and between[-1] in (",", ")", "-", "--"):
        return len(between) > 2 or between[0] != ","
    return (between[0] in ADVERBS or between[0] in PREPOSITIONS) and (
        len(between) < 8 and "," not in between
    )


def _shared(
    tokens: Tokens, cue: int, start: int, found: list[Clause]
) -> tuple[Mention, str] | None:
    """The subject an earlier clause of the sentence lends, else the one that opens it."""
    if found and found[-1].verb >= start and found[-1].form != "according":
        return found[-1].subject, "shared"
    subject = read_right(tokens, start, cue)
    return None if subject is None else (subject, "shared")
