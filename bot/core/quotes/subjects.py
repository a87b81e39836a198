"""Subjects that do not stand right beside their cue: at the sentence's start, across insertions.

Jane Roe, the manager who left in May, said       inserted, holder
Asked again, Jane Roe                             after_comma
said her manager, Jane Roe,                       apposed
was quoted as saying                              quoted
"""

from __future__ import annotations

from bot.core.quotes.leftward import read_left
from bot.core.quotes.lexicon import (
    AUX,
    BE,
    CONTROLS,
    DAYS,
    DETERMINERS,
    OPENERS,
    ORGANISATIONS,
    PAPERS,
    PLACES,
    PREPOSITIONS,
    PRONOUNS,
    RELATIVES,
    SPEAKERS,
)
from bot.core.quotes.mentions import STOPS, Mention, MentionKind, is_possessive
from bot.core.quotes.proper import is_capital
from bot.core.quotes.rightward import read_right
from bot.core.quotes.tokens import QUOTE, Tokens

#: Insertions between a name and its verb that are looked across.
_INSERTIONS = 4
#: Words an insertion, or all of them together, may take.
_INSERTION_WORDS = 80
#: Words between a name and the second half of "owner and manager", at most.
_PAIR = 8
_SPANS = frozenset("week month year morning afternoon evening night summer fall spring".split())
_SUBORDINATE = frozenset("when while as if because although though".split())
_FREE = frozenset(
    ", : ; - -- ( and but as when while because that if though although after before so or".split()
) | {QUOTE}


def opening(tokens: Tokens, start: int, limit: int, *, plain: bool = False) -> Mention | None:
    """The subject that opens the sentence at ``start``, or follows one of its first two commas.

    Args:
        tokens: The paragraph.
        start: Where the sentence starts.
        limit: Where to stop.
        plain: Whether any description will do, as in "The town released a statement".
    """
    commas = [p + 1 for p in range(start, min(limit, start + 25)) if tokens.words[p] == ","]
    for place in (start, *commas[:2]):
        at = place
        if at < limit and tokens.lower[at] in ("but", "and", "then", "so", "yet"):
            at += 1
        if at >= limit or _cannot_open(tokens.lower[at]):
            continue
        mention = read_right(tokens, at, limit)
        if mention is None:
            continue
        if mention.kind is MentionKind.DESCRIPTION and mention.head not in SPEAKERS | PAPERS:
            if not plain or place != start:
                continue
            shorter = _two_words(tokens, at)
            if shorter is None:
                continue
            mention = shorter
        after = tokens.words[mention.last + 1 : mention.last + 3]
        aged = len(after) == 2 and after[1].isdigit()  # "Mr. Holm, 56, remained"
        if place == start or after[:1] != [","] or aged:
            return apposed(tokens, mention, limit)
    return None


def _two_words(tokens: Tokens, at: int) -> Mention | None:
    """The town, in "The town released": article, noun, and what may be a verb."""
    if tokens.lower[at] not in ("the", "a", "an") or not tokens.lower[at + 1].isalpha():
        return None
    if not tokens.lower[at + 2].endswith(("ed", "s")):
        return None
    return Mention(at, at + 1, MentionKind.DESCRIPTION, head=tokens.lower[at + 1])


def _cannot_open(word: str) -> bool:
    return (
        word in PREPOSITIONS
        or word in _SUBORDINATE
        or word in OPENERS - DETERMINERS - PRONOUNS
        or word.endswith(("ing", "ed"))
    )


def auxiliaries(tokens: Tokens, verb: int, start: int) -> tuple[int, list[str]]:
    """The token before the cue's auxiliaries and adverbs, and those words, the last one first."""
    skipped: list[str] = []
    place = verb - 1
    while place >= start:
        place = _before_paper(tokens, place, start)
        word = tokens.lower[place]
        last = skipped[-1] if skipped else ""
        if not (
            word in AUX
            or word in DAYS
            or word == "to"
            or (word.endswith("ly") and not is_capital(tokens.words[place]))
            or (last in DAYS and word in ("on", "last", "this"))
            or (last == "to" and word in CONTROLS)
        ):
            break
        skipped.append(word)
        place -= 1
    return place, skipped


def _before_paper(tokens: Tokens, last: int, start: int) -> int:
    """The word before "in a statement" that ends at ``last``, else ``last``."""
    if tokens.lower[last] not in PAPERS and tokens.lower[last] not in ("interview", "tweet"):
        return last
    for place in range(last - 1, max(start, last - 4), -1):
        if tokens.lower[place] in ("a", "an", "his", "her"):
            return place - 2 if tokens.lower[place - 1] in ("in", "on") else last
        if not tokens.lower[place].isalpha():
            break
    return last


def quoted(tokens: Tokens, place: int, start: int) -> Mention | None:
    """The subject of "was quoted as saying", or of "quoted Holm as saying"; "as" at ``place``."""
    for verb in range(place - 1, max(start, place - 8) - 1, -1):
        if tokens.lower[verb] in ("quoted", "cited"):
            if any(word in BE for word in tokens.lower[max(start, verb - 2) : verb]):
                before = verb - 1
                while before > start and tokens.lower[before] in AUX:
                    before -= 1
                if tokens.words[before] in (",", "-", "--"):
                    return holder(tokens, inserted(tokens, before, start), start)
                return read_left(tokens, before, start)
            return read_right(tokens, verb + 1, place)
    return None


def apposed(tokens: Tokens, subject: Mention, end: int) -> Mention:
    """The name after the comma in "said her manager, Jane Roe,", else the subject."""
    at = subject.last + 2
    if subject.kind is not MentionKind.DESCRIPTION or at >= end or tokens.words[at - 1] != ",":
        return subject
    named = read_right(tokens, at, end)
    if named is None or named.kind is not MentionKind.NAME or named.first != at:
        return subject
    after = tokens.words[named.last + 1] if named.last + 1 < end else "."
    return named if after in (",", ".", ";") else subject


def inserted(tokens: Tokens, close: int, start: int) -> Mention | None:
    """The subject before an insertion that ends at the comma or dash ``close``."""
    words = tokens.words
    inner = read_left(tokens, close - 1, start)
    named = _opened(tokens, inner, close, start)
    best: Mention | None = None
    near = range(close - 1, max(start, close - _INSERTION_WORDS), -1)
    opens = [place for place in near if words[place] == words[close]][:_INSERTIONS]
    for place in opens:
        subject = read_left(tokens, place - 1, start)
        fills = named is not None and named.first == place + 1
        if subject is None and fills and _is_relation(tokens, place - 1, start):
            # "Her neighbour, Jane Roe, said": any word will do before a name.
            return named
        if subject is None or subject.kind is MentionKind.NOBODY:
            continue
        if tokens.lower[place + 1] in RELATIVES:
            if _is_place(tokens, subject):
                # "Jane Roe, 59, of Dayton, Ohio, who"
                continue
            if tokens.lower[place + 1] in ("which", "where") and subject.first > start:
                # "Jane Roe, head of the union, which strikes, said"
                best = best or subject
                continue
            return subject
        if subject.kind is MentionKind.PRONOUN or not _is_free(tokens, subject.first, start):
            continue
        if (
            best is None
            or _is_apposition(tokens, subject, best)
            or not _is_free(tokens, best.first, start)
        ):
            best = subject
        if (
            named is not None
            and named.first == place + 1
            and subject.kind is MentionKind.DESCRIPTION
            and not _describes_another(tokens, subject, start)
        ):
            # "Her campaign manager, Jane Roe, said": the insertion is the name.
            return named
    return best


def _opened(tokens: Tokens, inner: Mention | None, close: int, start: int) -> Mention | None:
    """The name an insertion consists of, or begins with: "Jane Roe of the Sea Institute"."""
    if inner is not None and inner.kind is MentionKind.NAME:
        return inner
    near = range(close - 1, max(start, close - _PAIR * 2), -1)
    opens = next((place for place in near if tokens.words[place] == tokens.words[close]), None)
    if opens is None:
        return None
    named = read_right(tokens, opens + 1, close)
    if named is None or named.kind is not MentionKind.NAME or named.first != opens + 1:
        return None
    return named if tokens.lower[named.last + 1] in ("of", "for", "at", "from", "in") else None


def _is_place(tokens: Tokens, mention: Mention) -> bool:
    """Whether a mention is a place after a comma: "Dayton, | Ohio"."""
    word = tokens.lower[mention.last]
    place = word in PLACES or (word.endswith(".") and word in ORGANISATIONS)
    return place and mention.first > 0 and tokens.words[mention.first - 1] == ","


def _describes_another(tokens: Tokens, description: Mention, start: int) -> bool:
    """Whether a description stands in apposition itself: "Jane Roe, | head of the school"."""
    before = description.first - 1
    if before <= start or tokens.lower[before] not in (",", "and"):
        return False
    if tokens.lower[before] == "and":
        return True
    named = read_left(tokens, before - 1, start)
    if named is None or named.kind is not MentionKind.NAME:
        return False
    return _is_free(tokens, named.first, start)


def _is_relation(tokens: Tokens, last: int, start: int) -> bool:
    """Whether "her neighbour" or "Holm's neighbour" ends at ``last`` and opens its clause."""
    if tokens.lower[max(start, last - 2) : last + 1] in (
        ["one", "of", "them"],
        ["one", "of", "us"],
    ):
        return _is_free(tokens, last - 2, start)
    for place in range(last - 1, max(start, last - 4) - 1, -1):
        word = tokens.words[place]
        if tokens.lower[place] in ("his", "her", "their", "its") or is_possessive(word):
            while is_possessive(word) and place > start and is_capital(tokens.words[place - 1]):
                place -= 1
            return _is_free(tokens, place, start)
        if not word[:1].isalpha():
            return False
    return False


def _is_apposition(tokens: Tokens, name: Mention, description: Mention) -> bool:
    """Whether the two stand as in "Jane Roe, the manager" or "Jane Roe, owner and manager"."""
    if description.kind is MentionKind.NAME or name.kind is not MentionKind.NAME:
        return False
    between = tokens.lower[name.last + 1 : description.first]
    return between == [","] or (
        between[:1] == [","]
        and between[-1] == "and"
        and len(between) < _PAIR
        and not any(word in STOPS for word in between[1:])
    )


def skip_times(tokens: Tokens, place: int, start: int) -> int:
    """The word before "Monday", "on Monday" or "last month" that ends at ``place``."""
    while place - 1 > start:
        word, before = tokens.lower[place], tokens.lower[place - 1]
        if word in DAYS or (word == "on" and tokens.lower[place + 1] in DAYS):
            place -= 1
        elif word in _SPANS and before in ("this", "last", "earlier", "that"):
            place -= 2
        else:
            break
    return place


def holder(tokens: Tokens, subject: Mention | None, start: int) -> Mention | None:
    """The name that a description stands in apposition to, else the subject itself."""
    while (
        subject is not None
        and subject.kind is not MentionKind.NAME
        and subject.first - 2 >= start
        and tokens.words[subject.first - 1] == ","
    ):
        before = read_left(tokens, subject.first - 2, start)
        if before is None or not _is_free(tokens, before.first, start):
            break
        subject = before
    return subject


def _is_free(tokens: Tokens, first: int, start: int) -> bool:
    """Whether a mention at ``first`` can be a subject: it opens its clause."""
    if first > start and is_possessive(tokens.words[first - 1]):
        # "Ghana's Efua Boateng, the host, said"
        first -= 1
        while first > start and is_capital(tokens.words[first - 1]):
            first -= 1
    return first <= start or tokens.lower[first - 1] in _FREE


def after_comma(tokens: Tokens, verb: int, end: int) -> Mention | None:
    """The subject of the main clause after a participle that opens the sentence."""
    for place in range(verb + 1, min(end - 1, verb + 30)):
        if tokens.words[place] in (",", QUOTE) and tokens.words[place + 1] not in (",", QUOTE):
            return read_right(tokens, place + 1, end)
    return None
