"""Limits from the environment: one variable for each field, ``NATO_BRIEF_PAGE_SPACING=1``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import TypeVar

from bot.core.feeds.blind import BlindLimits
from bot.domain.errors import UsageError
from bot.services.pages import PageLimits

L = TypeVar("L", PageLimits, BlindLimits)

_MOST = 100 * 24 * 3600


def page_limits(value: Callable[[str], str | None]) -> PageLimits:
    """How hard a host is asked for pages; raises UsageError for what cannot be meant."""
    return _given(value, PageLimits(), prefix="NATO_BRIEF_PAGE_")


def blind_limits(value: Callable[[str], str | None]) -> BlindLimits:
    """When a feed counts as blind; raises UsageError for what cannot be meant."""
    return _given(value, BlindLimits(), prefix="NATO_BRIEF_BLIND_")


def _given(value: Callable[[str], str | None], defaults: L, *, prefix: str) -> L:
    """``defaults`` with what the environment says otherwise."""
    given: dict[str, float] = {}
    for field in fields(defaults):
        name = prefix + field.name.upper()
        if (text := value(name)) is not None:
            whole = isinstance(getattr(defaults, field.name), int)
            given[field.name] = _number(name, text, whole=whole)
    return replace(defaults, **given)  # type: ignore[arg-type]


def _number(name: str, text: str, *, whole: bool) -> float:
    try:
        number = int(text) if whole else float(text)
    except ValueError:
        number = -1
    if not (1 if whole else 0) <= number <= _MOST:
        kind = "a whole number above 0" if whole else "a number from 0"
        raise UsageError(f"{name} is {text!r}; write {kind}")
    return number
