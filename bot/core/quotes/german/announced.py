"""Who speaks after a colon in a German sentence: "Holm (SPD): …", "Holm zeigte sich erfreut: …"."""

from __future__ import annotations

from bot.core.quotes.choices import Choice
from bot.core.quotes.german.clauses import clauses
from bot.core.quotes.german.lexicon import ADVERBS, INDEFINITE, OWNED, PREPOSITIONS
from bot.core.quotes.german.mentions import read_right
from bot.core.quotes.german.nouns import is_body, is_role
from bot.core.quotes.mentions import Mention, MentionKind
from bot.core.quotes.tokens import QUOTE, Tokens

#: Sentences that tell what stands somewhere; nobody is heard.
_WRITTEN = frozenset(
    "heißt hieß stand steht standen lautet lautete lauteten titel plakat plakate plakaten motto "
    "überschrift aufschrift schlagzeile frage fragen titelte titelt prangte".split()
)
#: Words of a sentence before its colon, at most.
_LONGEST = 60
#: Words from a preposition to the colon: what somebody speaks about.
_ABOUT = 5
_IS = frozenset(("ist", "war"))
_MEMBERS = frozenset("kam kommt kamen kommen".split())


def before_colon(tokens: Tokens, colon: int, start: int) -> Mention | None:
    """The name that fills the sentence from ``start`` to the colon: "Holm (SPD) dazu: …"."""
    mention = read_right(tokens, start, colon)
    if mention is None or mention.kind is not MentionKind.NAME:
        return None
    place = mention.last + 1
    if place < colon and tokens.words[place] == "(":
        while place < colon and tokens.words[place] != ")":
            place += 1
        place += 1
    while place < colon and tokens.lower[place] in ADVERBS:
        place += 1
    if place == colon - 1 and tokens.words[place].isalpha() and tokens.words[place].islower():
        # Holm wütend: …
        place += 1
    if place < min(colon, mention.last + 2) and tokens.lower[place] in PREPOSITIONS:
        # Holm about something, as headlines put it.
        return mention if colon - place <= _ABOUT else None
    return mention if place == colon else None


def announced(tokens: Tokens, colon: int, start: int) -> Mention | None:
    """The one person of a sentence that ends in a colon, if it is about that person."""
    if colon - start > _LONGEST:
        return None
    lower = tokens.lower
    words = lower[start:colon]
    if not _WRITTEN.isdisjoint(words) or QUOTE in words:
        return None
    opening = read_right(tokens, start, colon)
    people = people_in(tokens, start, colon)
    if opening is not None and opening.last < colon - 1:
        plural = lower[opening.last + 1].endswith("en")
        if opening.kind is MentionKind.PRONOUN and not people and not plural:
            return opening
        if opening.kind is MentionKind.DESCRIPTION and not people and is_role(opening.head):
            return opening
        if opening.kind is MentionKind.ORGANISATION and not people:
            return opening
    if len(people) != 1:
        return None
    (person,) = people
    before = lower[person.first - 1] if person.first > start else ""
    if before == "von" and not _MEMBERS.isdisjoint(words):
        return person
    if words[0] == "für" and not _IS.isdisjoint(words):
        return person
    if before in PREPOSITIONS or lower[person.first] in ("des", "dem", "den"):
        return None
    return person


def people_in(tokens: Tokens, start: int, end: int) -> list[Mention]:
    """The people named in a stretch of words, with two names or a role before one."""
    found: list[Mention] = []
    place = start
    while place < end:
        mention = read_right(tokens, place, end) if tokens.words[place] != QUOTE else None
        if mention is None:
            place += 1
            continue
        named = mention.kind is MentionKind.NAME
        if named and (mention.role or len(mention.name) > 1) and not _is_thing(mention):
            found.append(mention)
        place = mention.last + 1
    return found


def opening_person(tokens: Tokens, number: int) -> tuple[Mention | None, bool]:
    """Who opens a sentence, and whether anybody else than one known by now does.

    "Holm schweigt." is (Holm, True), "Sein Anwalt schweigt." (None, True), "Die Frau schweigt."
    (None, False).
    """
    start, end = tokens.sentences[number]
    mention = read_right(tokens, start, end)
    if mention is None:
        return None, bool(people_in(tokens, start, end))
    if mention.kind is MentionKind.NAME and not _is_thing(mention):
        others = people_in(tokens, mention.last + 1, end)
        return (None if others else mention), True
    if mention.kind in (MentionKind.DESCRIPTION, MentionKind.ORGANISATION):
        new = tokens.lower[start] in INDEFINITE | OWNED or mention.kind is MentionKind.ORGANISATION
        return None, new or bool(people_in(tokens, start, end))
    return None, bool(people_in(tokens, start, end))


def _is_thing(mention: Mention) -> bool:
    return any(is_body(word) for word in mention.name)


def lead_in(tokens: Tokens) -> Choice | None:
    """Who speaks in the next paragraph when this one ends in a colon."""
    start, end = tokens.sentences[-1]
    told = [clause for clause in clauses(tokens) if clause.first >= start and clause.says]
    if told:
        return Choice(tokens, told[-1].subject, "name said: quote", told[-1].verb)
    named = before_colon(tokens, end - 1, start) or announced(tokens, end - 1, start)
    return None if named is None else Choice(tokens, named, "subject: quote")
