"""Read the mention that starts at a word of a German sentence: name, pronoun, description, body.

German nouns are capitalised, so a capital alone makes no name: it takes a first name, a role before
it, or a place right beside a cue.
"""

from __future__ import annotations

from bot.core.quotes.first_names import FIRST_NAMES
from bot.core.quotes.german.lexicon import (
    ARTICLES,
    NO_NAMES,
    NOBODY,
    PARTICLES,
    PRONOUNS,
    is_body,
    is_role,
)
from bot.core.quotes.mentions import STOPS, Mention, MentionKind
from bot.core.quotes.tokens import Tokens

#: Lower-case words a description may hold between article and noun.
_ADJECTIVES = 4
#: Words a capitalised run has at most.
_RUN = 14
#: Words a name has at most.
_LONGEST = 5
#: What may follow a noun and still belong to it.
_LINKS = frozenset("des der von vom für im in aus bei zur beim am".split())


def is_capital(word: str) -> bool:
    """Whether a word could be part of a name or is a noun."""
    return word[:1].isupper() and word[:1].isalpha()


def is_first_name(word: str) -> bool:
    """Whether a word, or its first half, is a usual first name."""
    return word.lower().split("-")[0] in FIRST_NAMES and is_capital(word)


def read_right(tokens: Tokens, first: int, ceiling: int) -> Mention | None:
    """The mention that starts at token ``first`` and ends before ``ceiling``."""
    if first >= ceiling or tokens.words[first] in STOPS:
        return None
    word = tokens.lower[first]
    if word in PRONOUNS:
        return Mention(first, first, MentionKind.PRONOUN, head=PRONOUNS[word])
    if word in NOBODY:
        return Mention(first, first, MentionKind.NOBODY)
    place = first
    noble = _after_particles(tokens, first, ceiling)
    if noble is not None:
        return Mention(first, noble, MentionKind.NAME, name=(tokens.words[noble],))
    if word in ARTICLES:
        place += 1
        while place < min(ceiling, first + _ADJECTIVES) and tokens.words[place][:1].islower():
            if tokens.lower[place] in ARTICLES or tokens.lower[place] in _LINKS:
                return None
            place += 1
    if place < ceiling and tokens.lower[place].endswith(("-jährige", "-jähriger")):
        return Mention(first, place, MentionKind.DESCRIPTION, head=tokens.lower[place])
    if place >= ceiling or not is_capital(tokens.words[place]):
        return None
    if place == first and word in NO_NAMES:
        return None
    return _noun(tokens, first, place, ceiling)


def _after_particles(tokens: Tokens, first: int, ceiling: int) -> int | None:
    """The last name after "von" or "von der" at ``first``."""
    if tokens.words[first] not in ("von", "van", "zu", "de"):
        return None
    place = first + 1
    while place < ceiling and tokens.words[place] in ("der", "den", "dem", "und", "zu"):
        place += 1
    return place if place < ceiling and is_capital(tokens.words[place]) else None


def _noun(tokens: Tokens, first: int, place: int, ceiling: int) -> Mention | None:
    """The mention whose capitalised run begins at ``place``; ``first`` is its article, if any."""
    words = tokens.words
    last = run_end(tokens, place, ceiling)
    begin = name_start(words, place, last)
    has_article = first < place
    name = tuple(words[begin : last + 1])
    if name and len(name) <= _LONGEST and not any(is_body(part) for part in name):
        titled = begin > place
        known = is_first_name(name[0]) and len(name) > 1
        if titled or known or not has_article:
            role = " ".join(words[first + has_article : begin])
            return Mention(first, last, MentionKind.NAME, name=name, role=role)
    return _described(tokens, first, place, last, ceiling)


def run_end(tokens: Tokens, first: int, ceiling: int) -> int:
    """The last token of the capitalised run that starts at ``first``."""
    words, lower = tokens.words, tokens.lower
    last = first
    ceiling = min(ceiling, first + _RUN)
    while last + 1 < ceiling:
        if is_capital(words[last + 1]) and lower[last + 1] not in NO_NAMES:
            last += 1
        elif lower[last + 1] in PARTICLES and is_first_name(words[last]):
            step = last + 2
            if step < ceiling and lower[step] in PARTICLES:
                step += 1
            if step >= ceiling or not is_capital(words[step]):
                break
            last = step
        else:
            break
    return last


def name_start(words: list[str], first: int, last: int) -> int:
    """Where the name begins in a run: after its last role, and after "Polens" and the like."""
    start = first
    for place in range(first, last + 1):
        if is_role(words[place]) and not (place > first and is_first_name(words[place - 1])):
            start = place + 1
    genitive = words[first].endswith("s") and not is_first_name(words[first])
    if start == first and last > first and genitive and is_first_name(words[first + 1]):
        start = first + 1
    return start


def _described(tokens: Tokens, first: int, place: int, last: int, ceiling: int) -> Mention | None:
    """A description or body, with the genitive or "von X" after it."""
    words, lower = tokens.words, tokens.lower
    head = words[last]
    if not (is_role(head) or is_body(head)) and first == place:
        return None
    body = is_body(head) and not is_role(head)
    end = last
    while end + 2 < ceiling and lower[end + 1] in _LINKS and end - last < 8:
        step = end + 2
        while step < ceiling and words[step][:1].islower() and step < end + 4:
            step += 1
        if step >= ceiling or not is_capital(words[step]) or lower[step] in NO_NAMES:
            break
        end = run_end(tokens, step, ceiling)
    kind = MentionKind.ORGANISATION if body else MentionKind.DESCRIPTION
    return Mention(first, end, kind, head=head.lower())
