"""The first message after an install: what the bot does, how to ask it, how to stop it."""

from __future__ import annotations

from functools import partial

from bot.domain.conversation import Help
from bot.render.teams.elements import heading, small, text
from bot.render.teams.limits import Card, first_fitting
from bot.render.teams.message import card
from bot.render.teams.spoken import help_rows

_DOES = (
    "I watch news feeds for your topics, post alerts and digests with key quotes and who said"
    " them, and answer questions with verbatim, cited quotes."
)
_ASK = {
    True: "Mention me in any channel of this team, followed by a question or one of these:",
    False: "Ask me a question, or type one of these:",
}
_STOP = {
    True: "Posts go only to the channels that your admin lists. To stop: remove the app from this"
    " team, or ask the admin to take the channel off the list.",
    False: "To stop: uninstall the app from this chat; nothing is kept about it.",
}


def welcome_card(found: Help, *, team: bool) -> Card:
    """What a new team or person reads first.

    Args:
        found: What can be typed here.
        team: Whether it is a team that installed the app, not a person or a group chat.
    """
    return first_fitting([partial(_welcome, found, team, 20), partial(_welcome, found, team, 0)])


def _welcome(found: Help, team: bool, topics: int) -> Card:
    body = [
        heading("NATO brief"),
        text(_DOES),
        text(_ASK[team]),
        *help_rows(found, topics),
        small([_STOP[team]]),
    ]
    return card(body, fallback=f"{_DOES} {_STOP[team]}")
