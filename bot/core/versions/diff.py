"""Differences between two states of the configuration, file by file."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from bot.domain.addresses import shown_in
from bot.domain.versions import FileDiff

#: Lines of one file's difference; the rest is counted.
MOST_LINES = 400


def diff_of(
    before: Mapping[str, bytes], after: Mapping[str, bytes], *, old: str, new: str
) -> tuple[FileDiff, ...]:
    """Every file that differs, by name; ``old`` and ``new`` say which state is which."""
    return tuple(
        unified(name, before.get(name), after.get(name), old=old, new=new)
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    )


def unified(
    name: str, before: bytes | None, after: bytes | None, *, old: str, new: str
) -> FileDiff:
    """The difference of one file; None is a file that is not there."""
    lines = list(
        difflib.unified_diff(
            _lines(before),
            _lines(after),
            f"{name} ({old}{'' if before is not None else ', not there'})",
            f"{name} ({new}{'' if after is not None else ', not there'})",
            lineterm="",
        )
    )
    if len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES], f"… and {len(lines) - MOST_LINES} more lines"]
    return FileDiff(name=name, lines=tuple(lines))


def _lines(content: bytes | None) -> list[str]:
    """Lines as people may see them: whoever edits the file sees more there."""
    return shown_in((content or b"").decode("utf-8", "replace")).splitlines()
