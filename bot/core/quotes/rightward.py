"""Read the mention that starts at a word: the subject after its verb."""

from __future__ import annotations

from bot.core.quotes.first_names import FIRST_NAMES
from bot.core.quotes.lexicon import (
    AUX,
    DAYS,
    DETERMINERS,
    NOBODY,
    ORGANISATIONS,
    PAPERS,
    PARTICLES,
    PREPOSITIONS,
    PRONOUNS,
    SAY,
    SPEAKERS,
    SUFFIXES,
    SURNAMES,
    TITLES,
)
from bot.core.quotes.mentions import (
    MADE,
    STOPS,
    Mention,
    MentionKind,
    bare_role,
    described,
    is_possessive,
)
from bot.core.quotes.proper import is_capital, proper, takes_of
from bot.core.quotes.tokens import Tokens

_ADJECTIVES = frozenset("retired elected appointed disgraced renowned wounded".split())
#: Words that tie a source to a matter: "officials briefed on the plan".
_NEAR = frozenset("briefed familiar close involved privy".split())
#: Words that a trade before a name takes, at most.
_ROLE = 4
#: Words looked at for a name or the end of a description.
_WINDOW = 9


def read_right(tokens: Tokens, first: int, ceiling: int) -> Mention | None:
    """The mention that starts at token ``first`` and ends before ``ceiling``."""
    if first >= ceiling or tokens.words[first] in STOPS:
        return None
    word = tokens.lower[first]
    if word in PRONOUNS:
        return Mention(first, first, MentionKind.PRONOUN, head=word)
    if word in NOBODY:
        return Mention(first, first, MentionKind.NOBODY)
    place = first
    speaks = False
    while place < min(ceiling, first + _WINDOW):
        token, lower = tokens.words[place], tokens.lower[place]
        if token in STOPS or lower in PREPOSITIONS or lower in AUX:
            break
        noun = place > first and (tokens.lower[place - 1] in DETERMINERS or lower in PAPERS)
        if lower in SAY and not is_capital(token) and not noun:
            # but "State Senator Jane Roe", "a report by"
            break
        if is_capital(token) and not is_possessive(token) and lower not in DAYS:
            last = _run_right(tokens, place, ceiling)
            found = _capitals(tokens, first, place, last, ceiling, speaks)
            if found is not None:
                return found
            place = last
        speaks = speaks or lower in SPEAKERS or lower.endswith("-year-old")
        place += 1
    whose = is_possessive(tokens.words[first]) and place > first + 1
    if place == first or not (speaks or whose or word in DETERMINERS):
        return None
    return _tail(tokens, first, place - 1, ceiling)


def _capitals(
    tokens: Tokens, first: int, start: int, last: int, ceiling: int, speaks: bool
) -> Mention | None:
    """The mention from ``first`` that the capitalised run ``start..last`` completes."""
    words, lower = tokens.words, tokens.lower
    following = lower[last + 1] if last + 1 < ceiling else ""
    if is_possessive(words[last]) or _describes(lower, last + 1, ceiling):
        return None
    begin, name = proper(words, start, last)
    before = lower[start - 1]
    owned = start > first and len(name) > 1 and is_possessive(words[start - 1])
    leads = (
        start == first or owned or speaks or before in TITLES or before.startswith(("ex-", "co-"))
    )
    if len(name) > 1 and name[0].lower() in FIRST_NAMES and not leads:
        # "said welder Bruno Keller": any trade will do before a first name.
        leads = _are_plain(words[first:start])
    if len(name) > 1 and not leads and following in (",", ".", "") and start - first <= _ROLE:
        # "said the ship's cook, Bo Ek" or "said cook Bo Ek,": a pause shows that no verb follows.
        leads = _are_plain(words[first:start])
    if name and leads:
        role = bare_role(" ".join(words[first:begin]))
        return Mention(first, last, MentionKind.NAME, name=name, role=role)
    if following in ("of", "") or not name:
        return _tail(tokens, first, last, ceiling)
    return None


def _are_plain(words: list[str]) -> bool:
    """Whether words may stand before a name as a trade."""
    return all(word.isalpha() and not word.endswith(("ing", "ed")) for word in words)


def _describes(lower: list[str], first: int, ceiling: int) -> bool:
    """Whether plain words up to a kind of speaker follow: "the German | defence minister"."""
    for place in range(first, min(ceiling, first + 3)):
        word = lower[place]
        if word in SPEAKERS or word.removeprefix("co-") in SPEAKERS:
            return True
        if not word.isalpha() or word in PREPOSITIONS or word in AUX or word in SAY:
            return False
        if word.endswith("ed") and word not in _ADJECTIVES:
            # "Lund rallied supporters"
            return False
    return False


def _run_right(tokens: Tokens, first: int, ceiling: int) -> int:
    words, lower = tokens.words, tokens.lower
    last = first
    while last + 1 < ceiling:
        after = words[last + 1]
        if lower[last + 1] in DAYS:
            break
        if is_capital(after):
            last += 1
        elif (
            lower[last + 1] in PARTICLES
            and last + 3 < ceiling
            and lower[last + 2] in PARTICLES
            and is_capital(words[last + 3])
        ):
            last += 3
        elif (
            (lower[last + 1] in PARTICLES or lower[last + 1] == "of")
            and last + 2 < ceiling
            and is_capital(words[last + 2])
        ):
            surname = lower[last] in SURNAMES and last > first and lower[last - 1] not in TITLES
            if lower[last + 1] == "of" and (surname or not takes_of(lower[last])):
                break
            last += 2
        elif after == "," and last + 2 < ceiling and lower[last + 2] in SUFFIXES:
            last += 2
        else:
            break
    return last


def _tail(tokens: Tokens, first: int, last: int, ceiling: int) -> Mention | None:
    """A description or body from ``first``, with "of X" or "for X" after it."""
    words, lower = tokens.words, tokens.lower
    head_at = last
    made = lower[last] in MADE and lower[last + 1 : last + 2] == ["by"]
    near = lower[last] in _NEAR and lower[last + 1 : last + 2] != []
    if (
        made
        or near
        or (last + 1 < ceiling and lower[last + 1] in ("of", "for", "from", "with", "at"))
    ):
        place = last + 2
        while place < ceiling and place < last + 9 and words[place] not in STOPS:
            place += 1
        last = place - 1
    found = described(tokens, first, last)
    if found is None or found.kind is MentionKind.NAME:
        return found
    if is_capital(words[head_at]):
        body = any(word in ORGANISATIONS for word in lower[first : head_at + 1])
        kind = MentionKind.ORGANISATION if body else MentionKind.DESCRIPTION
        return Mention(first, last, kind, head=lower[head_at])
    return found
