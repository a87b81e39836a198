"""Reported speech without marks: "Holm said that the talks go on", "Moscow denies any role".

Precision before recall: only a name, body or capital as the subject, only a plain cue, only with
"that" or a plain denial, which keeps its cue. What is asked, was never said or is merely possible
is left alone; so is a reported clause that holds marks, which is read as a quoted fragment.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.core.quotes.choices import Choice
from bot.core.quotes.clauses import Clause
from bot.core.quotes.lexicon import (
    BE,
    DAYS,
    DETERMINERS,
    ORGANISATIONS,
    PLACES,
    PREPOSITIONS,
    PRONOUNS,
)
from bot.core.quotes.mentions import Mention, MentionKind
from bot.core.quotes.tokens import QUOTE, Tokens
from bot.domain.quotes import Span

RULE = "name said that, no marks"
DENIAL = "name denies, no marks"
#: Past and present forms whose "that" clause is what was said.
_CUES = frozenset(
    "said says told tells announced announces warned warns argued argues insisted insists stressed "
    "stresses noted notes added adds claimed claims confirmed confirms declared declares explained "
    "explains emphasized emphasised reiterated acknowledged acknowledges admitted admits stated "
    "states testified predicted promised pledged vowed suggested suggests asserted asserts "
    "maintained maintains complained complains conceded concedes cautioned contended contends "
    "revealed wrote writes tweeted alleged alleges affirmed denied denies replied responded "
    "recalled concluded underlined repeated announced".split()
)
_WORTH = re.compile(
    rf"\b(?:{'|'.join(sorted(_CUES - {'denied', 'denies'}))})\b[^.!?]{{0,80}}?\bthat\b"
    r"|\bdenie[sd]\b"
)
#: Words between subject and cue that leave the saying a fact.
_FACTUAL = frozenset(
    "also has had have then later recently previously repeatedly again who".split()
)
#: Words between cue and "that", at most: "told reporters in Kyiv on Friday that".
_APART = 9
#: What may stand before the subject of a main clause.
_BEFORE = frozenset((",", "but", "and", "-", "--", ";", ":"))
#: What ends the reported clause before its sentence does.
_TURNS = frozenset(
    "but while although though adding saying calling noting citing according".split()
)
_SHORTEST = 4
#: Words of a sentence that is still one, at most.
_LONGEST = 300
#: Clauses further on in the sentence that are looked at.
_LATER = 9
_NO_SPEAKERS = frozenset("research media history evidence today tonight law act bill".split())
_MARKS = frozenset((QUOTE, '"'))
_DENIALS = frozenset(("denies", "denied"))
_DENIED = frozenset(
    "any all involvement responsibility wrongdoing having reports allegations claims "
    "accusations it".split()
)
_TOLD = frozenset("told tells warned warns assured reminded".split())
#: What may stand right after a cue besides a preposition and a day.
_WHEN = frozenset("this last earlier again then later repeatedly yesterday today publicly".split())
_NO_OPENERS = frozenset(
    "is was would will were has had may might could can isn't wasn't weren't won't".split()
)
#: Nouns that begin the reporter's own comment: "…, a claim the ministry denies".
_COMMENTS = frozenset("news something a an the".split())
_REMARKS = frozenset(
    "claim claims charge charges move news statement assertion remark remarks accusation "
    "allegation position comment reference signal stance view decision something".split()
)
_STOPS = frozenset(".!?)]:")
_BREAKS = (",", "-", "--")


@dataclass(frozen=True, slots=True)
class Told:
    """A reported clause and who is held to have said it."""

    span: Span
    choice: Choice


def may_report(folded: str) -> bool:
    """Whether a paragraph is worth reading for reported speech; cheap."""
    plain = " that " in folded or "denie" in folded
    return plain and _WORTH.search(folded) is not None


def reported(tokens: Tokens, clauses: list[Clause]) -> list[Told]:
    """The reported clauses of a paragraph, in order.

    Args:
        tokens: The paragraph, quoted stretches masked.
        clauses: Its cue clauses.
    """
    found: list[Told] = []
    for index, clause in enumerate(clauses):
        start, end = tokens.sentences[clause.sentence]
        if end - start > _LONGEST or not _is_plain(tokens, clause, start):
            continue
        if QUOTE in tokens.words[start : clause.first]:
            continue
        denies = tokens.words[clause.verb] in _DENIALS
        first = _that(tokens, clause.verb, end)
        rule = RULE
        if first is None and denies and _is_denied(tokens, clause.verb + 1, end):
            first, rule = clause.verb, DENIAL
        if first is None:
            continue
        last = _last(tokens, first + 1, end, clauses[index + 1 : index + _LATER])
        if last - first < (_SHORTEST if rule == RULE else 2):
            continue
        if _MARKS.intersection(tokens.words[first : last + 1]):
            continue
        # "denied that he left": without the cue the words would say the opposite.
        begins = clause.verb if denies else first + 1
        span = Span(start=tokens.starts[begins], end=tokens.ends[last])
        if not found or span.start >= found[-1].span.end:
            found.append(Told(span, Choice(tokens, clause.subject, rule, clause.verb)))
    return found


def _is_plain(tokens: Tokens, clause: Clause, start: int) -> bool:
    """Whether a clause states that a named speaker said something."""
    if tokens.words[clause.verb] not in _CUES or clause.form not in ("left", "inserted"):
        return False
    subject = clause.subject
    if not _is_named(tokens, subject):
        return False
    before = tokens.lower[subject.first - 1] if subject.first > start else ","
    if before in DETERMINERS and subject.first - 1 > start:
        before = tokens.lower[subject.first - 2]
    elif before in DETERMINERS:
        before = ","
    if before not in _BEFORE:
        return False
    if clause.form == "inserted":
        return tokens.words[clause.verb - 1] in (",", ")", "-", "--")
    between = tokens.lower[subject.last + 1 : clause.verb]
    return all(
        word in _FACTUAL or word in DAYS or word == "on" or word.endswith("ly") for word in between
    )


def _is_named(tokens: Tokens, subject: Mention) -> bool:
    """Whether a mention is a person's name, a body's or a capital's."""
    words, lower = tokens.words[subject.first : subject.last + 1], tokens.lower[subject.last]
    if lower in _NO_SPEAKERS:
        return False
    if subject.kind in (MentionKind.NAME, MentionKind.ORGANISATION):
        return True
    if subject.first == subject.last:
        return lower in PLACES
    named = words[1:] if words[0].lower() in DETERMINERS else words
    return lower in ORGANISATIONS and all(word[:1].isupper() for word in named)


def _that(tokens: Tokens, verb: int, end: int) -> int | None:
    """The "that" that opens the reported clause, with no punctuation before it."""
    for place in range(verb + 1, min(end, verb + 1 + _APART)):
        word = tokens.lower[place]
        if word == "that":
            return place if _opens_clause(tokens, place + 1, end) else None
        first = place == verb + 1 and tokens.lower[verb] not in _TOLD
        if first and not (word in PREPOSITIONS or word in _WHEN or word in DAYS):
            # "said the plan that Orr has": no clause of what was said.
            return None
        if word in PRONOUNS or word in BE or word in _CUES or not word[:1].isalnum():
            return None
    return None


def _is_denied(tokens: Tokens, first: int, end: int) -> bool:
    """Whether what is denied follows: "any role", "shelling the town"."""
    word = tokens.lower[first] if first < end else ""
    return word in _DENIED or (len(word) > 4 and word.endswith("ing"))


def _opens_clause(tokens: Tokens, first: int, end: int) -> bool:
    """Whether a clause follows "that", and no "that was so", "that view, adding …"."""
    if first + 1 >= end or tokens.lower[first] in _NO_OPENERS:
        return False
    return tokens.words[first + 1] not in (",", ".", ":", ";")


def _turns(lower: list[str], place: int) -> bool:
    """Whether the reporter speaks again from ``place``, right after a comma or dash."""
    word = lower[place]
    if word in _TURNS or (len(word) > 5 and word.endswith("ing") and word != "including"):
        return True
    return word in _COMMENTS and bool(_REMARKS.intersection(lower[place : place + 3]))


def _last(tokens: Tokens, first: int, end: int, later: list[Clause]) -> int:
    """The last token of the reported clause that starts at ``first``."""
    words, lower = tokens.words, tokens.lower
    last = end - 1
    within = _STOPS - {")"} if "(" in words[first:end] else _STOPS
    while last > first and words[last] in within:
        last -= 1
    for place in range(first, last):
        if words[place] == ";" or (words[place] in _BREAKS and _turns(lower, place + 1)):
            return place - 1
    for clause in later:
        opens = clause.first - 2
        if first < opens < last and words[opens] == "," and lower[opens + 1] in ("and", "but"):
            return opens - 1
        if (
            first < clause.first < last
            and words[clause.first - 1] == ","
            and (clause.last >= last - 4)
        ):
            return clause.first - 2
    return last
