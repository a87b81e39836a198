"""Cue clauses of a German paragraph.

sagte Holm; teilte Holm mit       inverted     Holm sagte: …; wie Holm sagte    left
laut Holm; so Holm; Holm zufolge  according    Am Montag sagte Holm: …          left
deren Chef Holm von „…“ sprach    around
"""

from __future__ import annotations

from bot.core.quotes.clauses import Clause
from bot.core.quotes.german.lexicon import (
    ADVERBS,
    HAVE,
    JUDGE,
    NEEDS_PERSON,
    NOT_SPEAKING,
    PARTICIPLES,
    PASSIVE,
    PREPOSITIONS,
    SAY,
    SEPARABLE,
    SOURCE_BEFORE,
    SOURCE_NOUNS,
    WORDS_BEFORE,
)
from bot.core.quotes.german.mentions import read_right
from bot.core.quotes.german.sources import (
    Found,
    is_heard,
    noun_source,
    opinion,
    source_after,
    zufolge,
)
from bot.core.quotes.german.subjects import after_verb, around, is_person, named, subject_of
from bot.core.quotes.mentions import Mention, MentionKind
from bot.core.quotes.tokens import QUOTE, Tokens

#: Words between a verb and what it is separated from, at most.
_APART = 20
_SPOKEN_OF = frozenset("heißt hieß heisst hiess".split())
#: Any word that may be a cue; after a comma or quote, any verb may.
_CUES = (
    SAY
    | JUDGE
    | PARTICIPLES
    | SOURCE_BEFORE
    | SOURCE_NOUNS
    | SEPARABLE.keys()
    | _SPOKEN_OF
    | frozenset(("zufolge", "für"))
)
_BESIDE = frozenset((",", QUOTE))
_FINITE = ("te", "ten", "t", "en")


def clauses(tokens: Tokens, *, headline: bool = False) -> list[Clause]:
    """Every cue clause, in order of its cue; ``headline`` changes nothing in German."""
    del headline
    found: list[Clause] = []
    for number, (start, end) in enumerate(tokens.sentences):
        for cue in range(start, end):
            beside = cue > start and tokens.words[cue - 1] in _BESIDE
            if not beside and tokens.lower[cue] not in _CUES:
                continue
            read = _read(tokens, cue, start, end, found)
            if read is not None:
                subject, form, says, verb = read
                found.append(Clause(verb, subject, form, number, says))
    return sorted(found, key=lambda clause: clause.verb)


def _read(tokens: Tokens, cue: int, start: int, end: int, found: list[Clause]) -> Found | None:
    """Subject, form, whether the cue is of the saying kind, and the verb's place."""
    lower = tokens.lower
    word = lower[cue]
    if word in SOURCE_BEFORE:
        return source_after(tokens, cue, end)
    if word == "zufolge":
        return zufolge(tokens, cue, start)
    if word in SOURCE_NOUNS and tokens.words[cue] != word:
        return noun_source(tokens, cue, start, end)
    if word in _SPOKEN_OF:
        return is_heard(tokens, cue, start, end)
    if word == "für" and cue == start:
        return opinion(tokens, cue, end)
    return None if tokens.words[cue] != word else _verb(tokens, cue, start, end, found)


def _verb(tokens: Tokens, cue: int, start: int, end: int, found: list[Clause]) -> Found | None:
    """The clause of the verb at ``cue``."""
    lower = tokens.lower
    word = lower[cue]
    says = word in SAY
    if (says or word in JUDGE or word in PARTICIPLES) and _is_passive(tokens, cue, start):
        return _doer(tokens, cue, start)
    if word in SEPARABLE and not says:
        says = not SEPARABLE[word].isdisjoint(lower[cue + 1 : min(end, cue + _APART)])
    if (word in PARTICIPLES and not says) or (says and _has_auxiliary(tokens, cue, start)):
        return _perfect(tokens, cue, start, end)
    if not says and word not in JUDGE:
        return _any_verb(tokens, cue, start, end)
    subject = subject_of(tokens, cue, start, end, found)
    if subject is None or (subject[0].kind is MentionKind.PRONOUN and word.endswith("en")):
        # "sie sagten": several people.
        return None
    mention, form = subject
    if word.endswith("en"):
        mention = _both(tokens, mention, end)
    if word in NEEDS_PERSON and not is_person(mention):
        return None
    if not says and form == "inverted" and lower[cue - 1] == ",":
        # "„…“, lobte Holm": after a whole quote any of these verbs tells who spoke.
        says = is_person(mention)
    if not says and form == "left" and cue > start and _opens_with_wie(tokens, mention, start):
        says = True
    return mention, form, says, cue


def _is_passive(tokens: Tokens, cue: int, start: int) -> bool:
    """Whether a participle belongs to a "wurde" of the same clause."""
    if not tokens.lower[cue].endswith(("t", "en")):
        return False
    for place in range(cue - 1, max(start, cue - _APART) - 1, -1):
        if tokens.words[place] in (",", ":"):
            return False
        if tokens.lower[place] in PASSIVE:
            return True
    return False


def _doer(tokens: Tokens, cue: int, start: int) -> Found | None:
    """Wurde von Holm als „…“ gelobt: Holm, and nobody where none is named."""
    for place in range(cue - 1, max(start, cue - _APART) - 1, -1):
        if tokens.lower[place] in ("von", "vom"):
            doer = read_right(tokens, place + 1, cue)
            if doer is None or not is_person(doer):
                return None
            quoted = QUOTE in tokens.words[doer.last + 1 : cue]
            return doer, "around" if quoted else "left", True, cue
    return None


def _has_auxiliary(tokens: Tokens, cue: int, start: int) -> bool:
    """Whether "erklärt" and the like belong to a "hat" of the same clause."""
    if not tokens.lower[cue].endswith("t"):
        return False
    for place in range(cue - 1, max(start, cue - _APART) - 1, -1):
        if tokens.words[place] in (",", QUOTE, ":"):
            return False
        if tokens.lower[place] in HAVE:
            return True
    return False


def _both(tokens: Tokens, mention: Mention, end: int) -> Mention:
    """Two people as one mention: "sagten Holm und Falk"."""
    follows = tokens.words[mention.last + 1 : mention.last + 2]
    if mention.kind is not MentionKind.NAME or follows != ["und"]:
        return mention
    other = read_right(tokens, mention.last + 2, end)
    if other is None or other.kind is not MentionKind.NAME:
        return mention
    return Mention(mention.first, other.last, MentionKind.DESCRIPTION, head="beamte")


def _opens_with_wie(tokens: Tokens, mention: Mention, start: int) -> bool:
    return mention.first > start and tokens.lower[mention.first - 1] == "wie"


def _any_verb(tokens: Tokens, cue: int, start: int, end: int) -> Found | None:
    """„…“, unkte Holm; mit den Worten „…“ verteidigte Holm …: right after a quote any verb does."""
    words, lower = tokens.words, tokens.lower
    word = lower[cue]
    if cue - 1 < start or word in NOT_SPEAKING or word in ADVERBS or word in PREPOSITIONS:
        return None
    if not (word.endswith(_FINITE) and word.isalpha()):
        return None
    comma = words[cue - 1] == "," and cue - 2 >= start and words[cue - 2] == QUOTE
    announced = (
        words[cue - 1] == QUOTE
        and cue - 2 >= start
        and not WORDS_BEFORE.isdisjoint(lower[max(start, cue - 4) : cue])
    )
    if not comma and not announced:
        return None
    subject = after_verb(tokens, cue, end)
    if subject is None or not is_person(subject):
        return None
    if subject.kind is MentionKind.PRONOUN and word.endswith("en"):
        return None
    return named(tokens, subject, end), "inverted", True, cue


def _perfect(tokens: Tokens, cue: int, start: int, end: int) -> Found | None:
    """Holm hatte gesagt: … The auxiliary is where the subject stands."""
    if tokens.lower[cue + 1 : cue + 2] and tokens.lower[cue + 1] in HAVE:
        # Holm, der von „…“ gesprochen hatte
        quoted = QUOTE in tokens.words[max(start, cue - 4) : cue]
        subject = around(tokens, cue, start) if quoted else None
        return None if subject is None else (subject, "around", True, cue)
    for have in range(cue - 1, max(start, cue - _APART) - 1, -1):
        if tokens.lower[have] in HAVE:
            found = subject_of(tokens, have, start, end, [])
            if found is None:
                return None
            subject, form = found
            if form == "inverted":
                return subject, form, True, have
            quoted = QUOTE in tokens.words[max(subject.last, have) : cue]
            return subject, "around" if quoted else form, True, cue
    return None
