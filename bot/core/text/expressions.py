"""Regular expressions by RE2: the time grows with the text, whatever the expression."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import re2

from bot.core.text.fold import fold

#: Bytes of one compiled expression: they bound what a character of text can cost. The worst
#: expression that fits takes a tenth of a second on a paragraph of 85,000 characters.
_MAX_MEMORY = 1 << 16


@lru_cache(maxsize=10_000)
def expression(text: str) -> Any:
    """``text`` compiled, for folded texts in any case.

    Raises:
        re2.error: RE2 cannot run it; it has no look-ahead, look-behind or back-reference.
    """
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = _MAX_MEMORY
    return re2.compile(fold(text), options)
