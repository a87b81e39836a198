"""The limits of polling from the environment: ``NATO_BRIEF_POLL_SHORTEST=300``.

One variable for each field of ``PollSettings``, in upper case; times are seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

from bot.core.feeds.settings import DEFAULTS, PollSettings
from bot.domain.errors import UsageError

_PREFIX = "NATO_BRIEF_POLL_"
#: What is a share of something, and cannot exceed it.
_SHARES = frozenset(("full_share", "flood_share"))


def poll_settings(value: Callable[[str], str | None]) -> PollSettings:
    """The defaults with what the environment says otherwise.

    Args:
        value: Name of a variable → its text; None where it is not set.

    Raises:
        UsageError: a variable has a value that cannot be meant.
    """
    given = {}
    for field in fields(PollSettings):
        name = _PREFIX + field.name.upper()
        if (text := value(name)) is not None:
            whole = isinstance(getattr(DEFAULTS, field.name), int)
            given[field.name] = _number(name, text, whole=whole, share=field.name in _SHARES)
    settings = replace(DEFAULTS, **given)  # type: ignore[arg-type]
    if settings.shortest > min(settings.longest, settings.longest_tier_1):
        raise UsageError(f"{_PREFIX}SHORTEST is longer than the longest interval")
    if settings.growth < 1:
        raise UsageError(f"{_PREFIX}GROWTH is {settings.growth:g}; write a number from 1")
    return settings


def _number(name: str, text: str, *, whole: bool, share: bool) -> float | int:
    try:
        number = int(text) if whole else float(text)
    except ValueError:
        number = -1
    most = 1 if share else 100 * 24 * 3600
    if not 0 <= number <= most or (number == 0 and not share):
        kind = "a share from 0 to 1" if share else "a whole number" if whole else "a number"
        raise UsageError(f"{name} is {text!r}; write {kind}{'' if share else ' above 0'}")
    return number
