"""Escaping: the one place where untrusted text is made harmless, one function a medium."""

from __future__ import annotations

import html as _html
import re
import unicodedata
from urllib.parse import urlsplit

#: Control and format characters that could move a cursor, hide text or turn its direction.
_HARMFUL = {"Cc", "Cf", "Co", "Cs"}
#: Of those, what honest text needs: joiners inside words and emoji.
_HARMLESS = {"\u200c", "\u200d"}
_BLANKS = re.compile(r"\s+")


def plain(text: str) -> str:
    """One line without control characters, for a terminal or a plain-text part."""
    spaced = _BLANKS.sub(" ", text)
    if spaced.isascii() and spaced.isprintable():
        return spaced.strip()
    return "".join(
        c
        for c in spaced
        if c in _HARMLESS or (unicodedata.category(c) not in _HARMFUL and c not in "\ufffe\uffff")
    ).strip()


def html(text: str) -> str:
    """Text for an HTML element or a quoted attribute."""
    return _html.escape(plain(text), quote=True)


def link(url: str) -> str | None:
    """``url`` if it is one a reader may be sent to, else None: never ``javascript:`` or a file."""
    cleaned = plain(url)
    try:
        parts = urlsplit(cleaned)
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not parts.netloc or " " in cleaned:
        return None
    return cleaned
