"""Headlines: whether a text begins with one, and who speaks in it.

All is capitals there, so a verb looks like a part of the name: "Holm Slams Harbour Chief: …".
"""

from __future__ import annotations

import re

from bot.core.quotes.choices import Choice, Line
from bot.core.quotes.first_names import FIRST_NAMES
from bot.core.quotes.german.announced import before_colon
from bot.core.quotes.leftward import read_left
from bot.core.quotes.lexicon import ORGANISATIONS, TITLES
from bot.core.quotes.mentions import Mention, MentionKind
from bot.core.quotes.tokens import Tokens

#: Longest headline, in characters.
_LONGEST = 200
#: Holm: ‘We Stay.’
_SAYS = re.compile(r":\s+['‘](?=\S)[^\"“”]+[.!?]['’]$")


def is_headline(paragraph: str) -> bool:
    """Whether a text's first paragraph is its headline.

    It is short, and has no full stop at the end unless it ends like Holm: ‘We Stay.’
    """
    if len(paragraph) >= _LONGEST:
        return False
    unstopped = paragraph.rstrip(" \"'“”’»")[-1:] not in ".!?…,;:"
    return unstopped or _SAYS.search(paragraph) is not None


def attribute(row: Line) -> None:
    """Holm: Allies “Must Act”: who stands before the colon said what the headline quotes."""
    tokens = row.tokens
    colon = next((place for place, word in enumerate(tokens.words[:8]) if word == ":"), 0)
    if row.german:
        named = before_colon(tokens, colon, 0)
    else:
        named = read_left(tokens, colon - 1, 0) if colon else None
    if named is not None and named.first == 0:
        for place, index in tokens.quotes.items():
            if place > colon:
                # A German noun may stand there too: "Kommentar: …".
                rule = "subject: quote" if row.german else "headline name: quote"
                row.choices[index] = Choice(tokens, named, rule)
    if not row.german:
        for index, choice in list(row.choices.items()):
            if choice.tokens is tokens and _holds_a_verb(tokens, choice.mention):
                del row.choices[index]


def _holds_a_verb(tokens: Tokens, mention: Mention) -> bool:
    """Whether capitals inside a name look like one: Holm Slams Harbour Chief."""
    if mention.kind is not MentionKind.NAME and tokens.lower[mention.first] not in FIRST_NAMES:
        return False
    return any(
        word.endswith("s") and len(word) > 3 and word not in TITLES | ORGANISATIONS
        for word in tokens.lower[mention.first + 1 : mention.last]
        if word not in FIRST_NAMES and word + "." not in TITLES
    )
