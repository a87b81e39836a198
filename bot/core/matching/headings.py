"""Headings: the short lines without a full stop that name the sections of a live page."""

from __future__ import annotations

_MOST_CHARACTERS = 100
_MOST_WORDS = 12
_ENDS = (".", "!", "?", "…", ":", ";", ",", '"', "”", "»", ")")
_BULLETS = ("-", "–", "—", "*", "•", "·")


def is_heading(line: str) -> bool:
    """Whether a paragraph, blanks round it cut off, that another follows reads like a heading."""
    return (
        len(line) <= _MOST_CHARACTERS
        and not line.endswith(_ENDS)
        and not line.startswith(_BULLETS)
        and len(line.split()) <= _MOST_WORDS
    )
