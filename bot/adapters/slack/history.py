"""What a channel holds of ours: post keys read back from message metadata, one look for many.

Slack gives some apps one look a minute, so those who ask while a look is under way wait for the
next one, and it serves them all.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any, Final

from bot.adapters.slack.api import SlackApi
from bot.adapters.slack.place import Place, with_id

#: Marks a message as a post of ours; the payload is ``{"key": …}``, nothing else.
EVENT: Final = "nato_brief_post"
#: Slack's clock and the server's may differ by so much.
_SKEW: Final = timedelta(seconds=5)
_PAGE: Final = 200


def metadata(key: str) -> dict[str, Any]:
    """The metadata of a message that shows the post ``key``."""
    return {"event_type": EVENT, "event_payload": {"key": key}}


class History:
    """The channel's or thread's messages, as far back as somebody asks."""

    def __init__(self, api: SlackApi, place: Place) -> None:
        self._api = api
        self._place = place
        self._looking = asyncio.Lock()
        self._waiting: list[datetime] = []
        #: The last look: its number, how far back it went, key → (channel, ts).
        self._look = 0
        self._since: datetime | None = None
        self._found: dict[str, tuple[str, str]] = {}

    async def find(self, key: str, *, since: datetime) -> tuple[str, str] | None:
        """Channel id and ``ts`` of the message that shows ``key``, None if there is none.

        Raises like ``SlackApi.call``.
        """
        # A look that is under way may have passed the message by; the next one has not begun.
        wanted = self._look + 1 + self._looking.locked()
        self._waiting.append(since)
        try:
            async with self._looking:
                if self._look < wanted or self._since is None or since < self._since:
                    await self._read(min(self._waiting))
                return self._found.get(key)
        finally:
            self._waiting.remove(since)

    async def _read(self, since: datetime) -> None:
        place = await with_id(self._api, self._place)
        arguments: dict[str, Any] = {
            "channel": place.channel,
            "oldest": f"{(since - _SKEW).timestamp():.6f}",
            "include_all_metadata": "true",
            "limit": _PAGE,
        }
        method = "conversations.history"
        if place.thread:
            method, arguments["ts"] = "conversations.replies", place.thread
        found: dict[str, tuple[str, str]] = {}
        while True:
            page = await self._api.read(method, **arguments)
            for message in page.get("messages", ()):
                written = message.get("metadata") or {}
                if written.get("event_type") == EVENT:
                    key = str((written.get("event_payload") or {}).get("key"))
                    found[key] = (place.channel, message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                break
            arguments["cursor"] = cursor
        self._look += 1
        self._since, self._found = since, found
