"""Feeds in Redis: when each is due, what it showed, and who polls it now.

``feeds:due`` says when; claiming moves a feed to the end of its lease and hands out a token, and
settling checks the token. A poll that died is thus repeated, and one that was only slow cannot
write over its successor.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from redis.asyncio import Redis

from bot.adapters.clock import Clock
from bot.adapters.redis.codec import decode, encode
from bot.adapters.redis.keys import FEED_MS, Keys
from bot.adapters.redis.scripts import Scripts
from bot.adapters.redis.streams import ENTRIES
from bot.domain.news import Feed, FeedClaim, FeedState, FeedUpdate
from bot.domain.times import from_ms, to_ms

#: Entry keys remembered beyond those of the last document.
_KEYS_BEYOND: Final = 200


class RedisFeedStore:
    """Feed state, seen keys and due times; the port ``FeedStore``."""

    def __init__(self, redis: Redis, keys: Keys, clock: Clock, *, lease: float = 120.0) -> None:
        self._redis = redis
        self._keys = keys
        self._scripts = Scripts(redis, clock)
        #: In seconds; longer than any poll.
        self._lease_ms = round(lease * 1000)

    async def subscribe(self, feeds: Iterable[Feed], *, first_due: Mapping[str, datetime]) -> None:
        """Make exactly these feeds the polled ones; one without ``first_due`` is due now."""
        args: list[str | int] = []
        for feed in feeds:
            due = first_due.get(feed.id)
            args += (feed.id, "" if due is None else to_ms(due))
        await self._scripts.run("subscribe_feeds", [self._keys.feeds_due], args)

    async def claim_due(self, limit: int) -> tuple[FeedClaim, ...]:
        """Lease at most ``limit`` due feeds; none is claimed twice at once."""
        claims = await self._scripts.run(
            "claim_feeds",
            [self._keys.feeds_due, self._keys.feed("")],
            [limit, self._lease_ms, FEED_MS],
        )
        return tuple(
            FeedClaim(feed_id=feed_id.decode(), token=token, state=_state(state))
            for feed_id, token, state in claims
        )

    async def fingerprints(self, feed_id: str, keys: Sequence[str]) -> dict[str, str]:
        """Entry key → fingerprint, for those of ``keys`` this feed has shown before."""
        if not keys:
            return {}
        prints: Any = await self._redis.hmget(self._keys.prints(feed_id), list(keys))
        return {
            key: stored.decode().partition(" ")[2]
            for key, stored in zip(keys, prints, strict=True)
            if stored is not None
        }

    async def settle(self, claim: FeedClaim, update: FeedUpdate) -> bool:
        """Write a poll whole; False, with nothing written, when the lease is not ours any more."""
        feed_id = claim.feed_id
        args: list[str | bytes | int] = [
            feed_id,
            claim.token,
            encode(update.state),
            to_ms(update.next_due),
            FEED_MS,
            _KEYS_BEYOND,
            len(update.seen),
        ]
        for pair in update.seen:
            args += pair
        for entry in update.entries:
            args += (entry.key, entry.article_id, encode(entry))
        settled = await self._scripts.run(
            "settle_feed",
            [
                self._keys.feeds_due,
                self._keys.feed(feed_id),
                self._keys.seen(feed_id),
                self._keys.prints(feed_id),
                self._keys.revisions(feed_id),
                self._keys.stream(ENTRIES),
            ],
            args,
        )
        return bool(settled)

    async def states(self) -> dict[str, tuple[FeedState, datetime]]:
        """Feed id → state and next due time; of a feed being polled, the end of its lease."""
        due: Any = await self._redis.zrange(self._keys.feeds_due, 0, -1, withscores=True)
        pipeline = self._redis.pipeline(transaction=False)
        for feed_id, _ in due:
            pipeline.hget(self._keys.feed(feed_id.decode()), "state")
        return {
            feed_id.decode(): (_state(state or b""), from_ms(int(score)))
            for (feed_id, score), state in zip(due, await pipeline.execute(), strict=True)
        }


def _state(data: bytes) -> FeedState:
    return decode(data, FeedState) if data else FeedState()
