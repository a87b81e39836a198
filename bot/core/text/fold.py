"""Folding that keeps length: typographic quotes, dashes and blanks become their plain form.

Every offset into the folded text is an offset into the original, so nothing has to be mapped
back. Case is left alone; so are characters whose plain form has another length.
"""

from __future__ import annotations

_PLAIN = {
    "'": "‘’‚‛′ʼ＇`´",
    '"': "“”„‟″«»＂",
    "-": "‐‑‒–—―−﹘﹣－",
    " ": "\u00a0\u1680\u202f\u205f\u3000\t" + "".join(map(chr, range(0x2000, 0x200B))),
}
_TABLE = str.maketrans({odd: plain for plain, odds in _PLAIN.items() for odd in odds})


def fold(text: str) -> str:
    """``text`` with typographic variants made plain; the result has the same length."""
    return text if text.isascii() else text.translate(_TABLE)
