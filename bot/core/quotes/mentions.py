"""What stands next to a cue and may be its subject: a name, a pronoun, a description, a body."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.core.quotes.lexicon import AUX, CONJUNCTIONS, DETERMINERS, PAPERS, PREPOSITIONS
from bot.core.quotes.proper import is_capital, proper
from bot.core.quotes.tokens import QUOTE, Tokens

#: Words no mention reaches across.
STOPS = frozenset(',.;:!?()[]-"') | {QUOTE, "--", "...", "…"}
#: What is done to a paper by whoever speaks in it.
MADE = frozenset("filed written signed sent issued posted published released".split())
_COURTESY = frozenset("mr mrs ms miss sir".split())


class MentionKind(StrEnum):
    """What a mention is."""

    NAME = "name"
    PRONOUN = "pronoun"
    DESCRIPTION = "description"
    ORGANISATION = "organisation"
    #: "nobody": the words were never said.
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Mention:
    """Token range ``first..last``, both inclusive, and what stands there."""

    first: int
    last: int
    kind: MentionKind
    #: The name proper as words, titles stripped; empty for anything but a name.
    name: tuple[str, ...] = ()
    #: Title or description before the name.
    role: str = ""
    #: Head noun of a description, lower case.
    head: str = ""


def is_possessive(word: str) -> bool:
    """Whether a word ends in 's or s'."""
    return word.endswith(("'s", "s'"))


def bare_role(role: str) -> str:
    """A role without its determiner and courtesy titles."""
    kept = role.split()
    while kept and kept[0].lower() in DETERMINERS:
        kept = kept[1:]
    return " ".join(word for word in kept if word.lower().rstrip(".") not in _COURTESY)


def described(tokens: Tokens, first: int, last: int) -> Mention | None:
    """The description over ``first..last``; for a paper, the name of who wrote it."""
    words, lower = tokens.words, tokens.lower
    after = range(first + 1, last + 1)
    cut = next((place for place in after if lower[place] in PREPOSITIONS), last + 1)
    head = next((lower[p] for p in range(cut - 1, first - 1, -1) if words[p][:1].isalpha()), "")
    if head in MADE and cut <= last and lower[cut] == "by":
        # "a document filed by Holm"
        head = next((word for word in reversed(lower[first : cut - 1]) if word.isalpha()), "")
    if head in PAPERS and cut <= last and lower[cut] in ("from", "by"):
        start = next((p for p in range(cut + 1, last + 1) if is_capital(words[p])), None)
        name = () if start is None else proper(words, start, last)[1]
        if name and start is not None:
            return Mention(start, last, MentionKind.NAME, name=name)
    if head in PAPERS and not any(is_capital(words[p]) for p in range(cut, last + 1)):
        owner = next((p for p in range(cut - 1, first - 1, -1) if is_possessive(words[p])), None)
        if owner is not None and is_capital(words[owner]):
            # "Holm's statement added": Holm.
            name = (words[owner].rstrip("'").removesuffix("'s"),)
            return Mention(owner, last, MentionKind.NAME, name=name)
    for place in range(cut, last + 1):
        word = lower[place]
        infinitive = word == "to" and lower[place + 1] not in DETERMINERS
        if infinitive or word in CONJUNCTIONS or (word in AUX and word not in PREPOSITIONS):
            return None
    return Mention(first, last, MentionKind.DESCRIPTION, head=head)
