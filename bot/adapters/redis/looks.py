"""Pages to be looked at again, and when; the port ``Looks``.

A look is claimed with a lease and settled by its token, as polls are: one that died is repeated,
and one that was only slow passes nothing on twice.
"""

from __future__ import annotations

from typing import Any, Final

from redis.asyncio import Redis

from bot.adapters.clock import Clock
from bot.adapters.redis.codec import decode, encode
from bot.adapters.redis.keys import FEED_MS, LOOK_MS, PAGE_MS, Keys
from bot.adapters.redis.page_store import MOST
from bot.adapters.redis.scripts import Scripts
from bot.adapters.redis.streams import ENTRIES
from bot.domain.errors import Permanent
from bot.domain.news import Entry, Look

#: Pages waiting for a look at most.
_MOST: Final = 10_000
#: Longer than fetching and reading a page.
_LEASE_MS: Final = 300_000


class RedisLooks:
    """When pages are looked at again."""

    def __init__(self, redis: Redis, keys: Keys, clock: Clock) -> None:
        self._keys = keys
        self._scripts = Scripts(redis, clock)

    async def plan(self, entry: Entry, *, after: float) -> bool:
        """Have the page of ``entry`` looked at; False when too many are waiting."""
        planned: int = await self._scripts.run(
            "look_plan",
            [self._keys.looks_due, self._keys.look(entry.article_id)],
            [entry.article_id, encode(entry), round(after * 1000), _MOST, LOOK_MS],
        )
        return bool(planned)

    async def claim(self, limit: int) -> tuple[Look, ...]:
        """Lease at most ``limit`` due looks; one that cannot be read any more is dropped."""
        claims: list[Any] = await self._scripts.run(
            "look_claim", [self._keys.looks_due, self._keys.look("")], [limit, _LEASE_MS]
        )
        looks = []
        for article_id, token, before, data in claims:
            try:
                entry = decode(data, Entry)
            except Permanent:
                await self._settle(article_id.decode(), "", token, before, None, None)
                continue
            looks.append(Look(entry=entry, token=token, number=before + 1))
        return tuple(looks)

    async def settle(
        self,
        look: Look,
        *,
        done: bool = True,
        again: float | None,
        edit: Entry | None = None,
        page: bytes = b"",
    ) -> int | None:
        """End a look; ``edit`` goes on ENTRIES as the next revision, which is returned."""
        revision = await self._settle(
            look.entry.article_id,
            look.entry.feed_id,
            look.token,
            look.number if done else look.number - 1,
            again,
            edit,
            page,
        )
        return revision if revision > 0 else None

    async def _settle(
        self,
        article_id: str,
        feed_id: str,
        token: int,
        looks: int,
        again: float | None,
        edit: Entry | None,
        page: bytes = b"",
    ) -> int:
        kept = encode(page) if edit is not None else b""
        revision: int = await self._scripts.run(
            "look_settle",
            [
                self._keys.looks_due,
                self._keys.look(article_id),
                self._keys.revisions(feed_id),
                self._keys.stream(ENTRIES),
                self._keys.page_text(""),
            ],
            [
                article_id,
                token,
                looks,
                "" if again is None else round(again * 1000),
                FEED_MS,
                "" if edit is None else encode(edit),
                kept if len(kept) <= MOST else "",
                PAGE_MS,
            ],
        )
        return revision
