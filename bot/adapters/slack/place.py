"""Where in a workspace a destination is: a channel or person, and a thread in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.adapters.slack.api import Refused, SlackApi
from bot.domain.channels import Destination

_CHANNEL_ID = re.compile(r"[CDG][A-Z0-9]{5,}\Z")
_USER_ID = re.compile(r"@?([UW][A-Z0-9]{5,})\Z")
_THREAD = re.compile(r"(.+):(\d+\.\d+)\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A destination's channel, taken apart."""

    #: As ``chat.postMessage`` takes it: an id, or a name with its ``#``.
    channel: str
    #: ``ts`` of the message that replies go under.
    thread: str | None = None

    @property
    def is_id(self) -> bool:
        """Whether every method takes it; most know no names and no people."""
        return bool(_CHANNEL_ID.match(self.channel))


def place_of(destination: Destination) -> Place:
    """``C0123``, ``#nato-desk``, ``@U0123``; with ``:<ts>`` a thread in it."""
    channel, thread = destination.channel, None
    if found := _THREAD.match(channel):
        channel, thread = found[1], found[2]
    if person := _USER_ID.match(channel):
        channel = person[1]
    return Place(channel=channel, thread=thread)


async def with_id(api: SlackApi, place: Place) -> Place:
    """``place`` by its channel's id.

    Raises:
        Refused: a scope is missing to ask for it, or the bot is in no channel of that name.
    """
    if place.is_id:
        return place
    if _USER_ID.match(place.channel):
        opened = await api.call("conversations.open", users=place.channel)
        return replace(place, channel=opened["channel"]["id"])
    name, cursor = place.channel.removeprefix("#"), ""
    while True:
        page = await api.read(
            "users.conversations",
            types="public_channel,private_channel",
            exclude_archived="true",
            limit=200,
            **({"cursor": cursor} if cursor else {}),
        )
        for channel in page.get("channels", ()):
            if channel.get("name") == name:
                return replace(place, channel=channel["id"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            raise Refused("users.conversations", "not_in_channel")
