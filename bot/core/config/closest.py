"""The known word that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def closest(word: str, known: Iterable[str]) -> str | None:
    """The one of ``known`` most like ``word`` whatever its case, None if none is like it."""
    by_fold = {name.casefold(): name for name in known}
    found = get_close_matches(word.casefold()[:120], by_fold, n=1, cutoff=0.65)
    return by_fold[found[0]] if found else None


def or_similar(word: str, known: Iterable[str]) -> str:
    """`` (did you mean `x`?)``, or the known words if none is like it and they are few."""
    names = tuple(known)
    found = closest(word, names)
    if found is not None:
        return f" (did you mean `{found}`?)"
    if names and len(names) <= 12:
        return f"; known: {', '.join(f'`{name}`' for name in names)}"
    return ""
