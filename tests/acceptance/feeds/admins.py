"""The admin channel: what a look at the feeds posts there, through desired posts and delivery."""

from __future__ import annotations

from bot.adapters.redis import streams
from bot.adapters.redis.bus import Group
from bot.domain.channels import Destination
from tests.acceptance.feeds.polling import Polling
from tests.recorders import RecordedSender

ADMINS = Destination(platform="slack", channel="#admins")


class Admins:
    """Watches feeds as a scheduler does, and delivers as a worker does, to a recorder."""

    def __init__(self, polling: Polling) -> None:
        app = self._app = polling.app
        self.sender = RecordedSender(app.clock)
        self.places: set[Destination] = set()
        app.sender = self._sender  # type: ignore[assignment, method-assign]
        self._group = Group(
            app.redis, app.keys, app.clock, streams.DELIVERIES, consumer=app.consumer
        )

    async def look(self) -> int:
        """Look at every feed once and deliver what came of it; returns how many posts did."""
        # The turn lapses by the server's own time, which tests do not move.
        await self._app.redis.delete(self._app.keys.guard("watch feeds"))
        await self._app.watch_feeds.look()
        await self._group.ensure()
        found = await self._group.read(50)
        for one in found:
            await self._app.deliver(one.claimed, streams.delivery(one.claimed.id, one.fields))
        return len(found)

    @property
    def posted(self) -> list[str]:
        """Headlines of the messages posted, in order."""
        return [brief.headline for _, brief in self.sender.sent]

    @property
    def edits(self) -> list[str]:
        """Headlines they were edited to, in order."""
        return [brief.headline for _, brief in self.sender.edited]

    @property
    def notes(self) -> tuple[str, ...]:
        """The lines of the only message as it stands."""
        (brief,) = self.sender.shown()
        return brief.notes

    def _sender(self, destination: Destination) -> RecordedSender:
        self.places.add(destination)
        return self.sender
