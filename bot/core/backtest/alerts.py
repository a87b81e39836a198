"""How many alerts a day channels would have had: the desk's own fold over past records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from bot.core.stories.fold import apply, fold
from bot.core.stories.place import Stories
from bot.domain.channels import PAGE, Configuration
from bot.domain.news import Record
from bot.domain.stories import Action, DeskState


def alerts_by_day(records: Sequence[Record], config: Configuration) -> dict[date, int]:
    """Day (UTC) → alerts at all channels but the page.

    Args:
        records: Those with matches, in the order of their times. What nobody watches is left
            out, so a story that only unwatched articles hold together may count as two.
        config: Whose channels take the matches.
    """
    state, stories = DeskState(), Stories()
    days: Counter[date] = Counter()
    for record in records:
        outcome = fold(state, record, config, stories=stories)
        state = apply(state, outcome)
        if outcome.story is not None:
            stories.put(outcome.story)
        days.update(
            decision.at.date()
            for decision in outcome.decisions
            if decision.action is Action.ALERT and decision.destination != PAGE
        )
    return dict(days)
