"""One line per outcome: the event's name first, then ``key=value`` ids in a fixed order."""

from __future__ import annotations

import logging

#: Ids first and in the order in which an article meets them; the rest follows as given.
_ORDER = ("feed", "entry", "article", "revision", "story", "post", "request")


def line(event: str, **facts: object) -> str:
    """``read.done feed=… article=… state=full``; None is left out, blanks are quoted."""
    known = [key for key in _ORDER if key in facts]
    keys = [*known, *(key for key in facts if key not in _ORDER)]
    return " ".join([event, *(f"{k}={_shown(facts[k])}" for k in keys if facts[k] is not None)])


def logger(name: str) -> logging.Logger:
    """The logger of one stage, below ``nato_brief``."""
    return logging.getLogger(f"nato_brief.{name}")


def _shown(value: object) -> str:
    text = str(value)
    return repr(text) if not text or any(c.isspace() or c in "\"'=" for c in text) else text
