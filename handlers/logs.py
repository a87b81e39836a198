"""Where the log goes, and how much of it."""

from __future__ import annotations

import logging
import sys

from bot.services.log import Discreet, Repeats

#: Libraries that tell us what we tell ourselves; APScheduler even cries over what it stops,
#: and Microsoft's SDK writes down what it was sent.
_CHATTY = {"apscheduler": logging.CRITICAL, "microsoft_teams": logging.CRITICAL} | dict.fromkeys(
    ("trafilatura", "courlan", "htmldate", "uvicorn", "httpx"), logging.ERROR
)


def log_to_terminal(level: int) -> None:
    """Write our log from ``level`` on to stderr; of libraries only what they warn of.

    Some of them write whole requests, with their tokens, at lower levels.
    """
    logging.basicConfig(stream=sys.stderr)
    for handler in logging.getLogger().handlers:
        handler.setFormatter(Discreet("%(asctime)s %(levelname).1s %(message)s"))
        if not any(isinstance(each, Repeats) for each in handler.filters):
            handler.addFilter(Repeats())
    logging.getLogger("nato_brief").setLevel(level)
    for name, chatty in _CHATTY.items():
        logging.getLogger(name).setLevel(chatty)
