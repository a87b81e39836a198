"""What ails a server, in an operator's words."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final

from redis import exceptions

#: What a refusal of the server holds, as redis-py tells it → an operator's words.
_WORDS: Final = MappingProxyType(
    {
        "No space left on device": "its disk is full",
        "OOM": "its memory is full",
        "command not allowed when used memory": "its memory is full",
        "MISCONF": "it cannot write its own file (see its log)",
        "READONLY": "it is a replica; REDIS_URL has to name the primary",
        "NOREPLICAS": "it has too few replicas",
        "LOADING": "it is loading its data",
        "Authentication required": "it wants a password; set it in REDIS_URL",
        "invalid username-password": "it refuses the password in REDIS_URL",
        "NOPERM": "its user may not do what we need; see docs/operations.md",
        "timeout": "it does not answer",
    }
)


def in_words(error: Exception) -> str:
    """What ails the server, as an operator would say it; for anything else its own words."""
    said = f"{error} {type(error).__name__}"
    for sign, words in _WORDS.items():
        if re.search(rf"\b{re.escape(sign)}", said, re.IGNORECASE):
            return words
    away = isinstance(error, OSError | exceptions.ConnectionError)
    return "it cannot be reached" if away else str(error)
