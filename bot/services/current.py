"""The configuration in force, as one process follows it.

    look (each half second) ─► another version? ─► load it ─► tell whoever wants to know

Services hold this instead of a Configuration and take what is current when they begin a piece of
work, so that a piece is done by one version from start to end. A version that cannot be loaded
here is logged, and the one before stays current in this process.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final

from bot.core.config import load
from bot.domain.channels import Configuration
from bot.domain.errors import BotError
from bot.ports.versions import Versions
from bot.services.log import line, logger

_log = logger("current")

#: Versions kept ready in a process: the one in force, and those the desk has yet to leave.
_READY: Final = 4


class Current:
    """What is in force; ``number`` is 0 while no version was published."""

    def __init__(self, config: Configuration, *, versions: Versions | None = None) -> None:
        """Begin with ``config``; without ``versions`` it stays."""
        self._versions = versions
        self._refused = 0
        self._ready: OrderedDict[int, Configuration] = OrderedDict()
        self._listeners: list[Callable[[], Awaitable[None]]] = []
        self.number = 0
        self.config = config

    def on_change(self, listener: Callable[[], Awaitable[None]]) -> None:
        """Call ``listener`` after each change."""
        self._listeners.append(listener)

    async def refresh(self) -> bool:
        """Take the version in force; returns whether it is another than before."""
        if self._versions is None:
            return False
        number = await self._versions.number()
        if number in (self.number, self._refused):
            return False
        found = await self._load(number)
        if found is None:
            self._refused = number
            return False
        self.number, self.config = number, found
        _log.info(line("configuration.current", version=number, hash=found.version))
        for listener in self._listeners:
            await listener()
        return True

    async def at(self, number: int) -> tuple[int, Configuration]:
        """The version ``number``; the current one when it is 0 or cannot be had any more."""
        found = await self._load(number) if number else None
        return (self.number, self.config) if found is None else (number, found)

    async def _load(self, number: int) -> Configuration | None:
        """A version as values; None when it is not stored, or not valid to this process."""
        if number in self._ready:
            self._ready.move_to_end(number)
            return self._ready[number]
        files = await self._versions.files(number) if self._versions and number else None
        if files is None:
            return None
        try:
            # Examples were checked before it was published.
            config = await asyncio.to_thread(load, files, check_examples=False)
        except BotError as error:
            _log.error(line("configuration.not_loaded", version=number, problem=error))
            return None
        self._ready[number] = config
        while len(self._ready) > _READY:
            self._ready.popitem(last=False)
        return config
