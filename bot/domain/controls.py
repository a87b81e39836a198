"""Control characters in what goes to a terminal as it is: logs, errors, JSON.

Feeds, pages and callers write them, too: a cursor would move, a line vanish, a text turn round.
"""

from __future__ import annotations

import re

#: C0 (but tabs and line ends), DEL and C1; marks that set a direction; line ends of Unicode's own.
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def tame(text: str) -> str:
    r"""``text`` with each of them as ``\u001b``, which JSON reads as the character itself."""
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
