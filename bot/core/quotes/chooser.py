"""Choose for each quote of a paragraph the clause that says who spoke, and name the rule.

The closest evidence is tried first: the clause right after the quote, the nearest cue before it,
a colon, a clause at the end of the sentence, then the neighbouring quotes. Where none holds the
quote stays without a speaker: silence beats a wrong name.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from itertools import pairwise

from bot.core.quotes.clauses import Clause, clauses, nested, opening
from bot.core.quotes.leftward import read_left
from bot.core.quotes.lexicon import PAPERS, SAY, SIGNS, WEAK
from bot.core.quotes.mentions import Mention, MentionKind
from bot.core.quotes.tokens import QUOTE, Tokens

_DASHES = ("-", "--")
#: Words between a quote and the cue that governs it, at most.
_REACH = 100
_BREAKS = (",", "-", "--")
_ISSUED = frozenset("issued released published posted sent wrote tweeted made gave".split())
#: Rules for fragments inside the reporter's sentence; no whole quote goes on from them.
_FRAGMENTS = frozenset(("name said … quote", "name called … quote", "said … said … quote"))


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is held to have said one stretch."""

    #: The paragraph the mention stands in.
    tokens: Tokens
    mention: Mention
    rule: str
    #: Token of the cue, or None.
    verb: int | None = None
    #: Index of the stretch whose utterance this one goes on with.
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph with its clauses, and the choice for each of its stretches."""

    tokens: Tokens
    clauses: list[Clause]
    #: Index of a stretch → its choice.
    choices: dict[int, Choice] = field(default_factory=dict)


def choose(tokens: Tokens, contents: dict[int, str], *, headline: bool = False) -> Line:
    """Choose from a paragraph's own words.

    Args:
        tokens: The paragraph.
        contents: Index of a stretch → what stands between its marks.
        headline: Whether the paragraph is one: all capitals, and "Holm: …" names the speaker.
    """
    row = Line(tokens, clauses(tokens, headline=headline))
    for number, bounds in enumerate(tokens.sentences):
        places = [place for place in range(*bounds) if place in tokens.quotes]
        if places:
            _sentence(row, number, places, contents)
    _carry(row)
    if headline:
        _headline(row)
    return row


def _headline(row: Line) -> None:
    """Holm: Allies “Must Act”: who stands before the colon said what the headline quotes."""
    tokens = row.tokens
    colon = next((place for place, word in enumerate(tokens.words[:8]) if word == ":"), 0)
    named = read_left(tokens, colon - 1, 0) if colon else None
    if named is None or named.first != 0:
        return
    for place, index in tokens.quotes.items():
        if place > colon:
            row.choices[index] = Choice(tokens, named, "headline name: quote")


def is_whole(tokens: Tokens, place: int, content: str) -> bool:
    """Whether the quote at token ``place`` is an utterance of its own, no fragment."""
    first = content.lstrip("[(…. '‘")[:1]
    if not (first.isupper() or first.isdigit()):
        return False
    start, _ = tokens.sentences[_number(tokens, place)]
    before = tokens.words[place - 1] if place > start else ","
    return before in (",", ":", "(", QUOTE, *_DASHES) or content[-1:] in ",.?!"


def _sentence(row: Line, number: int, places: list[int], contents: dict[int, str]) -> None:
    """Choose for the quotes of one sentence."""
    tokens = row.tokens
    previous: int | None = None
    for place in places:
        index = tokens.quotes[place]
        choice = _choose(row, number, place, contents[index].strip(), previous)
        if choice is not None:
            row.choices[index] = choice
            previous = index


def _choose(
    row: Line, number: int, place: int, content: str, previous: int | None
) -> Choice | None:
    here = _near(row, number, place)
    return (
        _right(row.tokens, here, number, place, content)
        or _left(row, here, place, previous)
        or _colon(row.tokens, number, place)
        or _trailing(row.tokens, here, place)
    )


def _near(row: Line, number: int, place: int) -> list[Clause]:
    """The clauses of a sentence within reach of the quote at token ``place``."""
    first = bisect_left(row.clauses, place - _REACH, key=lambda clause: clause.verb)
    last = bisect_right(row.clauses, place + _REACH, key=lambda clause: clause.verb)
    return [clause for clause in row.clauses[first:last] if clause.sentence == number]


def _right(
    tokens: Tokens, here: list[Clause], number: int, place: int, content: str
) -> Choice | None:
    """The clause that follows the quote: said Holm; Holm said; according to Holm; - Holm."""
    words = tokens.words
    start, end = tokens.sentences[number]
    after = place + 1
    breaks = after < end and words[after] in _BREAKS
    if breaks:
        after += 1
    last = content.rstrip("\"'”’»)] ")[-1:]
    if not (breaks or last in ",?!-—–…." or place == start):
        return None
    for clause in here:
        if not after <= clause.first <= after + 3 or not (
            clause.says or clause.form == "according"
        ):
            continue
        straight = not any(word in (",", ":", QUOTE) for word in words[after : clause.first])
        if clause.form == "according" and clause.first == after:
            return _made(tokens, clause, "quote, according to name")
        if clause.form == "inverted" and clause.verb == after:
            return _made(tokens, clause, "quote, said name")
        if clause.form in ("left", "inserted") and straight:
            return _made(tokens, clause, "quote, name said")
    if words[place + 1 : place + 2] and words[place + 1] in _DASHES and place == start:
        stop = end - 1 if words[end - 1] not in (".", "!") else end - 2
        named = read_left(tokens, stop, place + 2)
        if named is not None and named.kind is MentionKind.NAME and named.first <= place + 3:
            return Choice(tokens, named, "quote - name")
    return None


def _left(row: Line, here: list[Clause], place: int, previous: int | None) -> Choice | None:
    """The nearest clause before the quote in its sentence."""
    tokens = row.tokens
    before = tokens.lower[place - 1] if place else ""
    left = [clause for clause in here if _reaches(tokens, clause, place)]
    if not left:
        return None
    clause = left[-1]
    prior = row.choices.get(previous) if previous is not None else None
    if prior is not None and prior.verb == clause.verb:
        if before in _BREAKS and prior.rule.startswith("quote"):
            return Choice(tokens, prior.mention, "split", prior.verb, previous)
        return _made(tokens, clause, "same cue")
    if clause.form == "relative":
        return _made(tokens, clause, "name who said quote")
    beside = before in (",", ":")
    if len(left) > 1 and nested(tokens, left[-2], clause):
        # Two speakers, one quote: whoever is reported on is not the one who was heard.
        if beside:
            return _made(tokens, clause, "name said, name said quote")
        return _made(tokens, left[-2], "said … said … quote")
    if beside and clause.says:
        return _made(tokens, clause, f"name said{before} quote")
    if _other_reports(tokens, clause.last + 1, place):
        return None
    if not clause.says and clause.form != "according":
        return _made(tokens, clause, "name called … quote")
    if before == "that":
        return _made(tokens, clause, "name said that quote")
    gap = place - (clause.verb if clause.last > place else clause.last) - 1
    return _made(tokens, clause, "name said … quote" if gap else "name said quote")


def _other_reports(tokens: Tokens, first: int, place: int) -> bool:
    """Whether "with X reporting" stands in between, whoever X is."""
    within = tokens.lower[first:place]
    if "with" not in within:
        return False
    after = within[within.index("with") + 1 :]
    return any(word in SAY and word.endswith("ing") for word in after)


def _reaches(tokens: Tokens, clause: Clause, place: int) -> bool:
    """Whether a cue before the quote can govern it."""
    if clause.subject.head in SIGNS or clause.verb >= place:
        return False
    if clause.last >= place and clause.form != "participle":
        return False
    beside = place - clause.verb <= 2 or tokens.words[place - 1] in (",", ":")
    return beside or tokens.lower[clause.verb] not in WEAK


def _colon(tokens: Tokens, number: int, place: int) -> Choice | None:
    """The name before a colon, or the subject of the sentence that ends in it."""
    start, _ = tokens.sentences[number]
    if place - 2 < start or tokens.words[place - 1] != ":":
        return None
    named = read_left(tokens, place - 2, start)
    if (
        named is not None
        and named.kind is MentionKind.NAME
        and (named.first == start or tokens.words[named.first - 1] in (",", "|", *_DASHES))
    ):
        return Choice(tokens, named, "name: quote")
    subject = opening(tokens, start, place)
    if subject is None or subject.kind not in (MentionKind.NAME, MentionKind.PRONOUN):
        return None
    return Choice(tokens, subject, "subject: quote")


def _trailing(tokens: Tokens, here: list[Clause], place: int) -> Choice | None:
    """A clause after a comma further on: The plan is “bad” for us, Holm said."""
    for clause in here:
        if clause.first <= place or tokens.words[clause.first - 1] not in _BREAKS:
            continue
        if clause.says and clause.form in ("left", "inserted", "inverted"):
            return _made(tokens, clause, "quote …, name said")
        if clause.form == "according":
            return _made(tokens, clause, "quote …, name said")
    return None


def _made(tokens: Tokens, clause: Clause, rule: str) -> Choice:
    return Choice(tokens, clause.subject, rule, clause.verb)


def _number(tokens: Tokens, place: int) -> int:
    """Number of the sentence that holds token ``place``."""
    return bisect_right(tokens.sentences, place, key=lambda bounds: bounds[0]) - 1


def _carry(row: Line) -> None:
    """Take a speaker over to a quote that fills its sentence, from the quote beside it."""
    tokens = row.tokens
    order = sorted(tokens.quotes)
    numbers = {place: _number(tokens, place) for place in order}
    holding = set(numbers.values())
    pairs = list(pairwise(order))
    for before, place in pairs:
        prior = row.choices.get(tokens.quotes[before])
        index = tokens.quotes[place]
        if prior is None or prior.rule in _FRAGMENTS:
            continue
        if index not in row.choices and fills(tokens, numbers[place]):
            row.choices[index] = Choice(tokens, prior.mention, "next sentence", prior.verb)
    for place, later in reversed(pairs):
        prior = row.choices.get(tokens.quotes[later])
        index = tokens.quotes[place]
        adjoining = numbers[place] + 1 == numbers[later]
        if prior is None or index in row.choices or not adjoining:
            continue
        if fills(tokens, numbers[place]):
            row.choices[index] = Choice(tokens, prior.mention, "sentence before", prior.verb)
    for place in order:
        index = tokens.quotes[place]
        number = numbers[place]
        if index in row.choices or number == 0 or not fills(tokens, number):
            continue
        if number - 1 in holding:
            continue
        told = [c for c in _near(row, number - 1, place) if _tells(tokens, c)]
        if told:
            row.choices[index] = Choice(tokens, told[0].subject, "name said. quote", told[0].verb)
            continue
        issuer = _issuer(tokens, number - 1)
        if issuer is not None:
            row.choices[index] = Choice(tokens, issuer, "issued a statement. quote")


def _issuer(tokens: Tokens, number: int) -> Mention | None:
    """Who "issued a statement" in a sentence."""
    start, end = tokens.sentences[number]
    for place in range(start + 1, end - 1):
        if tokens.lower[place] in _ISSUED and any(
            word in PAPERS for word in tokens.lower[place + 1 : place + 4]
        ):
            subject = opening(tokens, start, place)
            return subject if subject and subject.kind is MentionKind.NAME else None
    return None


def _tells(tokens: Tokens, clause: Clause) -> bool:
    """Whether a clause is plain "Holm said", so that a bare quote after it is Holm's."""
    return (
        clause.says
        and clause.form == "left"
        and clause.subject.kind is MentionKind.NAME
        and tokens.lower[clause.verb] not in WEAK
    )


def fills(tokens: Tokens, number: int) -> bool:
    """Whether a sentence holds nothing but quotes and punctuation."""
    return all(
        place in tokens.quotes or not tokens.words[place][:1].isalnum()
        for place in range(*tokens.sentences[number])
    )
