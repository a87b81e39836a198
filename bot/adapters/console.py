"""The terminal as a destination, also for every destination that has no token.

A terminal cannot be asked what it showed, so a post whose sending was interrupted is shown again
and says that it may be a repeat. An edit is a new block that says what changed. Posts wait while
nobody reads: a pipe that broke, a terminal that was closed, a full disk.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from datetime import datetime

from rich.console import Console

from bot.domain.channels import CONSOLE
from bot.domain.errors import Recoverable
from bot.domain.posts import Brief, PostKey, Receipt
from bot.ports.work import Begin
from bot.render.text import brief_text


class Terminal(Console):
    """Standard output; when its reader has gone that is an error, not the end of the process."""

    def on_broken_pipe(self) -> None:
        """Say so, where rich would throw away whatever is printed from now on."""
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))


class ConsoleSender:
    """Prints briefs."""

    can_look_up = False
    edits_in_place = False

    def __init__(self, console: Console, clock: Callable[[], datetime]) -> None:
        self._console = console
        self._clock = clock

    async def send(self, key: PostKey, brief: Brief, begin: Begin) -> Receipt:
        """Print the brief; raises Recoverable when it cannot be shown."""
        await begin()
        self._print(key, brief)
        return Receipt(handle=str(key), at=self._clock())

    async def edit(self, key: PostKey, handle: str, brief: Brief, begin: Begin) -> None:
        """Print the brief as it is now; raises like ``send``."""
        await begin()
        self._print(key, brief, again=True)

    async def find(self, key: PostKey, *, since: datetime) -> Receipt | None:
        """Nothing: what scrolled by cannot be looked up."""
        return None

    def _print(self, key: PostKey, brief: Brief, *, again: bool = False) -> None:
        to = "" if key.destination == CONSOLE else str(key.destination)
        try:
            self._console.print(brief_text(brief, to=to, again=again))
        except OSError as error:
            raise Recoverable(f"the terminal cannot be written: {error.strerror}") from error
