"""German cues that name a source without a verb: laut Holm, so Holm, Holm zufolge, für Holm."""

from __future__ import annotations

from bot.core.quotes.german.lexicon import DATIVE_PRONOUNS, POSSESSIVE_PRONOUNS
from bot.core.quotes.german.mentions import is_capital, read_right
from bot.core.quotes.german.nouns import is_body, passes_on
from bot.core.quotes.german.subjects import is_person, named
from bot.core.quotes.mentions import Mention, MentionKind
from bot.core.quotes.tokens import QUOTE, Tokens

#: Subject, form of the clause, whether its cue is of the saying kind, and the cue's place.
Found = tuple[Mention, str, bool, int]


def source_after(tokens: Tokens, cue: int, end: int) -> Found | None:
    """Laut Holm; so Holm, which needs a quote or a comma before it."""
    so = tokens.lower[cue] == "so"
    if so:
        before = tokens.words[cue - 1] if cue else ""
        if before not in (",", QUOTE, "-", "--"):
            return None
    source = read_right(tokens, cue + 1, end)
    if source is None or (so and not is_person(source)) or _passes_on(tokens, source):
        return None
    return named(tokens, source, end), "according", True, cue


def opinion(tokens: Tokens, cue: int, end: int) -> Found | None:
    """Für Holm ist das …: what follows is Holm's opinion."""
    source = read_right(tokens, cue + 1, end)
    if source is None or source.kind is not MentionKind.NAME or len(source.name) < 2:
        return None
    after = tokens.lower[source.last + 1 : source.last + 3]
    is_verb = after[:1] in (["ist"], ["war"], ["sind"], ["waren"], ["bedeutet"])
    if not is_verb or after[1:] not in (["das"], ["dies"], ["der"], ["die"], ["es"]):
        return None
    return source, "according", True, cue


def zufolge(tokens: Tokens, cue: int, start: int) -> Found | None:
    """Holm zufolge; ihm zufolge."""
    pronoun = DATIVE_PRONOUNS.get(tokens.lower[cue - 1]) if cue > start else None
    if pronoun is not None:
        return Mention(cue - 1, cue - 1, MentionKind.PRONOUN, head=pronoun), "according", True, cue
    for first in range(max(start, cue - 8), cue):
        source = read_right(tokens, first, cue)
        if source is not None and source.last == cue - 1:
            return None if _passes_on(tokens, source) else (source, "according", True, cue)
    return None


def _passes_on(tokens: Tokens, source: Mention) -> bool:
    return passes_on(source.head or tokens.words[source.last])


def noun_source(tokens: Tokens, cue: int, start: int, end: int) -> Found | None:
    """Nach Angaben von Holm; aus Sicht der Ministerin; nach Angaben Holms."""
    lower = tokens.lower
    before = lower[max(start, cue - 3) : cue]
    owner = _owner(tokens, cue, start)
    if owner is not None:
        return owner, "according", True, cue
    if not ("nach" in before or "aus" in before or "laut" in before) or cue + 1 >= end:
        return None
    follows = lower[cue + 1]
    if follows in ("von", "des", "der"):
        source = read_right(tokens, cue + 2 if follows == "von" else cue + 1, end)
        if source is None or _passes_on(tokens, source):
            return None
        return named(tokens, source, end), "according", True, cue
    name = _genitive(tokens.words[cue + 1])
    if name is None:
        return None
    return Mention(cue + 1, cue + 1, MentionKind.NAME, name=(name,)), "according", True, cue


def _owner(tokens: Tokens, cue: int, start: int) -> Mention | None:
    """Nach Holms Worten; nach seinen Worten."""
    if cue - 2 < start or tokens.lower[cue - 2] not in ("nach", "laut"):
        return None
    pronoun = POSSESSIVE_PRONOUNS.get(tokens.lower[cue - 1])
    if pronoun is not None:
        return Mention(cue - 1, cue - 1, MentionKind.PRONOUN, head=pronoun)
    name = _genitive(tokens.words[cue - 1])
    return None if name is None else Mention(cue - 1, cue - 1, MentionKind.NAME, name=(name,))


def _genitive(word: str) -> str | None:
    """The name in "Holms"."""
    if not is_capital(word) or not word.endswith("s") or is_body(word) or passes_on(word):
        return None
    return word[:-1].rstrip("'")


def is_heard(tokens: Tokens, cue: int, start: int, end: int) -> Found | None:
    """Hieß es aus dem Ministerium: the body, and nobody where none is named; von Holm hieß es."""
    if tokens.lower[cue + 1 : cue + 2] != ["es"]:
        return None
    if start + 1 < cue and tokens.lower[start] in ("von", "vom", "aus"):
        source = read_right(tokens, start + 1, cue)
        if source is not None and source.last == cue - 1 and is_person(source):
            return source, "left", True, cue
    for place in range(cue + 2, min(end, cue + 8)):
        if tokens.lower[place] in ("aus", "vom", "von", "beim", "seitens"):
            source = read_right(tokens, place + 1, end)
            told = source is not None and (
                source.kind is MentionKind.ORGANISATION
                or (tokens.lower[place] == "von" and source.kind is MentionKind.NAME)
            )
            return (source, "inverted", True, cue) if source is not None and told else None
    return None
