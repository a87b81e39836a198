"""Choose for each quote of a paragraph the clause that says who spoke, and name the rule.

The closest evidence is tried first: the clause right after the quote, the nearest cue before it,
a colon, a clause at the end of the sentence, then the neighbouring quotes. Where none holds the
quote stays without a speaker: silence beats a wrong name.
"""

from __future__ import annotations

from bot.core.quotes.carry import carry, near, sentence_of
from bot.core.quotes.choices import Choice, Line
from bot.core.quotes.clauses import Clause, clauses, nested
from bot.core.quotes.german.announced import before_colon
from bot.core.quotes.german.clauses import clauses as german_clauses
from bot.core.quotes.german.gaps import fill, settle
from bot.core.quotes.headlines import attribute
from bot.core.quotes.leftward import read_left
from bot.core.quotes.lexicon import (
    CONJUNCTIONS,
    DAYS,
    DETERMINERS,
    PREPOSITIONS,
    SAY,
    SIGNS,
    WEAK,
)
from bot.core.quotes.mentions import MentionKind
from bot.core.quotes.subjects import apposed, opening
from bot.core.quotes.tokens import QUOTE, Tokens

_SUBORDINATE = frozenset("when while if because although though once until".split())
_DASHES = ("-", "--")
_MOUTHS = frozenset("office spokesman spokeswoman spokesperson aide aides".split())
_BREAKS = (",", "-", "--")
#: Words after a quote that begin something new: "…,” and Holm said".
_NEXT_CLAUSE = frozenset(
    ", : and but while when although though because before after until as".split()
) | {QUOTE}
_FRAMES = _SUBORDINATE | frozenset(
    "on of to about at regarding concerning as with for in by asked after since whereas".split()
)


def choose(
    tokens: Tokens, contents: dict[int, str], *, headline: bool = False, german: bool = False
) -> Line:
    """Choose from a paragraph's own words.

    Args:
        tokens: The paragraph.
        contents: Index of a stretch → what stands between its marks.
        headline: Whether the paragraph is one: all capitals, and "Holm: …" names the speaker.
        german: Whether the paragraph is read as German.
    """
    found = german_clauses(tokens) if german else clauses(tokens, headline=headline)
    row = Line(tokens, found, german=german)
    for number, bounds in enumerate(tokens.sentences):
        places = [place for place in range(*bounds) if place in tokens.quotes]
        if places:
            _sentence(row, number, places, contents)
    if german:
        fill(row)
    carry(row)
    if german:
        settle(row)
    if headline:
        attribute(row)
    return row


def is_whole(tokens: Tokens, place: int, content: str) -> bool:
    """Whether the quote at token ``place`` is an utterance of its own, no fragment."""
    first = content.lstrip("[(…. '‘")[:1]
    if not (first.isupper() or first.isdigit()):
        return False
    start, _ = tokens.sentences[sentence_of(tokens, place)]
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
    here = near(row, number, place)
    return (
        _right(row, here, number, place, content)
        or _left(row, here, place, previous)
        or _colon(row, number, place)
        or _trailing(row.tokens, here, place)
    )


def _right(row: Line, here: list[Clause], number: int, place: int, content: str) -> Choice | None:
    """The clause that follows the quote: said Holm; Holm said; according to Holm; - Holm."""
    tokens, words = row.tokens, row.tokens.words
    start, end = tokens.sentences[number]
    after = place + 1
    if after < end and words[after] == "'":
        after += 1
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
        straight = _is_straight(tokens, clause, after) and not _frames(
            tokens, clause, start, content
        )
        if (
            straight
            and _passes_on(tokens, clause)
            and any(
                other.says and other.last < place and _reaches(tokens, other, place)
                for other in here
            )
        ):
            # Holm told Lund that it was “too late,” his office said: Holm's words.
            continue
        if clause.form == "according" and after in (clause.first, clause.first - 2):
            return _made(tokens, clause, "quote, according to name")
        if clause.form == "inverted" and clause.verb == after:
            return _made(tokens, clause, "quote, said name")
        if clause.form in ("left", "inserted", "quoted") and straight:
            return _made(tokens, clause, "quote, name said")
    return _signed(row, number, place)


def _is_straight(tokens: Tokens, clause: Clause, after: int) -> bool:
    """Whether nothing between the quote and the clause begins something new."""
    between = tokens.lower[after : clause.first]
    if any(word in _NEXT_CLAUSE for word in between):
        return False
    # "…, a charge the minister denies": two noun phrases, so no plain subject.
    return tokens.lower[clause.first] not in DETERMINERS or not DETERMINERS.intersection(between)


def _passes_on(tokens: Tokens, clause: Clause) -> bool:
    """Whether somebody's office or spokesman says it, who stands before: "his office said"."""
    return (
        clause.subject.kind is MentionKind.DESCRIPTION
        and clause.subject.head in _MOUTHS
        and tokens.lower[clause.subject.first] in ("his", "her", "their")
    )


def _is_object(word: str) -> bool:
    """Whether a word after "said" begins what was said, and not when, where or to whom."""
    return word.isalpha() and not (
        word in PREPOSITIONS or word in CONJUNCTIONS or word in DAYS or word.endswith("ly")
    )


def _frames(tokens: Tokens, clause: Clause, start: int, content: str) -> bool:
    """Whether the quote only leads in: On the “new fund,” Holm said the bank would pay."""
    if content[:1].isupper() or tokens.lower[start] not in _FRAMES:
        return False
    after = tokens.lower[clause.verb + 1 : clause.verb + 2]
    return tokens.lower[clause.verb] != "told" and any(_is_object(word) for word in after)


def _signed(row: Line, number: int, place: int) -> Choice | None:
    """The name after a dash."""
    tokens, words = row.tokens, row.tokens.words
    start, end = tokens.sentences[number]
    dash = place + 1 < len(words) and words[place + 1] in _DASHES
    if dash and place == start and not row.german:
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
        comma = clause.subject.kind is MentionKind.NAME and tokens.lower[
            clause.subject.last + 1 : clause.subject.last + 3
        ] == [",", "who"]
        return _made(tokens, clause, "name, who said quote" if comma else "name who said quote")
    beside = before in (",", ":")
    if before == ":" and _named_apart(tokens, clause, place):
        return None
    inner = clause.subject.kind is not MentionKind.NOBODY
    if len(left) > 1 and inner and nested(tokens, left[-2], clause):
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
    if before in ("that", "dass"):
        return _made(tokens, clause, "name said that quote")
    gap = place - (clause.verb if clause.last > place else clause.last) - 1
    return _made(tokens, clause, "name said … quote" if gap else "name said quote")


def _named_apart(tokens: Tokens, clause: Clause, place: int) -> bool:
    """Whether a name of its own stands before the colon: Pollsters agree - Jane Roe: “…”."""
    named = read_left(tokens, place - 2, clause.last + 1)
    if named is None or named.kind is not MentionKind.NAME or named.first - 1 <= clause.last:
        return False
    return tokens.words[named.first - 1] in _DASHES


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
    if _is_aside(tokens, clause, place) or _is_bracketed(tokens, clause, place):
        return False
    beside = place - clause.verb <= 2 or tokens.words[place - 1] in (",", ":")
    return beside or tokens.lower[clause.verb] not in WEAK


def _is_bracketed(tokens: Tokens, clause: Clause, place: int) -> bool:
    """Whether a clause stands in brackets that close before the quote."""
    between = tokens.words[clause.last + 1 : place]
    return ")" in between and "(" not in between


def _is_aside(tokens: Tokens, clause: Clause, place: int) -> bool:
    """Whether a clause is one like "When Orr said no, …", which is over before the quote."""
    first = clause.subject.first
    opens = first > 0 and tokens.lower[first - 1] in _SUBORDINATE
    return opens and "," in tokens.words[clause.last + 1 : place - 1]


def _colon(row: Line, number: int, place: int) -> Choice | None:
    """The name before a colon, or the subject of the sentence that ends in it."""
    tokens = row.tokens
    start, _ = tokens.sentences[number]
    if place - 2 < start or tokens.words[place - 1] != ":":
        return None
    if row.german:
        named = before_colon(tokens, place - 1, start)
        return None if named is None else Choice(tokens, named, "subject: quote")
    named = read_left(tokens, place - 2, start)
    if (
        named is not None
        and named.kind is MentionKind.NAME
        and (named.first == start or tokens.words[named.first - 1] in (",", "|", *_DASHES))
    ):
        return Choice(tokens, named, "name: quote")
    subject = opening(tokens, start, place)
    if subject is not None:
        subject = apposed(tokens, subject, place)
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
