"""Conversations in which the Teams app is installed, one hash a tenant, one field a conversation.

An admin writes names (``teams:News Desk/General``), Teams wants ids. Names are looked up here, and
one that fits two conversations fits none: a post in the wrong channel is worse than none.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from redis.asyncio import Redis

from bot.adapters.redis.codec import decode, encode
from bot.adapters.redis.keys import Keys
from bot.domain.channels import Destination
from bot.domain.errors import Barred
from bot.domain.references import Place, Reference


class RedisReferences:
    """Keeps and finds references."""

    def __init__(self, redis: Redis, keys: Keys) -> None:
        self._redis = redis
        self._keys = keys

    async def keep(self, reference: Reference) -> None:
        """Remember one conversation, or what changed about it."""
        key = self._keys.teams(reference.tenant)
        await self._redis.hset(key, reference.conversation, encode(reference))

    async def keep_team(self, tenant: str, team: str, channels: Iterable[Reference]) -> None:
        """Make ``channels`` all that is known of a team; none forgets the team."""
        gone = [r.conversation for r in await self.all(tenant) if r.team == team]
        kept: dict[Any, Any] = {r.conversation: encode(r) for r in channels}
        key = self._keys.teams(tenant)
        async with self._redis.pipeline(transaction=True) as pipe:
            if gone:
                pipe.hdel(key, *gone)
            if kept:
                pipe.hset(key, mapping=kept)
            await pipe.execute()

    async def forget(self, tenant: str, conversation: str) -> None:
        """Never write to a conversation again."""
        await self._redis.hdel(self._keys.teams(tenant), conversation)

    async def all(self, tenant: str) -> tuple[Reference, ...]:
        """Every conversation of a tenant."""
        values: Any = await self._redis.hvals(self._keys.teams(tenant))
        return tuple(decode(value, Reference) for value in values)

    async def of(self, tenant: str, destination: Destination) -> Reference:
        """The conversation a destination names, by its id or by names.

        Raises:
            Barred: none, or more than one, answers to the name.
        """
        key = self._keys.teams(tenant)
        exact: Any = await self._redis.hget(key, destination.channel)
        if exact is not None:
            return decode(exact, Reference)
        found = [r for r in await self.all(tenant) if _is_meant(r, destination)]
        if len(found) == 1:
            return found[0]
        problem = (
            f"the app is not installed in {destination}: add it to the team or chat"
            if not found
            else f"{len(found)} conversations are called {destination}: write the channel's id"
        )
        raise Barred(problem)


def _is_meant(reference: Reference, destination: Destination) -> bool:
    name = destination.channel.casefold()
    if reference.place is Place.CHANNEL:
        team = destination.workspace.casefold()
        in_team = not team or team in {reference.team.casefold(), reference.team_name.casefold()}
        return in_team and name == reference.channel_name.casefold()
    if reference.place is Place.PERSON and name.startswith("@"):
        return name[1:] in {reference.user.casefold(), reference.user_name.casefold()}
    return False
