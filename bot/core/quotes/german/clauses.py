"""Cue clauses of a German paragraph.

sagte Holm; teilte Holm mit     inverted     Holm sagte: …; wie Holm sagte        left
laut Holm; so Holm; Holm zufolge according    Am Montag sagte Holm: …             left
"""

from __future__ import annotations

from bot.core.quotes.clauses import Clause
from bot.core.quotes.german.lexicon import (
    ADVERBS,
    HAVE,
    JUDGE,
    OPENERS,
    PARTICIPLES,
    SAY,
    SEPARABLE,
    SOURCE_BEFORE,
)
from bot.core.quotes.german.mentions import read_right
from bot.core.quotes.mentions import Mention, MentionKind
from bot.core.quotes.tokens import QUOTE, Tokens

#: Words between a verb and what it is separated from, at most.
_APART = 20
#: Words of an insertion between subject and verb, at most.
_INSERTION = 40
#: Words before a verb in whose stead the subject stands after it.
_ASIDE = frozenset(("(", ")", "-", "--"))


def clauses(tokens: Tokens, *, headline: bool = False) -> list[Clause]:
    """Every cue clause, in order of its cue; ``headline`` changes nothing in German."""
    del headline
    found: list[Clause] = []
    for number, (start, end) in enumerate(tokens.sentences):
        for cue in range(start, end):
            read = _read(tokens, cue, start, end, found)
            if read is not None:
                found.append(Clause(cue, read[0], read[1], number, read[2]))
    return found


def before_colon(tokens: Tokens, colon: int, start: int) -> Mention | None:
    """The name that fills the sentence from ``start`` to the colon: "Holm: …"."""
    mention = read_right(tokens, start, colon)
    if mention is None or mention.kind is not MentionKind.NAME or mention.last != colon - 1:
        return None
    return mention


def _read(
    tokens: Tokens, cue: int, start: int, end: int, found: list[Clause]
) -> tuple[Mention, str, bool] | None:
    """Subject, form, and whether the cue is of the saying kind."""
    lower = tokens.lower
    word = lower[cue]
    if word in SOURCE_BEFORE:
        return _source(tokens, cue, end)
    if word == "zufolge":
        return _zufolge(tokens, cue, start)
    if word in ("angaben", "worten", "aussage") and cue > start:
        follows = cue + 1 < end and lower[cue + 1] in ("von", "des", "der")
        at = cue + 2 if follows and lower[cue + 1] == "von" else cue + 1
        source = read_right(tokens, at, end) if follows else None
        return None if source is None else (source, "according", True)
    if tokens.words[cue] != word:
        return None
    says = word in SAY
    if word in SEPARABLE and not says:
        ahead = lower[cue + 1 : min(end, cue + _APART)]
        says = SEPARABLE[word] in ahead
        if not says:
            return None
    elif word in PARTICIPLES:
        return _perfect(tokens, cue, start, end)
    elif not says and word not in JUDGE:
        return None
    subject = _subject(tokens, cue, start, end, found)
    if subject is None or (subject[0].kind is MentionKind.PRONOUN and word.endswith("en")):
        # "sie sagten": several people.
        return None
    return subject[0], subject[1], says


def _source(tokens: Tokens, cue: int, end: int) -> tuple[Mention, str, bool] | None:
    """Laut Holm; so Holm, which needs a quote or a comma before it."""
    if tokens.lower[cue] == "so":
        before = tokens.words[cue - 1] if cue else ""
        if before not in (",", QUOTE):
            return None
    source = read_right(tokens, cue + 1, end)
    return None if source is None else (source, "according", True)


def _zufolge(tokens: Tokens, cue: int, start: int) -> tuple[Mention, str, bool] | None:
    for first in range(max(start, cue - 8), cue):
        source = read_right(tokens, first, cue)
        if source is not None and source.last == cue - 1:
            return source, "according", True
    return None


def _perfect(tokens: Tokens, cue: int, start: int, end: int) -> tuple[Mention, str, bool] | None:
    """Holm hatte gesagt: … The auxiliary is where the subject stands."""
    for have in range(cue - 1, max(start, cue - _APART) - 1, -1):
        if tokens.lower[have] in HAVE:
            subject = _subject(tokens, have, start, end, [])
            return None if subject is None else (subject[0], subject[1], True)
    return None


def _subject(
    tokens: Tokens, cue: int, start: int, end: int, found: list[Clause]
) -> tuple[Mention, str] | None:
    """The subject of the verb at ``cue``, before or after it, and the form of the clause."""
    words, lower = tokens.words, tokens.lower
    before = cue - 1
    while before >= start and (words[before] == "," or words[before] in _ASIDE):
        before -= 1
    if before >= start and words[before] == QUOTE and before >= cue - 2:
        after = _after(tokens, cue, end)
        return None if after is None else (_named(tokens, after, end), "inverted")
    previous = lower[cue - 1] if cue > start else ""
    if previous in ("und", "aber", "oder"):
        return _shared(tokens, cue, start, found)
    subject = _before(tokens, cue, start)
    after = _after(tokens, cue, end) if cue > start else None
    if subject is not None and not (_is_doubtful(subject, start) and _is_full(after)):
        return subject, "left"
    return None if after is None else (after, "left")


def _is_doubtful(subject: Mention, start: int) -> bool:
    """Whether one capitalised word that opens its sentence may be no name at all."""
    return subject.first == subject.last == start and subject.kind is MentionKind.NAME


def _is_full(mention: Mention | None) -> bool:
    return mention is not None and mention.kind is MentionKind.NAME and len(mention.name) > 1


def _after(tokens: Tokens, cue: int, end: int) -> Mention | None:
    """The subject after its verb, small words between them skipped."""
    place = cue + 1
    while place < end and tokens.words[place] in ADVERBS:
        place += 1
    return read_right(tokens, place, end)


def _named(tokens: Tokens, subject: Mention, end: int) -> Mention:
    """The name after the comma in "sagte ihr Anwalt, Jens Holm,", else the subject."""
    at = subject.last + 2
    if subject.kind is not MentionKind.DESCRIPTION or at >= end or tokens.words[at - 1] != ",":
        return subject
    named = read_right(tokens, at, end)
    if named is None or named.kind is not MentionKind.NAME or len(named.name) < 2:
        return subject
    return named


def _before(tokens: Tokens, cue: int, start: int) -> Mention | None:
    """The subject that opens the clause and is followed by the verb, insertions apart."""
    words, lower = tokens.words, tokens.lower
    openings = [start]
    openings.extend(
        place + 1
        for place in range(cue - 1, max(start, cue - _INSERTION) - 1, -1)
        if words[place] in (",", QUOTE, ";", ":") or lower[place] == "wie"
    )
    for first in openings:
        at = first
        while at < cue and (lower[at] in OPENERS or lower[at] == "wie"):
            at += 1
        subject = read_right(tokens, at, cue)
        if subject is not None and _reaches(tokens, subject.last, cue):
            return _named(tokens, subject, cue)
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
    return all(word in ADVERBS or word in ("im", "in", "vor") for word in between[:1]) and (
        len(between) < 6 and "," not in between
    )


def _shared(
    tokens: Tokens, cue: int, start: int, found: list[Clause]
) -> tuple[Mention, str] | None:
    """The subject an earlier clause of the sentence lends, else the one that opens it."""
    if found and found[-1].verb >= start and found[-1].form != "according":
        return found[-1].subject, "shared"
    subject = read_right(tokens, start, cue)
    return None if subject is None else (subject, "shared")
