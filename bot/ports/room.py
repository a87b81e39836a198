"""What keeping the server within its memory needs from outside."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from bot.domain.room import Room, Shortage


class ServerRoom(Protocol):
    """The server's memory. Called by ``services.make_room``, ``doctor`` and health."""

    async def measure(self) -> Room:
        """What is taken now, as the server counts it."""

    async def trim(self, *, articles: int | None, kept: int | None) -> int:
        """Drop what is too old, and the oldest beyond so many records; returns how many.

        What the desk has not finished stays, however many that is.
        """

    async def note(self, shortages: Collection[Shortage]) -> dict[Shortage, datetime]:
        """Note what is short now; returns all that is noted, and since when."""

    async def eased(self, shortage: Shortage) -> None:
        """Take off what is short no more."""
