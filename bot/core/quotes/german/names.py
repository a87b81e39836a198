"""The people a German article names: a usual first name with more, a role with two words."""

from __future__ import annotations

import re

from bot.core.quotes.german.lexicon import NO_NAMES, PARTICLES, is_body, is_female, is_role
from bot.core.quotes.german.mentions import is_first_name
from bot.core.quotes.names import NameBook

_PARTICLE = "|".join(sorted(PARTICLES))
_RUN = re.compile(rf"[^\W\d_a-z][\w'-]*\.?(?: (?:(?:{_PARTICLE}) ){{0,2}}[^\W\d_a-z][\w'-]*)+")
_LONGEST = 5


def read_names(made: NameBook, text: str) -> None:
    """Add the full names of a folded paragraph, with the role before them, to ``made``."""
    for found in _RUN.finditer(text):
        words = found.group().split()
        start = next((i for i, word in enumerate(words) if is_first_name(word)), None)
        titled = next((i + 1 for i, word in enumerate(words[:-1]) if is_role(word)), None)
        if titled is not None and (start is None or titled <= start):
            _courtesy(made, words, titled)
        if start is None and titled is not None and len(words) - titled >= 2:
            start = titled
        if start is not None:
            _add(made, words[start:], words[:start])


def _courtesy(made: NameBook, words: list[str], titled: int) -> None:
    """Remember whether "Ministerin Holm" is a woman."""
    role = words[titled - 1]
    if role.lower() != "dr." and len(words) - titled <= _LONGEST:
        made.courtesy.setdefault(words[-1].lower(), "f" if is_female(role) else "m")


def _add(made: NameBook, name: list[str], before: list[str]) -> None:
    if name[-1].endswith("'s"):
        name = [*name[:-1], name[-1][:-2]]
    if not 2 <= len(name) <= _LONGEST or any(
        is_body(word) or word.lower() in NO_NAMES for word in name if word[:1].isupper()
    ):
        return
    full = " ".join(name)
    made.full[full] += 1
    role = " ".join(before)
    if before and is_role(before[-1]):
        made.roles[full].append(role)
