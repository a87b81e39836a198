"""Briefs and replies as Block Kit; escaping is in ``render.escape``, limits in ``limits``."""

from bot.render.slack.brief import brief_message, plain_brief
from bot.render.slack.limits import Payload, plain_message, problems, sendable
from bot.render.slack.spoken import SHARE, spoken_message

__all__ = [
    "SHARE",
    "Payload",
    "brief_message",
    "plain_brief",
    "plain_message",
    "problems",
    "sendable",
    "spoken_message",
]
