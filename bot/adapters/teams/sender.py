"""Teams channels and chats as destinations: post, edit in place, reply in a channel's thread.

Reading back what was posted needs Microsoft Graph and consent to read the channel, so it is not
done: after a send whose outcome is not known the post is sent again and says that it may be a
repeat. An edit is repeated freely, because it names the message.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any
from weakref import WeakValueDictionary

from bot.adapters.redis.references import RedisReferences
from bot.adapters.teams.cards import shown_by
from bot.adapters.teams.connector import Connector
from bot.domain.errors import Uneditable
from bot.domain.posts import Brief, PostKey, Receipt
from bot.domain.references import Place, Reference
from bot.ports.work import Begin
from bot.render.teams import Card, activity, brief_line


class TeamsSender:
    """Sends posts as cards."""

    can_look_up = False
    edits_in_place = True

    def __init__(
        self,
        connector: Connector,
        references: RedisReferences,
        *,
        tenant: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._connector = connector
        self._references = references
        self._tenant = tenant
        self._clock = clock
        # Teams answers 412 to two writers in one conversation.
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def send(self, key: PostKey, brief: Brief, begin: Begin) -> Receipt:
        """Post it in the conversation the destination names."""
        place = await self._references.of(self._tenant, key.destination)
        return await self._create(place, place.conversation, brief, begin)

    async def edit(self, key: PostKey, handle: str, brief: Brief, begin: Begin) -> None:
        """Show ``brief`` in the message ``handle`` names."""
        place = await self._references.of(self._tenant, key.destination)
        name, conversation = _parts(handle)
        async with self._lock(conversation):
            await shown_by(
                lambda card: self._connector.update(
                    place.service_url, conversation, name, _message(card, brief), begin
                ),
                brief,
            )

    async def reply(self, key: PostKey, handle: str, brief: Brief, begin: Begin) -> Receipt:
        """Post ``brief`` under the message ``handle`` names; a chat has no threads."""
        place = await self._references.of(self._tenant, key.destination)
        root, conversation = _parts(handle)
        if place.place is Place.CHANNEL:
            conversation = f"{conversation.partition(';')[0]};messageid={root}"
        return await self._create(place, conversation, brief, begin)

    async def find(self, key: PostKey, *, since: datetime) -> Receipt | None:
        """Nothing: a bot cannot look its messages up."""
        return None

    async def _create(
        self, place: Reference, conversation: str, brief: Brief, begin: Begin
    ) -> Receipt:
        async with self._lock(conversation):
            name = await shown_by(
                lambda card: self._connector.create(
                    place.service_url, conversation, _message(card, brief), begin
                ),
                brief,
            )
        return Receipt(handle=f"{name} {conversation}", at=self._clock())

    def _lock(self, conversation: str) -> asyncio.Lock:
        root = conversation.partition(";")[0]
        return self._locks.setdefault(root, asyncio.Lock())


def _message(card: Card, brief: Brief) -> dict[str, Any]:
    return activity(card, summary=brief_line(brief))


def _parts(handle: str) -> tuple[str, str]:
    """Id of the message, and of its conversation."""
    name, blank, conversation = handle.partition(" ")
    if not blank or not name or not conversation:
        raise Uneditable(f"{handle!r} names no Teams message")
    return name, conversation
