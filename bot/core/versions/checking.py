"""What checking a configuration takes, imported in advance."""

from __future__ import annotations


def warm() -> None:
    """Import what examples are checked with, so that the first check need not wait for it."""
    from bot.core.matching import failed_examples
    from bot.domain.watch import Watchlists

    failed_examples(Watchlists())
