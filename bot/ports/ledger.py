"""What the quote ledger and whoever shows quotes need from outside."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Protocol

from bot.domain.ledger import Correction
from bot.domain.posts import Post


class CorrectionLog(Protocol):
    """Corrections of speakers.

    Called by ``services.correct`` and by everything that shows quotes: ``deliver``, ``ask``,
    ``why``, the pages.
    """

    async def in_force(self) -> tuple[Correction, ...]:
        """The corrections in force, the newest first."""

    async def put(self, correction: Correction) -> None:
        """Put a correction in force, in place of one with its id.

        One script, with a control record on ARTICLES.
        """

    async def take_back(self, name: str) -> bool:
        """Let the correction of this id hold no longer; False when there is none."""


class Tally(Protocol):
    """Counts what readers were spared. Called by ``deliver`` and ``ask``; the metrics tell it."""

    async def withheld(self, stage: str, number: int) -> None:
        """Count ``number`` quotes that a stage did not show: they do not stand in their article."""


class RecentPosts(Protocol):
    """Reads posts. Called by the desk, the pages and ``converse``."""

    def recent(self, *, limit: int) -> Awaitable[tuple[Post, ...]]:
        """The posts changed last, the newest first."""
