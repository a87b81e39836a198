"""Workflows webhooks as destinations: the same card, one way.

A webhook cannot edit: what changed about a posted story comes as a new card that says so, once
for each set of changes; a story that merely grew posts nothing. It cannot be read back either, so
a doubtful send is repeated and says that it may be a repeat. The address of a webhook is its
password: it stands in no log and in no error.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

import aiohttp
from redis.asyncio import Redis

from bot.adapters.redis.keys import GUARD_MS, Keys
from bot.adapters.teams.answers import body_of, of_answer, of_exception
from bot.adapters.teams.cards import shown_by
from bot.domain.channels import Destination
from bot.domain.errors import Barred
from bot.domain.posts import Brief, PostKey, Receipt
from bot.domain.secrets import Secret
from bot.ports.work import Begin
from bot.render.teams import Card, dump, webhook_body

UPDATES: Final = "This updates an earlier message, which a webhook cannot edit."
_TIMEOUT: Final = aiohttp.ClientTimeout(total=10, connect=5)
#: Seconds between two posts to one webhook; more than four a second are throttled.
PACE: Final = 0.3
_NOT_IN_A_NAME: Final = re.compile(r"[^A-Z0-9]+")


def webhook_name(destination: Destination) -> str:
    """``webhook:news-desk`` → ``NEWS_DESK``, as it stands in ``NATO_BRIEF_WEBHOOK_NEWS_DESK``."""
    return _NOT_IN_A_NAME.sub("_", destination.channel.upper()).strip("_")


class WebhookSender:
    """Posts cards to the addresses an operator gave."""

    can_look_up = False
    edits_in_place = False

    def __init__(
        self,
        redis: Redis,
        keys: Keys,
        *,
        addresses: Mapping[str, Secret],
        session: Callable[[], aiohttp.ClientSession],
        clock: Callable[[], datetime],
        timeout: aiohttp.ClientTimeout = _TIMEOUT,
        pace: float = PACE,
    ) -> None:
        """Nothing is called yet.

        Args:
            redis: Remembers which changes were told.
            keys: Of the deployment.
            addresses: Name, as ``webhook_name`` writes it → address.
            session: Gives the HTTP session.
            clock: For receipts.
            timeout: Of one post.
            pace: Seconds between two posts to one webhook.
        """
        self._redis = redis
        self._keys = keys
        self._addresses = addresses
        self._session = session
        self._clock = clock
        self._timeout = timeout
        self._pace = pace
        self._locks: dict[str, asyncio.Lock] = {}
        self._next_turn: dict[str, float] = {}

    def knows(self, destination: Destination) -> bool:
        """Whether an address was given for ``destination``."""
        return webhook_name(destination) in self._addresses

    async def send(self, key: PostKey, brief: Brief, begin: Begin) -> Receipt:
        """Post the card."""
        await self._post(key.destination, brief, begin)
        await self._told(key, brief)
        return Receipt(handle=str(key.destination), at=self._clock())

    async def edit(self, key: PostKey, handle: str, brief: Brief, begin: Begin) -> None:
        """Post a new card if something changed that was not told yet."""
        if not _changes(brief) or await self._redis.exists(self._guard(key, brief)):
            return
        await self._post(key.destination, replace(brief, notes=(*brief.notes, UPDATES)), begin)
        await self._told(key, brief)

    async def find(self, key: PostKey, *, since: datetime) -> Receipt | None:
        """Nothing: a webhook only takes."""
        return None

    async def _post(self, destination: Destination, brief: Brief, begin: Begin) -> None:
        name = webhook_name(destination)
        address = self._addresses.get(name)
        if address is None:
            raise Barred(f"no address for {destination}: set NATO_BRIEF_WEBHOOK_{name}")
        loop = asyncio.get_running_loop()
        async with self._locks.setdefault(name, asyncio.Lock()):
            # Before the call, never after it: what was posted is to be marked at once.
            await asyncio.sleep(max(self._next_turn.get(name, 0.0) - loop.time(), 0.0))
            await begin()
            try:
                await shown_by(lambda card: self._call(address, card), brief)
            finally:
                self._next_turn[name] = loop.time() + self._pace

    async def _call(self, address: Secret, card: Card) -> None:
        try:
            async with self._session().post(
                address.reveal(),
                data=dump(webhook_body(card)),
                headers={"Content-Type": "application/json"},
                timeout=self._timeout,
                allow_redirects=False,
            ) as answer:
                body = await body_of(answer)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            # Not chained: aiohttp's errors name the address, and a traceback would print it.
            raise of_exception(error, again=False) from None
        if answer.status not in range(200, 300):
            raise of_answer(answer.status, answer.headers, body, again=False)

    async def _told(self, key: PostKey, brief: Brief) -> None:
        if _changes(brief):
            await self._redis.set(self._guard(key, brief), b"1", px=GUARD_MS)

    def _guard(self, key: PostKey, brief: Brief) -> str:
        told = "\n".join((str(key), *_changes(brief)))
        return self._keys.guard(f"webhook:{hashlib.sha256(told.encode()).hexdigest()[:32]}")


def _changes(brief: Brief) -> tuple[str, ...]:
    return tuple(change for item in brief.items for change in item.changes)
