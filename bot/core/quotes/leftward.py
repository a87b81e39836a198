"""Read the mention that ends at a word: the subject before its verb."""

from __future__ import annotations

from dataclasses import replace

from bot.core.quotes.lexicon import (
    AUX,
    CONJUNCTIONS,
    DETERMINERS,
    JUDGE,
    NOBODY,
    OPENERS,
    ORGANISATIONS,
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
    STOPS,
    Mention,
    MentionKind,
    bare_role,
    described,
    is_possessive,
)
from bot.core.quotes.proper import is_capital, proper, takes_of
from bot.core.quotes.tokens import Tokens

_OBJECTS = frozenset("her him them me us his their its my our your".split())
_ARTICLES = frozenset("the a an one another".split())
#: Words a description does not reach across, besides punctuation.
_CLAUSE_WORDS = frozenset("that when while as because if said says told where".split())
_FINITE = frozenset(
    "is are was were has have had do does did will would can could may might must should".split()
)
#: Past forms of saying; after an article they are adjectives.
_TOLD = frozenset(word for word in SAY if word.endswith("ed")) | frozenset(
    "said told wrote swore began".split()
)
#: Prepositions that may open a clause, so that the name after them stands for itself.
_APART = frozenset("as since after before than like".split())
#: Words a description has at most.
_LONGEST = 14


def read_left(tokens: Tokens, last: int, floor: int) -> Mention | None:
    """The mention that ends at token ``last``, starting at ``floor`` or later."""
    if last < floor:
        return None
    word, lower = tokens.words[last], tokens.lower[last]
    if lower in PRONOUNS:
        return Mention(last, last, MentionKind.PRONOUN, head=lower)
    if lower in NOBODY:
        return Mention(last, last, MentionKind.NOBODY)
    if lower == "one" and last > floor and tokens.lower[last - 1] == "no":
        return Mention(last - 1, last, MentionKind.NOBODY)
    if word in STOPS or is_possessive(word) or lower in _OBJECTS:
        return None
    if is_capital(word) and not (last == floor and lower in OPENERS):
        named = _name_left(tokens, last, floor)
        if named is not None:
            return _paired(tokens, named, floor)
    return _description_left(tokens, last, floor)


def _paired(tokens: Tokens, named: Mention, floor: int) -> Mention:
    """Both people of "Lund and her deputy Owen Hart", whom no one name stands for."""
    first = named.first
    if (
        named.kind is MentionKind.NAME
        and tokens.lower[first] in ("her", "his", "their", "its")
        and first - 2 >= floor
        and tokens.lower[first - 1] == "and"
        and is_capital(tokens.words[first - 2])
    ):
        head = tokens.lower[named.last]
        return Mention(first - 2, named.last, MentionKind.DESCRIPTION, head=head)
    return named


def _name_left(tokens: Tokens, last: int, floor: int) -> Mention | None:
    words, lower = tokens.words, tokens.lower
    first = last
    while first > floor:
        before = words[first - 1]
        if is_possessive(before):
            break
        if (is_capital(before) and not (lower[first - 1] in OPENERS and first - 1 == floor)) or (
            before == "," and lower[first] in SUFFIXES and first - 2 >= floor
        ):
            first -= 1
        elif lower[first - 1] in PARTICLES and _before_particles(tokens, first, floor) is not None:
            first = _before_particles(tokens, first, floor) or first
        elif lower[first - 1] == "of" and first - 2 >= floor and is_capital(words[first - 2]):
            surname = lower[first - 2] in SURNAMES and first - 3 >= floor
            if surname:
                surname = is_capital(words[first - 3]) and lower[first - 3] not in TITLES
            if surname or not takes_of(lower[first - 2]):
                # "Jane Roe of Ohio": the name stands before "of".
                holder = _name_left(tokens, first - 2, floor)
                if holder is not None and holder.kind is MentionKind.NAME:
                    return replace(holder, last=last)
            first -= 2
        elif (
            lower[first - 1] == "the"
            and first - 3 >= floor
            and lower[first - 2] == "of"
            and is_capital(words[first - 3])
        ):
            first -= 3
        else:
            break
    while first < last and lower[first] in OPENERS and lower[first] not in TITLES:
        first += 1
    return _named(tokens, first, last, floor)


def _before_particles(tokens: Tokens, first: int, floor: int) -> int | None:
    """The first name before the particles that end at ``first``: "Jane von der | Leeuw"."""
    place = first - 1
    while (
        place > floor and tokens.lower[place] in PARTICLES and not is_capital(tokens.words[place])
    ):
        place -= 1
    return place if is_capital(tokens.words[place]) and tokens.lower[place] not in OPENERS else None


def _named(tokens: Tokens, first: int, last: int, floor: int) -> Mention | None:
    """Judge the capitalised run ``first..last`` together with what stands before it."""
    words, lower = tokens.words, tokens.lower
    start, name = proper(words, first, last)
    before = lower[first - 1] if first > floor else ""
    before = "" if before in _APART else before
    if before in PREPOSITIONS or before in ("and", "&"):
        wider, found = _grouped(tokens, first, last, floor)
        if found:
            return wider
    begin = first
    role = " ".join(words[first:start])
    if before in SPEAKERS or (before and before == words[first - 1] and before in TITLES):
        begin = _phrase_start(tokens, first - 1, floor)
        role = " ".join(words[begin:start])
    elif name and start == first and _could_be_role(before, words, first):
        phrase = _phrase_start(tokens, first - 1, floor)
        if phrase == floor or words[phrase - 1] in STOPS or lower[phrase] in ("the", "a", "an"):
            begin = phrase
            role = " ".join(words[begin:start])
    elif before in DETERMINERS and not name:
        begin = first - 1
    if name:
        mention = Mention(begin, last, MentionKind.NAME, name=name, role=bare_role(role))
        return _wider(tokens, mention, floor) if lower[begin] in DETERMINERS else mention
    if lower[last] not in SPEAKERS and any(
        word in ORGANISATIONS for word in lower[first : last + 1]
    ):
        kind = MentionKind.ORGANISATION
    else:
        kind = MentionKind.DESCRIPTION
    if before in DETERMINERS:
        begin = first - 1
    bare = Mention(begin, last, kind, head=lower[last])
    return _wider(tokens, bare, floor) if before in DETERMINERS else bare


def _wider(tokens: Tokens, body: Mention, floor: int) -> Mention:
    """The description that a mention only completes: "The leader of | the Harbour League"."""
    before = tokens.lower[body.first - 1] if body.first > floor else ""
    if before not in PREPOSITIONS or before in _APART:
        return body
    wider = _description_left(tokens, body.last, floor)
    return wider if wider is not None and wider.first < body.first else body


def _grouped(tokens: Tokens, first: int, last: int, floor: int) -> tuple[Mention | None, bool]:
    """What a name after "of" or "and" belongs to; False when it stands for itself."""
    words, lower = tokens.words, tokens.lower
    wider = _description_left(tokens, last, floor)
    if lower[first - 1] in PREPOSITIONS:
        if first - 2 >= floor and is_capital(words[first - 2]):
            # "Jane Roe at Fjordbank"
            holder = _name_left(tokens, first - 2, floor)
            if holder is not None and holder.kind is MentionKind.NAME:
                return replace(holder, last=last), True
        return wider, True
    if wider is None and not (first - 2 >= floor and is_capital(words[first - 2])):
        return None, False
    group = wider.first if wider is not None else _list_start(tokens, first - 2, floor)
    if group > floor and lower[group - 1] in PREPOSITIONS:
        # "the ministers of Estonia, Latvia and Finland"
        return _description_left(tokens, group, floor, last), True
    return Mention(group, last, MentionKind.DESCRIPTION, head=lower[last]), True


def _list_start(tokens: Tokens, place: int, floor: int) -> int:
    """Where a list of capitalised words that runs up to ``place`` begins: "Holm, Lund"."""
    words = tokens.words
    while place > floor:
        if is_capital(words[place - 1]) and not is_possessive(words[place - 1]):
            place -= 1
        elif words[place - 1] == "," and place - 2 >= floor and is_capital(words[place - 2]):
            place -= 2
        else:
            break
    return place


def _could_be_role(before: str, words: list[str], first: int) -> bool:
    """Whether the word before a name may be a lower-case description: "researcher"."""
    return (
        before.isalpha()
        and before == words[first - 1]
        and before not in DETERMINERS
        and before not in SAY
        and before not in JUDGE
        and before not in AUX
        and before not in CONJUNCTIONS
        and before not in OPENERS
        and not before.endswith(("ly", "ed", "ing"))
    )


def _phrase_start(tokens: Tokens, place: int, floor: int) -> int:
    """Start of the noun phrase whose words run up to ``place``."""
    words, lower = tokens.words, tokens.lower
    first = place
    for earlier in range(place - 1, max(floor, place - 6) - 1, -1):
        word = lower[earlier]
        if words[earlier] in STOPS or word in PREPOSITIONS or word in PRONOUNS:
            break
        if word in DETERMINERS:
            return earlier
        if (
            word in OPENERS
            or (word == words[earlier] and (word in SAY or word in JUDGE))
            or word in AUX
            or word in ("that", "said", "told", "when", "while")
        ):
            break
        first = earlier
    return first


def _description_left(
    tokens: Tokens, last: int, floor: int, whole: int | None = None
) -> Mention | None:
    """A description that ends at ``last``, from its determiner on; ``whole`` when it runs on."""
    lower = tokens.lower
    floor = max(floor, last - _LONGEST)
    for place in range(last, floor - 1, -1):
        if (
            tokens.words[place] in STOPS
            or lower[place] in PRONOUNS
            or lower[place] in _CLAUSE_WORDS
            or (place < last and _ends_clause(lower, place, floor))
        ):
            floor = place + 1
            break
    first: int | None = None
    head: int | None = None
    for place in range(last, floor - 1, -1):
        if lower[place] in SPEAKERS:
            head = place
        if lower[place] not in DETERMINERS or place == last:
            continue
        before = lower[place - 1] if place > floor else ""
        if head is not None:
            first = place
        if before not in PREPOSITIONS and (head is None or before not in DETERMINERS):
            break
    if head is None:
        return _plain_left(tokens, last, floor)
    start = _phrase_start(tokens, head, floor) if first is None else first
    found = described(tokens, start, last)
    return found if found is None or whole is None else replace(found, last=whole)


def _ends_clause(lower: list[str], place: int, floor: int) -> bool:
    """Whether a word is a verb that no description reaches across: "Lund wrote to | the paper"."""
    word = lower[place]
    if word in _FINITE:
        return True
    return word in _TOLD and (place <= floor or lower[place - 1] not in DETERMINERS)


def _nobody(tokens: Tokens, preposition: int, floor: int) -> Mention | None:
    """Nobody, in "nobody in the room"; None for anything else before the preposition."""
    before = preposition - 1
    if before >= floor and tokens.lower[before] in (*NOBODY, "one"):
        return read_left(tokens, before, floor)
    return None


def _plain_left(tokens: Tokens, last: int, floor: int) -> Mention | None:
    """A short description whose head is no known kind of speaker: "the poster"."""
    for place in range(last - 1, max(floor, last - 5) - 1, -1):
        if tokens.lower[place] in _ARTICLES:
            if place > floor and tokens.lower[place - 1] in PREPOSITIONS:
                return _nobody(tokens, place - 1, floor)
            return Mention(place, last, MentionKind.DESCRIPTION, head=tokens.lower[last])
        if tokens.lower[place] in PREPOSITIONS or tokens.lower[place] in AUX:
            return None
    return None
