"""A brief as Teams takes it: as its card, or plainer where Teams finds fault with that."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.domain.errors import Permanent, Uneditable
from bot.domain.posts import Brief
from bot.render.teams import Card, brief_card, plain_brief_card

T = TypeVar("T")

_log = logging.getLogger("nato_brief.teams")


async def shown_by(show: Callable[[Card], Awaitable[T]], brief: Brief) -> T:
    """Show ``brief`` by ``show``; raises what that raises, Permanent if no form is well formed."""
    try:
        return await show(brief_card(brief))
    except Uneditable:
        raise
    except Permanent as error:
        _log.error("teams.refused headline=%r problem=%r", brief.headline, str(error))
        return await show(plain_brief_card(brief))
