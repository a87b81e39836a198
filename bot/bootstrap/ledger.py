"""The quote ledger's parts, built for the command that asks for them."""

from __future__ import annotations

from bot.bootstrap.app import App
from bot.services.correct import Correct
from bot.services.ledger import Ledger


def ledger_of(app: App) -> Ledger:
    """Reads the quotes of the archive."""
    return Ledger(
        index=app.index,
        articles=app.articles,
        corrections=app.corrections,
        people=app.config.people,
    )


def correct_of(app: App) -> Correct:
    """Corrects who said a quote."""
    ledger = ledger_of(app)
    return Correct(
        entry=ledger.entry,
        speakers=ledger.speakers,
        corrections=app.corrections,
        people=app.config.people,
        clock=app.clock.now,
    )
