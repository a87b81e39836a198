"""The terminal as a destination, also for every destination that has no token.

A terminal cannot be asked what it showed, so a post whose sending was interrupted is shown again
and says that it may be a repeat. An edit is a new block that says what changed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from rich.console import Console

from bot.domain.channels import CONSOLE
from bot.domain.posts import Brief, PostKey, Receipt
from bot.render.text import brief_text


class ConsoleSender:
    """Prints briefs."""

    can_look_up = False

    def __init__(self, console: Console, clock: Callable[[], datetime]) -> None:
        self._console = console
        self._clock = clock

    async def send(self, key: PostKey, brief: Brief) -> Receipt:
        """Print the brief."""
        self._print(key, brief)
        return Receipt(handle=str(key), at=self._clock())

    async def edit(self, key: PostKey, handle: str, brief: Brief) -> None:
        """Print the brief as it is now."""
        self._print(key, brief, again=True)

    async def find(self, key: PostKey, *, since: datetime) -> Receipt | None:
        """Nothing: what scrolled by cannot be looked up."""
        return None

    def _print(self, key: PostKey, brief: Brief, *, again: bool = False) -> None:
        to = "" if key.destination == CONSOLE else str(key.destination)
        self._console.print(brief_text(brief, to=to, again=again))
