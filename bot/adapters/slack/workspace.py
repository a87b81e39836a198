"""One workspace's senders, one a channel, all on one bot token."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.adapters.slack.api import SlackApi
from bot.adapters.slack.sender import PACE, SlackSender
from bot.domain.channels import Destination


class SlackWorkspace:
    """Picks the sender of a channel; there is only one, which keeps the channel's pace."""

    def __init__(self, api: SlackApi, *, clock: Callable[[], datetime], pace: float = PACE) -> None:
        #: For what is no post: ``doctor``, the names of channels.
        self.api = api
        self._clock = clock
        self._pace = pace
        self._senders: dict[Destination, SlackSender] = {}

    def sender(self, destination: Destination) -> SlackSender:
        """The sender of a channel, person or thread."""
        sender = self._senders.get(destination)
        if sender is None:
            sender = SlackSender(self.api, destination, clock=self._clock, pace=self._pace)
            self._senders[destination] = sender
        return sender
