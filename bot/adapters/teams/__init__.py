"""Teams from our side: the connector of a bot, and Workflows webhooks."""

from bot.adapters.teams.connector import Connector
from bot.adapters.teams.sender import TeamsSender
from bot.adapters.teams.session import Session
from bot.adapters.teams.tokens import Tokens
from bot.adapters.teams.webhook import WebhookSender

__all__ = ["Connector", "Session", "TeamsSender", "Tokens", "WebhookSender"]
