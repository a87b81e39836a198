"""Slack as a destination: one workspace's API, and a sender for each of its channels."""

from bot.adapters.slack.api import SlackApi
from bot.adapters.slack.sender import SlackSender
from bot.adapters.slack.workspace import SlackWorkspace

__all__ = ["SlackApi", "SlackSender", "SlackWorkspace"]
