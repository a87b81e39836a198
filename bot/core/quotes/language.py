"""Which language a text is read in: German when its small words say so, English otherwise."""

from __future__ import annotations

import re

#: Characters looked at.
_ENOUGH = 3_000
_GERMAN = re.compile(
    r"\b(?:der|die|das|und|nicht|ist|mit|den|dem|von|sich|ein|eine|auch|für|auf|im|am|wir|zu|als"
    r"|er|sie|es|hat|haben|wird|sei|nach|bei|sagte|so|laut|an)\b",
    re.IGNORECASE,
)
_ENGLISH = re.compile(
    r"\b(?:the|and|of|to|that|is|for|said|we|he|she|with|it|a|as|at|by|has|not|be)\b",
    re.IGNORECASE,
)


def is_german(text: str) -> bool:
    """Whether a text reads as German."""
    start = text[:_ENOUGH]
    german = len(_GERMAN.findall(start))
    return german > 2 * len(_ENGLISH.findall(start))
