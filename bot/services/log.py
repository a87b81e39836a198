"""One line per outcome: the event's name first, then ``key=value`` ids in a fixed order.

The same warning again and again, as from loops whose server is away, is one line a minute.
"""

from __future__ import annotations

import logging

from bot.domain.addresses import shown_in
from bot.domain.controls import tame

#: Ids first and in the order in which an article meets them; the rest follows as given.
_ORDER = ("feed", "entry", "article", "revision", "story", "post", "request")
#: Seconds in which the same warning is said once, and how many are remembered.
_ONCE_IN, _REMEMBERED = 60.0, 500


def line(event: str, **facts: object) -> str:
    """``read.done feed=… article=… state=full``; None is left out, blanks are quoted."""
    known = [key for key in _ORDER if key in facts]
    keys = [*known, *(key for key in facts if key not in _ORDER)]
    return " ".join([event, *(f"{k}={_shown(facts[k])}" for k in keys if facts[k] is not None)])


class Discreet(logging.Formatter):
    """Writes a record, traceback and all, without secrets of addresses or control characters."""

    def format(self, record: logging.LogRecord) -> str:
        """The whole text of ``record``."""
        return tame(shown_in(super().format(record)))


def logger(name: str) -> logging.Logger:
    """The logger of one stage, below ``nato_brief``."""
    return logging.getLogger(f"nato_brief.{name}")


class Repeats(logging.Filter):
    """Lets a warning pass that was not said within the last minute, with what it left out."""

    def __init__(self) -> None:
        super().__init__()
        #: What was said → when, in seconds, and how often it was left out since.
        self._said: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether ``record`` is to be written; may add ``repeated=n`` to it."""
        if record.levelno < logging.WARNING:
            return True
        key = record.name, record.getMessage()
        since, left_out = self._said.pop(key, (None, 0))
        if since is not None and 0 <= record.created - since < _ONCE_IN:
            self._said[key] = since, left_out + 1
            return False
        self._said[key] = record.created, 0
        while len(self._said) > _REMEMBERED:
            del self._said[next(iter(self._said))]
        if left_out:
            record.msg, record.args = f"{key[1]} repeated={left_out}", ()
        return True


def _shown(value: object) -> str:
    text = shown_in(str(value))
    return repr(text) if not text or any(c.isspace() or c in "\"'=" for c in text) else text
