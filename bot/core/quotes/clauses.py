"""Cue clauses of a paragraph: a verb of saying, or "according to", with its subject.

Holm said              left        said Holm                  inverted
Holm, who left, said   inserted    Holm praised A and said    shared
with Holm saying       with        Holm was quoted as saying  quoted
Asked again, Holm      participle  according to Holm          according
Orr, who said          relative          was praised by Holm as     agent
Holm went on           left              as Holm put it             left
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.quotes.leftward import read_left
from bot.core.quotes.lexicon import (
    BE,
    CONJUNCTIONS,
    CONTROLS,
    DETERMINERS,
    INVERTS,
    ISSUES,
    JUDGE,
    NOUN_CUES,
    PAPERS,
    PERSONS,
    PLAIN,
    PREPOSITIONS,
    SAY,
    SPEAKERS,
)
from bot.core.quotes.mentions import Mention, MentionKind
from bot.core.quotes.proper import is_capital
from bot.core.quotes.rightward import read_right
from bot.core.quotes.subjects import (
    after_comma,
    apposed,
    auxiliaries,
    holder,
    inserted,
    opening,
    quoted,
    skip_times,
)
from bot.core.quotes.tokens import QUOTE, Tokens

#: Participles that give a thing its name.
_NAMING = frozenset("called dubbed labeled labelled branded".split())
#: Words between two clauses of which neither reports the other.
_APART = frozenset(", ; : - -- ( ) and but when while".split()) | {QUOTE}
_ARTICLES = frozenset("a an the his her their its my our your".split())
#: Verbs that are cues with a second word, before a pause: "he went on," "as he put it".
_PHRASES = {"went": "on", "goes": "on", "put": "it", "puts": "it"}
_MAYBE = SAY | JUDGE | _PHRASES.keys() | {"according", "words"}
#: Words between a verb and the participle that shares its subject, at most.
_NEAR = 6
_PAUSES = frozenset((",", ".", ":", "-", "--", QUOTE))
_LINKS = frozenset("before after while whilst by and in without".split())


@dataclass(frozen=True, slots=True)
class Clause:
    """One cue with its subject; token indices."""

    verb: int
    subject: Mention
    #: See the module's docstring.
    form: str
    #: Number of the sentence it stands in.
    sentence: int
    #: Whether the verb is of the saying kind, and may stand after the quote.
    says: bool

    @property
    def first(self) -> int:
        """First token of cue and subject together."""
        return min(self.subject.first, self.verb)

    @property
    def last(self) -> int:
        """Last token of cue and subject together."""
        return max(self.subject.last, self.verb)


def clauses(tokens: Tokens, *, headline: bool = False) -> list[Clause]:
    """Every cue clause, in order of its verb; in a headline verbs may be capitalised."""
    found: list[Clause] = []
    for number, (start, end) in enumerate(tokens.sentences):
        here: list[Clause] = []
        for verb in range(start, end):
            word = tokens.lower[verb]
            if word not in _MAYBE or (word in _PHRASES and not _is_phrase(tokens, verb, end)):
                continue
            if is_capital(tokens.words[verb]) and not headline and not _opens(tokens, verb, start):
                continue
            read = _subject(tokens, verb, start, end, here)
            if read is not None:
                says = (word in SAY or word in _PHRASES) and read[1] != "agent"
                here.append(Clause(verb, read[0], read[1], number, says))
        found.extend(here)
    return found


def _is_phrase(tokens: Tokens, verb: int, end: int) -> bool:
    """Whether "went" or "put" is a cue together with the words after it."""
    second = _PHRASES.get(tokens.lower[verb])
    if second is None or verb + 1 >= end or tokens.lower[verb + 1] != second:
        return False
    return verb + 2 >= end or tokens.words[verb + 2] in _PAUSES


def nested(tokens: Tokens, outer: Clause, inner: Clause) -> bool:
    """Whether ``inner`` stands in what ``outer`` reports, as in "Holm said Orr called"."""
    if not outer.says or outer.last >= inner.first or outer.form == "according":
        return False
    between = tokens.lower[outer.last + 1 : inner.first]
    return not any(word in _APART for word in between)


def _opens(tokens: Tokens, verb: int, start: int) -> bool:
    """Whether a capitalised word at ``verb`` may be a verb: it opens something."""
    return verb == start or tokens.words[verb - 1] in (QUOTE, ",", ":")


def _subject(
    tokens: Tokens, verb: int, start: int, end: int, here: list[Clause]
) -> tuple[Mention, str] | None:
    """The subject of the cue at ``verb`` and the form of the clause."""
    words, lower = tokens.words, tokens.lower
    word = lower[verb]
    if word == "words":
        follows = lower[verb - 2 : verb + 2] == ["in", "the", "words", "of"]
        return _as(read_right(tokens, verb + 2, end) if follows else None, "according")
    if word == "according":
        follows = verb + 1 < end and lower[verb + 1] == "to"
        return _as(read_right(tokens, verb + 2, end) if follows else None, "according")
    inverted = _inverted(tokens, verb, start, end) if word in INVERTS else None
    if inverted is not None or (verb == start and word in INVERTS):
        return _as(inverted, "inverted")
    if _names_a_thing(tokens, verb, start, end):
        return None
    place, skipped = auxiliaries(tokens, verb, start)
    progressive = any(item in BE for item in skipped)
    if progressive and not word.endswith("ing"):
        return _as(_agent(tokens, verb, end), "agent")
    if not skipped and word in PLAIN and _is_one(tokens, place, start):
        # "helped Holm write": no verb of Holm's sentence.
        return None
    if "to" in skipped and not any(item in CONTROLS for item in skipped):
        # "to say": an infinitive of some other verb.
        return None
    if word.endswith("ing") and not progressive:
        return _participle(tokens, verb, place, start, end, here)
    if place < start:
        told = "having" in skipped
        return _as(after_comma(tokens, verb, end) if told else None, "participle")
    if words[place] == QUOTE:
        return None
    return _finite(tokens, verb, place, start, here)


def _inverted(tokens: Tokens, verb: int, start: int, end: int) -> Mention | None:
    """The subject after its verb: after a quote, in "Said Holm: …" and in "…, said Holm."."""
    after_quote = _follows_quote(tokens, verb, start)
    if not (after_quote or verb == start or tokens.words[verb - 1] == ","):
        return None
    subject = read_right(tokens, verb + 1, end)
    if subject is None:
        return None
    if after_quote:
        return apposed(tokens, subject, end)
    pause = tokens.words[subject.last + 1] if subject.last + 1 < end else "."
    if verb == start:
        return subject if pause == ":" else None
    if subject.kind is not MentionKind.NAME or pause not in (",", ".", ":"):
        return None
    across = inserted(tokens, verb - 1, start)
    return subject if across is None or across.kind is not MentionKind.NAME else None


def _is_one(tokens: Tokens, place: int, start: int) -> bool:
    """Whether one person stands before a plain form, which needs several: "Holm say"."""
    subject = read_left(tokens, place, start) if place >= start else None
    if subject is None:
        return False
    if subject.kind is MentionKind.NAME:
        # "the Saudis say"
        return len(subject.name) > 1 or not subject.name[0].endswith("s")
    if subject.kind is not MentionKind.DESCRIPTION:
        return False
    return tokens.lower[subject.first] in ("a", "an") or subject.head in PERSONS


def _names_a_thing(tokens: Tokens, verb: int, start: int, end: int) -> bool:
    """Whether a word like a cue is a noun or label: "the charge", "a song called “Tides”"."""
    word = tokens.lower[verb]
    before = tokens.lower[verb - 1] if verb > start else ""
    if before in _ARTICLES:
        return True
    if word in NOUN_CUES and not (before in _LINKS and word.endswith("ing")):
        return before in DETERMINERS or before in PREPOSITIONS or before.endswith("'s")
    if word not in _NAMING or verb + 1 >= end or tokens.words[verb + 1] != QUOTE:
        return False
    subject = read_left(tokens, verb - 1, start)
    return subject is None or subject.kind not in (MentionKind.NAME, MentionKind.PRONOUN)


def _agent(tokens: Tokens, verb: int, end: int) -> Mention | None:
    """Who did it, in "was described by Holm as"."""
    by = verb + 1
    if by >= end or tokens.lower[by] != "by":
        return None
    return read_right(tokens, by + 1, end)


def _as(subject: Mention | None, form: str) -> tuple[Mention, str] | None:
    return None if subject is None else (subject, form)


def _participle(
    tokens: Tokens, verb: int, place: int, start: int, end: int, here: list[Clause]
) -> tuple[Mention, str] | None:
    """The subject of "saying": the main clause's, or the noun before it."""
    lower = tokens.lower
    if place < start:
        return _as(after_comma(tokens, verb, end), "participle") if place == verb - 1 else None
    if tokens.words[place] == QUOTE:
        return None
    if lower[place] in CONJUNCTIONS or lower[place] in _LINKS or lower[place] in (",", "-"):
        return _as(_shared(tokens, here, start, place), "shared")
    if lower[place] == "as":
        return _as(quoted(tokens, place, start), "quoted")
    if lower[place] in PREPOSITIONS:
        # "accused Holm of saying": Holm or not, who knows.
        return None
    place = skip_times(tokens, place, start)
    floor = next(
        (p + 1 for p in range(place, max(start, place - 5), -1) if lower[p] == "with"), start
    )
    subject = read_left(tokens, place, floor)
    if subject is not None and subject.head in PAPERS:
        # "Holm released a statement saying": the paper is Holm's.
        issued = lower[subject.first - 1 : subject.first]
        owner = opening(tokens, start, subject.first, plain=True)
        return _as(owner if owner or any(word in ISSUES for word in issued) else subject, "shared")
    if subject is None and here and here[-1].verb > place - _NEAR:
        # "Lund wrote to the paper demanding"
        return _as(_shared(tokens, here, start, place), "shared")
    return _as(subject, "with")


def _finite(
    tokens: Tokens, verb: int, place: int, start: int, here: list[Clause]
) -> tuple[Mention, str] | None:
    """The subject that ends at ``place``, right before the cue and its auxiliaries."""
    words, lower = tokens.words, tokens.lower
    if lower[place] in CONJUNCTIONS:
        return _as(_shared(tokens, here, start, place), "shared")
    if words[place] in (",", "-", "--"):
        return _as(holder(tokens, inserted(tokens, place, start), start), "inserted")
    if words[place] == ")":
        while place > start and words[place] != "(":
            place -= 1
        return _as(read_left(tokens, place - 1, start), "left")
    if lower[place] == "who":
        antecedent = place - 2 if words[place - 1] == "," else place - 1
        return _as(read_left(tokens, antecedent, start), "relative")
    subject = read_left(tokens, place, start)
    if (
        subject is not None
        and lower[verb] in NOUN_CUES
        and subject.kind is MentionKind.DESCRIPTION
        and (subject.head not in SPEAKERS or subject.head != lower[subject.last])
    ):
        # "a blog post", "a measured comment": a noun, no verb.
        return None
    if subject is not None and "who" in lower[subject.first : subject.last]:
        # "Jane Roe, the poet who left for good said": no comma closes the apposition.
        subject = holder(tokens, subject, start)
    return _as(subject, "left")


def _shared(tokens: Tokens, here: list[Clause], start: int, place: int) -> Mention | None:
    """The subject an earlier clause of the sentence lends, else the one that opens it."""
    if not here or here[-1].form == "relative":
        return opening(tokens, start, place)
    if ")" in tokens.words[here[-1].last : place]:
        # "(Lund called it a shame), Holm answered by saying": no more than what Holm's verb lends.
        return None
    if len(here) > 1 and nested(tokens, here[-2], here[-1]):
        return here[0].subject
    return here[-1].subject


def _follows_quote(tokens: Tokens, verb: int, start: int) -> bool:
    place = verb - 1
    while place >= start and tokens.words[place] in (",", "-", "--", "'"):
        place -= 1
    return place >= start and tokens.words[place] == QUOTE
