"""Briefs and spoken values as Adaptive Cards; escaping is in ``render.escape``."""

from bot.render.teams.brief import brief_card, brief_line, plain_brief_card
from bot.render.teams.limits import Card, problems, sendable
from bot.render.teams.message import activity, dump, plain_card, webhook_body
from bot.render.teams.spoken import spoken_card, spoken_line
from bot.render.teams.welcome import welcome_card

__all__ = [
    "Card",
    "activity",
    "brief_card",
    "brief_line",
    "dump",
    "plain_brief_card",
    "plain_card",
    "problems",
    "sendable",
    "spoken_card",
    "spoken_line",
    "webhook_body",
    "welcome_card",
]
