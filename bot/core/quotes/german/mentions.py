"""Read the mention that starts at a word of a German sentence: name, pronoun, description, body.

German nouns are capitalised, so a capital alone makes no name: it takes a first name, a role before
it, or a place right beside a cue.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from bot.core.quotes.german.first_names import GENDERS
from bot.core.quotes.german.lexicon import (
    AFTER_PARTICLE,
    ARTICLES,
    NO_NAMES,
    NOBODY,
    PARTICLES,
    PRONOUNS,
)
from bot.core.quotes.german.nouns import is_body, is_role
from bot.core.quotes.mentions import STOPS, Mention, MentionKind
from bot.core.quotes.tokens import Tokens

#: Lower-case words a description may hold between article and noun.
_ADJECTIVES = 4
#: Words a capitalised run has at most.
_RUN = 14
#: Words a name has at most.
_LONGEST = 5
#: What may follow a noun and still belong to it.
_LINKS = frozenset("des der von vom für".split())
#: Nouns in the dative a speaker talks to: sagte der Minister der Zeitung.
_ADDRESSEES = (
    "zeitung presse-agentur nachrichtenagentur agentur dpa apa afp rundfunk sender blatt magazin "
    "presse öffentlichkeit funke-mediengruppe mediengruppe redaktionsnetzwerk"
).split()
#: Words whose gender is kept; the same few stand in every article.
_REMEMBERED = 4096
#: Endings of nouns that say what people are, and longer than most first names.
_PEOPLE = ("in", "er", "or", "ist", "eur", "ant", "ent")
_COMMON = 7
NOBLE = frozenset(
    "Graf Gräfin Freiherr Freifrau Baron Baronin Prinz Prinzessin Fürst Edler".split()
)
_CONTRACTED = frozenset(("vom", "zum", "zur"))
_UMLAUTS = (("ae", "ä"), ("oe", "ö"), ("ue", "ü"))


def is_capital(word: str) -> bool:
    """Whether a word could be part of a name or is a noun."""
    return word[:1].isupper() and word[:1].isalpha()


@lru_cache(maxsize=_REMEMBERED)
def gender_of(first_name: str) -> str | None:
    """``m`` or ``f`` for a usual first name, or for its first half: Anne-Kathrin, Joerg."""
    word = first_name.lower().split("-")[0]
    if word in GENDERS:
        return GENDERS[word]
    if word.endswith("a") and GENDERS.get(word[:-1]) == "m":
        # Bronisława, from Bronisław
        return "f"
    for spelt, letter in _UMLAUTS:
        word = word.replace(spelt, letter)
    return GENDERS.get(word)


def is_first_name(word: str) -> bool:
    """Whether a word, or its first half, is a usual first name."""
    return is_capital(word) and gender_of(word) is not None


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
        aged = tokens.lower[place + 1 : place + 2] == ["jahre"]
        if aged and tokens.words[place][:1].isdigit():
            # der 47 Jahre alte Jens Holm
            place += 2
        limit = min(ceiling, place + _ADJECTIVES)
        while place < limit and tokens.words[place][:1].islower():
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
    if tokens.words[first] not in ("von", "van", "de"):
        return None
    place = first + 1
    while place < ceiling and tokens.words[place] in AFTER_PARTICLE:
        place += 1
    return place if place < ceiling and is_capital(tokens.words[place]) else None


def _noun(tokens: Tokens, first: int, place: int, ceiling: int) -> Mention | None:
    """The mention whose capitalised run begins at ``place``; ``first`` is its article, if any."""
    words = tokens.words
    last = run_end(tokens, place, ceiling)
    begin = name_start(words, place, last)
    has_article = first < place
    name = tuple(words[begin : last + 1])
    titled = begin > place
    known = len(name) > 1 and is_first_name(name[0])
    fits = 0 < len(name) <= _LONGEST and (titled or known or not has_article)
    if fits and not _is_thing(name, sure=titled and known):
        role = " ".join(words[first + has_article : begin])
        return Mention(first, last, MentionKind.NAME, name=name, role=role)
    return _described(tokens, first, place, last, ceiling)


def _is_thing(name: tuple[str, ...], *, sure: bool) -> bool:
    """Whether words hold that of a body; after an office and a first name "Heer" is a name too."""
    return any(is_body(part) for part in (name[:-1] if sure and not name[-1].isupper() else name))


def run_end(tokens: Tokens, first: int, ceiling: int) -> int:
    """The last token of the capitalised run that starts at ``first``."""
    words, lower = tokens.words, tokens.lower
    last = first
    ceiling = min(ceiling, first + _RUN)
    while last + 1 < ceiling:
        if is_capital(words[last + 1]) and lower[last + 1] not in NO_NAMES:
            last += 1
        elif lower[last + 1] == "a" and words[last + 2 : last + 4] in ([".", "D."], [".", "D"]):
            # General a. D. Jens Holm
            last += 3
        elif joins(words, last + 1, first):
            step = last + 2
            if step < ceiling and lower[step] in AFTER_PARTICLE:
                step += 1
            if step >= ceiling or not is_capital(words[step]):
                break
            last = step
        else:
            break
    return last


def joins(words: Sequence[str], place: int, first: int = 0) -> bool:
    """Whether the small word at ``place`` is part of the name begun at ``first``: Petra von Holm.

    "Petra Holm von der Universität" and "Petra Holm vom Amt" go on with something else.
    """
    particle = words[place]
    if particle not in PARTICLES or place == first:
        return False
    if words[place - 1] in NOBLE:
        return True
    if not is_first_name(words[place - 1]):
        return False
    if particle in _CONTRACTED and place - 1 > first and is_first_name(words[place - 2]):
        return False
    after = words[place + 1 : place + 3]
    noun = next((word for word in after if is_capital(word)), "")
    return not (is_body(noun) or is_role(noun))


def name_start(words: Sequence[str], first: int, last: int) -> int:
    """Where the name begins in a run: after its last role, and after "Polens" and the like."""
    start = first
    for place in range(first, last + 1):
        if is_role(words[place]) and not (place > first and is_first_name(words[place - 1])):
            start = place + 1
    while start <= last and words[start] in ("a", ".", "D", "D."):
        start += 1
    if start == first and not is_first_name(words[first]):
        for place in range(first + 1, last):
            if is_first_name(words[place]):
                # "Musikfreundin Anna Holm": any noun will do before a first name.
                return place
        long = len(words[first]) > _COMMON and not is_body(words[first])
        if last - first > 1 and long and words[first].endswith(_PEOPLE):
            # "Deichgräfin Xu Holm": so will what people are called before any two words.
            return first + 1
    return start


def _described(tokens: Tokens, first: int, place: int, last: int, ceiling: int) -> Mention | None:
    """A description or body with the genitive or "von X" after it; or whom these words name."""
    words, lower = tokens.words, tokens.lower
    head = words[last]
    if not (is_role(head) or is_body(head)) and first == place:
        return None
    body = is_body(head) and not is_role(head)
    twice = None if body else _second_office(tokens, first, last, ceiling)
    if twice is not None:
        return twice
    end = last
    while end + 2 < ceiling and lower[end + 1] in _LINKS and end - last < 8:
        step = end + 2
        if lower[end + 1] in ("von", "für") and step < ceiling and lower[step] in ARTICLES:
            step += 1
        while step < ceiling and words[step][:1].islower() and step < end + 4:
            step += 1
        if step >= ceiling or not is_capital(words[step]) or lower[step] in NO_NAMES:
            break
        stop = run_end(tokens, step, ceiling)
        if lower[end + 1] == "der" and lower[stop].endswith(tuple(_ADDRESSEES)):
            break
        begin = next((at for at in range(step + 1, stop) if is_first_name(words[at])), None)
        if begin is not None and lower[end + 1] in ("des", "der") and not is_role(words[begin - 1]):
            # "der Präsident des Bundesamts Jens Holm"
            role = " ".join(words[first + (first < place) : begin])
            return Mention(
                first, stop, MentionKind.NAME, name=tuple(words[begin : stop + 1]), role=role
            )
        end = stop
    kind = MentionKind.ORGANISATION if body else MentionKind.DESCRIPTION
    return Mention(first, end, kind, head=head.lower())


def _second_office(tokens: Tokens, first: int, last: int, ceiling: int) -> Mention | None:
    """Who holds two offices: "der Minister und heutige Parteichef Jens Holm"."""
    words = tokens.words
    if words[last + 1 : last + 2] != ["und"]:
        return None
    place = last + 2
    while place < min(ceiling, last + 4) and words[place][:1].islower():
        if tokens.lower[place] in ARTICLES:
            return None
        place += 1
    if place >= ceiling or not is_capital(words[place]):
        return None
    stop = run_end(tokens, place, ceiling)
    begin = name_start(words, place, stop)
    if begin == place or stop - begin < 1:
        return None
    role = " ".join(words[first + (tokens.lower[first] in ARTICLES) : begin])
    name = tuple(words[begin : stop + 1])
    return Mention(first, stop, MentionKind.NAME, name=name, role=role)
