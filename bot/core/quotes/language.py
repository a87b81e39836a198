"""Which language a text is read in: German when its small words say so, English otherwise."""

from __future__ import annotations

#: Characters looked at.
_ENOUGH = 2_000
_GERMAN = frozenset(
    "der die das und nicht ist mit den dem von sich ein eine auch für auf im am wir zu als er sie "
    "es hat haben wird sei nach bei sagte so laut an".split()
)
_ENGLISH = frozenset(
    "the and of to that is for said we he she with it a as at by has not be".split()
)


def is_german(text: str) -> bool:
    """Whether a text reads as German."""
    words = text[:_ENOUGH].lower().replace("„", " ").replace(",", " ").split()
    german = sum(word in _GERMAN for word in words)
    return german > 2 * sum(word in _ENGLISH for word in words)
