"""Whether two mentions, as readers are shown them, can be of one speaker.

Names are one person's when they end alike and the shorter is inside the longer. A description
("a NATO spokesman") is not set against a name unless the name's role says the same; two
descriptions are one when the shorter is inside the longer.
"""

from __future__ import annotations

import re

from bot.core.answers.speakers import TITLES, name_parts, same_name
from bot.core.answers.words import plain
from bot.domain.quotes import Speaker

_WORD = re.compile(r"[^\W_]+")
_ARTICLES = frozenset("a an the his her its their one der die das ein eine".split())
#: Nobody is called so.
_OFFICES = frozenset(
    "of for and in at s spokesman spokeswoman spokesperson official officials leader minister "
    "head source aide adviser advisor statement".split()
)
_NO_NAMES = _ARTICLES | TITLES | _OFFICES
_SPOKESMEN = frozenset(("spokeswoman", "spokesperson"))


def same_speaker(a: Speaker, b: Speaker) -> bool:
    """Whether ``a`` and ``b`` can be one; ``text`` is what is shown, ``role`` stands beside it."""
    if plain(a.text) == plain(b.text):
        return True
    if is_named(a.text) and is_named(b.text):
        return same_name(name_parts(a.text), name_parts(b.text))
    one, other = _described(a), _described(b)
    return bool(one and other) and (one <= other or other <= one)


def is_named(shown: str) -> bool:
    """Whether a mention is a name: written like one, and not all office."""
    words = _WORD.findall(plain(shown))
    return (
        shown[:1].isupper()
        and bool(words)
        and words[0] not in _ARTICLES
        and not set(words) <= _NO_NAMES
    )


def _described(speaker: Speaker) -> frozenset[str]:
    """The words of the description: the mention itself, or the role beside a name."""
    text = (speaker.role or "") if is_named(speaker.text) else speaker.text
    words = _WORD.findall(plain(text))
    return frozenset("spokesman" if word in _SPOKESMEN else word for word in words) - _ARTICLES
