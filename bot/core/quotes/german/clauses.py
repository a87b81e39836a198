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
    NEEDS_PERSON,
    NOT_SPEAKING,
    OBLIQUE,
    OPENERS,
    OWNED,
    PARTICIPLES,
    PREPOSITIONS,
    SAY,
    SEPARABLE,
    SOURCE_BEFORE,
    SOURCE_NOUNS,
    SUBORDINATE,
    WORDS_BEFORE,
)
from bot.core.quotes.german.mentions import is_capital, is_first_name, read_right
from bot.core.quotes.german.nouns import is_body, is_role
from bot.core.quotes.mentions import Mention, MentionKind
from bot.core.quotes.tokens import QUOTE, Tokens

#: Words between a verb and what it is separated from, at most.
_APART = 20
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
#: What only a subject begins with.
_NOMINATIVE = frozenset(("er", "der", "ein"))
_FINITE = ("te", "ten", "t", "en")


def clauses(tokens: Tokens, *, headline: bool = False) -> list[Clause]:
    """Every cue clause, in order of its cue; ``headline`` changes nothing in German."""
    del headline
    found: list[Clause] = []
    for number, (start, end) in enumerate(tokens.sentences):
        for cue in range(start, end):
            if tokens.lower[cue] not in _CUES and tokens.words[cue - 1] not in _BESIDE:
                continue
            read = _read(tokens, cue, start, end, found)
            if read is not None:
                subject, form, says, verb = read
                found.append(Clause(verb, subject, form, number, says))
    return sorted(found, key=lambda clause: clause.verb)


def _read(
    tokens: Tokens, cue: int, start: int, end: int, found: list[Clause]
) -> tuple[Mention, str, bool, int] | None:
    """Subject, form, whether the cue is of the saying kind, and the verb's place."""
    lower = tokens.lower
    word = lower[cue]
    if word in SOURCE_BEFORE:
        return _source(tokens, cue, end)
    if word == "zufolge":
        return _zufolge(tokens, cue, start)
    if word in SOURCE_NOUNS and tokens.words[cue] != word:
        return _noun_source(tokens, cue, start, end)
    if word in _SPOKEN_OF:
        return _is_heard(tokens, cue, start, end)
    if word == "für" and cue == start:
        return _opinion(tokens, cue, end)
    return None if tokens.words[cue] != word else _verb(tokens, cue, start, end, found)


def _verb(
    tokens: Tokens, cue: int, start: int, end: int, found: list[Clause]
) -> tuple[Mention, str, bool, int] | None:
    """The clause of the verb at ``cue``."""
    lower = tokens.lower
    word = lower[cue]
    says = word in SAY
    if word in SEPARABLE and not says:
        says = not SEPARABLE[word].isdisjoint(lower[cue + 1 : min(end, cue + _APART)])
    if word in PARTICIPLES and not says:
        return _perfect(tokens, cue, start, end)
    if not says and word not in JUDGE:
        return _any_verb(tokens, cue, start, end)
    subject = _subject(tokens, cue, start, end, found)
    if subject is None or (subject[0].kind is MentionKind.PRONOUN and word.endswith("en")):
        # "sie sagten": several people.
        return None
    mention, form = subject
    if word in NEEDS_PERSON and not is_person(tokens, mention):
        return None
    if not says and form == "inverted" and lower[cue - 1] == ",":
        # "„…“, lobte Holm": after a whole quote any of these verbs tells who spoke.
        says = is_person(tokens, mention)
    if not says and form == "left" and cue > start and _opens_with_wie(tokens, mention, start):
        says = True
    return mention, form, says, cue


def _opens_with_wie(tokens: Tokens, mention: Mention, start: int) -> bool:
    return mention.first > start and tokens.lower[mention.first - 1] == "wie"


def is_person(tokens: Tokens, mention: Mention) -> bool:
    """Whether a mention is somebody or a body, and no thing: "so der Plan"."""
    if mention.kind is MentionKind.DESCRIPTION:
        head = mention.head
        return is_role(head) or is_body(head) or head.endswith(("-jährige", "-jähriger"))
    if mention.kind is MentionKind.NAME and len(mention.name) == 1 and not mention.role:
        return tokens.words[mention.first] == mention.name[0] or mention.first < mention.last
    return True


def _any_verb(
    tokens: Tokens, cue: int, start: int, end: int
) -> tuple[Mention, str, bool, int] | None:
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
        and _announces(lower[max(start, cue - 4) : cue])
    )
    if not comma and not announced:
        return None
    subject = _after(tokens, cue, end)
    if subject is None or not is_person(tokens, subject):
        return None
    if subject.kind is MentionKind.PRONOUN and word.endswith("en"):
        return None
    return _named(tokens, subject, end), "inverted", True, cue


def _announces(before: list[str]) -> bool:
    return not WORDS_BEFORE.isdisjoint(before)


def _source(tokens: Tokens, cue: int, end: int) -> tuple[Mention, str, bool, int] | None:
    """Laut Holm; so Holm, which needs a quote or a comma before it."""
    so = tokens.lower[cue] == "so"
    if so:
        before = tokens.words[cue - 1] if cue else ""
        if before not in (",", QUOTE):
            return None
    source = read_right(tokens, cue + 1, end)
    if source is None or (so and not is_person(tokens, source)):
        return None
    return _named(tokens, source, end), "according", True, cue


def _opinion(tokens: Tokens, cue: int, end: int) -> tuple[Mention, str, bool, int] | None:
    """Für Holm ist das …: what follows is Holm's opinion."""
    source = read_right(tokens, cue + 1, end)
    if source is None or source.kind is not MentionKind.NAME or len(source.name) < 2:
        return None
    after = tokens.lower[source.last + 1 : source.last + 3]
    is_verb = after[:1] in (["ist"], ["war"], ["sind"], ["waren"], ["bedeutet"])
    if not is_verb or after[1:] not in (["das"], ["dies"], ["der"], ["die"], ["es"]):
        return None
    return source, "according", True, cue


def _zufolge(tokens: Tokens, cue: int, start: int) -> tuple[Mention, str, bool, int] | None:
    for first in range(max(start, cue - 8), cue):
        source = read_right(tokens, first, cue)
        if source is not None and source.last == cue - 1:
            return source, "according", True, cue
    return None


def _noun_source(
    tokens: Tokens, cue: int, start: int, end: int
) -> tuple[Mention, str, bool, int] | None:
    """Nach Angaben von Holm; aus Sicht der Ministerin; nach Angaben Holms."""
    lower = tokens.lower
    before = lower[max(start, cue - 3) : cue]
    if not ("nach" in before or "aus" in before or "laut" in before) or cue + 1 >= end:
        return None
    follows = lower[cue + 1]
    if follows in ("von", "des", "der"):
        source = read_right(tokens, cue + 2 if follows == "von" else cue + 1, end)
        return None if source is None else (_named(tokens, source, end), "according", True, cue)
    word = tokens.words[cue + 1]
    if is_capital(word) and word.endswith("s") and not is_body(word):
        name = (word[:-1].rstrip("'"),)
        return Mention(cue + 1, cue + 1, MentionKind.NAME, name=name), "according", True, cue
    return None


def _is_heard(
    tokens: Tokens, cue: int, start: int, end: int
) -> tuple[Mention, str, bool, int] | None:
    """Hieß es aus dem Ministerium: the body, and nobody where none is named; von Holm hieß es."""
    if tokens.lower[cue + 1 : cue + 2] != ["es"]:
        return None
    if start + 1 < cue and tokens.lower[start] in ("von", "vom", "aus"):
        source = read_right(tokens, start + 1, cue)
        if source is not None and source.last == cue - 1 and is_person(tokens, source):
            return source, "left", True, cue
    for place in range(cue + 2, min(end, cue + 8)):
        if tokens.lower[place] in ("aus", "vom", "von", "beim", "seitens"):
            source = read_right(tokens, place + 1, end)
            if source is not None and source.kind is MentionKind.ORGANISATION:
                return source, "inverted", True, cue
            return None
    return None


def _perfect(
    tokens: Tokens, cue: int, start: int, end: int
) -> tuple[Mention, str, bool, int] | None:
    """Holm hatte gesagt: … The auxiliary is where the subject stands."""
    for have in range(cue - 1, max(start, cue - _APART) - 1, -1):
        if tokens.lower[have] in HAVE:
            subject = _subject(tokens, have, start, end, [])
            if subject is None:
                return None
            after_quote = subject[1] == "inverted"
            return subject[0], subject[1], True, have if after_quote else cue
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
        if after is not None:
            return _named(tokens, after, end), "inverted"
        subject = _around(tokens, cue, start) if before == cue - 1 else None
        return None if subject is None else (subject, "around")
    previous = lower[cue - 1] if cue > start else ""
    if previous in ("und", "aber", "oder"):
        return _shared(tokens, cue, start, found)
    subject = _before(tokens, cue, start)
    after = _after(tokens, cue, end) if cue > start else None
    if subject is not None and after is not None and not is_person(tokens, subject):
        # "Das Problem sieht der Italiener in …": the object comes first; "die Sache freut sie"
        # could be either.
        if tokens.lower[after.first] in _NOMINATIVE and is_person(tokens, after):
            return after, "left"
        return subject, "left"
    if subject is not None and not (_is_doubtful(subject, start) and _is_full(after)):
        return subject, "left"
    return None if after is None else (_named(tokens, after, end), "left")


def _around(tokens: Tokens, cue: int, start: int) -> Mention | None:
    """The subject before the quote whose verb follows it: deren Chef Holm von „…“ sprach."""
    lower = tokens.lower
    for first in range(cue - 3, max(start, cue - _AROUND) - 1, -1):
        if tokens.words[first] == "," or tokens.words[first] in (";", ":"):
            break
        opens = first == start or lower[first - 1] in SUBORDINATE or lower[first] in OWNED
        if opens or tokens.words[first - 1] == ",":
            subject = read_right(tokens, first, cue - 1)
            if subject is not None and is_person(tokens, subject):
                return subject
    return None


def _is_doubtful(subject: Mention, start: int) -> bool:
    """Whether one capitalised word that opens its sentence may be no name at all."""
    return subject.first == subject.last == start and subject.kind is MentionKind.NAME


def _is_full(mention: Mention | None) -> bool:
    return mention is not None and mention.kind is MentionKind.NAME and len(mention.name) > 1


def _after(tokens: Tokens, cue: int, end: int) -> Mention | None:
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


def _skipped(tokens: Tokens, place: int, end: int) -> int:
    """The place after the adverb, dative or prepositional phrase at ``place``, if any is there."""
    words, lower = tokens.words, tokens.lower
    while place < end and (words[place] in ADVERBS or lower[place] in ADVERBS):
        place += 1
    if place >= end:
        return place
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


def _named(tokens: Tokens, subject: Mention, end: int) -> Mention:
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
