"""Names that a mistyped one may stand for."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from bot.core.answers.speakers import name_parts

#: From which likeness on, 0 to 1, one name may be a slip of another.
_SLIP = 0.75
_MOST = 3


def near_names(written: str, known: Iterable[str]) -> tuple[str, ...]:
    """Those of ``known`` that ``written`` is nearly, in full or by the last name; three at most."""
    parts = name_parts(written)
    if not parts:
        return ()
    full: dict[str, str] = {}
    last: dict[str, str] = {}
    for name in known:
        if others := name_parts(name):
            full.setdefault(" ".join(others), name)
            last.setdefault(others[-1], name)
    near = [full[n] for n in difflib.get_close_matches(" ".join(parts), full, _MOST, _SLIP)]
    near += [last[n] for n in difflib.get_close_matches(parts[-1], last, _MOST, _SLIP)]
    return tuple(dict.fromkeys(near))[:_MOST]
