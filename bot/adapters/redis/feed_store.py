"""Feeds in Redis: when each is due, what it showed, and who polls it now.

``feeds:due`` says when; claiming moves a feed to the end of its lease and hands out a token, and
settling checks the token. A poll that died is thus repeated, and one that was only slow cannot
write over its successor.

A claim takes a place at the feed's host, in the same ``turns:<host>`` that pages are fetched by.
Polls that end while a settling is under way are settled together in the next one; those that found
nothing, which are most, in one script.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, NamedTuple, TypeAlias
from urllib.parse import urlsplit

from redis.asyncio import Redis

from bot.adapters.clock import Clock
from bot.adapters.redis.codec import decode, encode
from bot.adapters.redis.keys import DAY_MS, FEED_MS, SPAN_MS, Keys
from bot.adapters.redis.scripts import Scripts
from bot.adapters.redis.streams import ENTRIES
from bot.domain.errors import Permanent
from bot.domain.feeds import Feed, FeedClaim, FeedState, FeedStatus, FeedUpdate, Network
from bot.domain.news import Entry
from bot.domain.times import from_ms, to_ms

#: Our own network is judged by this span and the one before.
_SPAN_MS: Final = 150_000
#: Clocks that differ by less than this are the same.
_OFF_MS: Final = 5_000
#: Feeds of other hosts asked early when one is out of reach, until so many hosts or half are.
_ASKED: Final = 2
_ASKED_UNTIL: Final = 50
#: Polls settled in one round trip at most.
_BATCH: Final = 100

_log = logging.getLogger("nato_brief.feeds")


class RedisFeedStore:
    """Feed state, seen keys and due times; the ports ``FeedStore`` and ``HeldEntries``."""

    def __init__(
        self,
        redis: Redis,
        keys: Keys,
        clock: Clock,
        *,
        lease: float = 120.0,
        per_host: int = 2,
        resume_over: float = 900.0,
        remembered: float = 30 * 86_400.0,
        remembered_most: int = 2_000,
    ) -> None:
        """Nothing is sent yet.

        Args:
            redis: The server.
            keys: Names of the keys.
            clock: What time it is.
            lease: Seconds a claim holds; longer than any poll.
            per_host: Polls of one host at once.
            resume_over: Seconds over which a host's feeds come back after it asked for quiet.
            remembered: Seconds an entry is known after it was last listed.
            remembered_most: Entries of a feed known beyond those of its last document.
        """
        self._redis = redis
        self._keys = keys
        self._clock = clock
        self._scripts = Scripts(redis, clock)
        self._lease_ms = round(lease * 1000)
        self._per_host = per_host
        self._resume_ms = round(resume_over * 1000)
        self._remembered_ms = round(remembered * 1000)
        self._remembered_most = remembered_most
        self._off_ms = 0
        self._settling: list[_Waiting] = []
        self._settler: asyncio.Task[None] | None = None

    async def subscribe(self, feeds: Iterable[Feed], *, first_due: Mapping[str, datetime]) -> None:
        """Make exactly these feeds the polled ones; one without ``first_due`` is due now."""
        await self._compare_clocks()
        args: list[str | int] = []
        for feed in feeds:
            due = first_due.get(feed.id)
            host = f"{'*' if feed.bridge else ''}{_host(feed.url)}"
            args += (feed.id, "" if due is None else self._server_ms(due), host)
        await self._scripts.run(
            "subscribe_feeds",
            [self._keys.feeds_due, self._keys.feeds_hosts, self._keys.network],
            args,
        )

    async def due_later(self, intervals: Mapping[str, float]) -> dict[str, FeedState]:
        """Feed id → state, of those that are due later than in so many seconds."""
        if not intervals:
            return {}
        now = self._server_ms(self._clock.now())
        scores: Any = await self._redis.zmscore(self._keys.feeds_due, list(intervals))
        late = [
            feed_id
            for (feed_id, seconds), score in zip(intervals.items(), scores, strict=True)
            if score is not None and score > now + seconds * 1000
        ]
        pipeline = self._redis.pipeline(transaction=False)
        for feed_id in late:
            pipeline.hmget(self._keys.feed(feed_id), "state", "held")
        return {
            feed_id: _state(*stored)
            for feed_id, stored in zip(late, await pipeline.execute(), strict=True)
        }

    async def hasten(self, due: Mapping[str, datetime]) -> int:
        """Have feeds polled earlier than they were due; returns how many were not polled now."""
        if not due:
            return 0
        args: list[str | int] = []
        for feed_id, moment in due.items():
            args += (feed_id, self._server_ms(moment))
        hastened: int = await self._scripts.run(
            "hasten_feeds",
            [self._keys.feeds_due, self._keys.feeds_hosts, self._keys.turns("")],
            args,
        )
        return hastened

    async def claim_due(self, limit: int) -> tuple[FeedClaim, ...]:
        """Lease at most ``limit`` due feeds; none is claimed twice at once."""
        claims = await self._scripts.run(
            "claim_feeds",
            [
                self._keys.feeds_due,
                self._keys.feed(""),
                self._keys.feeds_hosts,
                self._keys.turns(""),
                self._keys.network,
            ],
            [limit, self._lease_ms, FEED_MS, self._per_host, self._resume_ms, DAY_MS],
        )
        return tuple(
            FeedClaim(
                feed_id=feed_id.decode(),
                token=token,
                state=_state(state, held),
                host=host.decode(),
            )
            for feed_id, token, state, held, host in claims
        )

    async def fingerprints(self, feed_id: str, keys: Sequence[str]) -> dict[str, str]:
        """Entry key → what is remembered, for those of ``keys`` this feed has shown before."""
        if not keys:
            return {}
        prints: Any = await self._redis.hmget(self._keys.prints(feed_id), list(keys))
        return {
            key: stored.decode()
            for key, stored in zip(keys, prints, strict=True)
            if stored is not None
        }

    async def remembered(self, feed_id: str) -> dict[str, str]:
        """Entry key → what is remembered, of every key that is not forgotten yet."""
        prints: Any = await self._redis.hgetall(self._keys.prints(feed_id))
        return {key.decode(): stored.decode() for key, stored in prints.items()}

    async def network(self, unreached: str = "", *, ask: bool = False) -> Network:
        """What is known of all hosts together; a host that was ``unreached`` is noted first."""
        span = self._span()
        told: list[int] = await self._scripts.run(
            "ask_network",
            [
                self._keys.network,
                self._keys.feeds_due,
                self._keys.feeds_hosts,
                *(
                    self._keys.reached(span - ago, yes=yes)
                    for yes in (True, False)
                    for ago in (0, 1)
                ),
                self._keys.turns(""),
            ],
            [unreached, _ASKED if ask else 0, _ASKED_UNTIL],
        )
        now, answered, hosts, silent, reached, out = told
        return Network(
            now=from_ms(now),
            answered=from_ms(answered) if answered else None,
            hosts=hosts,
            silent=silent,
            reached=reached,
            unreached=out,
        )

    async def settle(self, claim: FeedClaim, update: FeedUpdate) -> bool:
        """Write a poll whole; False, with nothing written, when the lease is not ours any more."""
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        # Packed here, poll by poll: fifty in a row would hold up the loop.
        call = None if _is_quiet(update) else self._settlement(claim, update)
        self._settling.append(_Waiting(claim, update, call, done))
        if self._settler is None:
            self._settler = asyncio.create_task(self._settle_all(), name="settle polls")
        return await done

    async def states(self) -> dict[str, tuple[FeedState, datetime]]:
        """Feed id → state and next due time; of a feed being polled, the end of its lease."""
        due: Any = await self._redis.zrange(self._keys.feeds_due, 0, -1, withscores=True)
        pipeline = self._redis.pipeline(transaction=False)
        for feed_id, _ in due:
            pipeline.hmget(self._keys.feed(feed_id.decode()), "state", "held")
        return {
            feed_id.decode(): (_state(*stored), from_ms(int(score)))
            for (feed_id, score), stored in zip(due, await pipeline.execute(), strict=True)
        }

    async def held(self, feed_id: str) -> tuple[Entry, ...]:
        """What is parked of a feed, oldest first."""
        stored: Any = await self._redis.lrange(self._keys.held(feed_id), 0, -1)
        return tuple(decode(entry, Entry) for entry in stored[1::2])

    async def release_held(self, feed_id: str, *, accept: bool) -> int:
        """Pass the parked entries on, or drop them; returns how many there were."""
        released: int = await self._scripts.run(
            "release_held",
            [
                self._keys.feed(feed_id),
                self._keys.held(feed_id),
                self._keys.revisions(feed_id),
                self._keys.stream(ENTRIES),
            ],
            [int(accept), FEED_MS],
        )
        return released

    async def _settle_all(self) -> None:
        """Settle until nothing waits; what comes meanwhile goes together in the next round."""
        await asyncio.sleep(0)
        while self._settling:
            batch, self._settling = self._settling[:_BATCH], self._settling[_BATCH:]
            quiet = [one for one in batch if one.call is None]
            telling = [one for one in batch if one.call is not None]
            try:
                results = [*await self._settle_quiet(quiet), *await self._settle_each(telling)]
            except BaseException as error:
                for one in (*batch, *self._settling):
                    if not one.done.done():
                        one.done.set_exception(error)
                self._settling, self._settler = [], None
                if isinstance(error, Exception):
                    return  # it is theirs now who wait
                raise
            for one, result in zip((*quiet, *telling), results, strict=True):
                if one.done.done():
                    continue  # whoever waited is gone
                if isinstance(result, Exception):
                    one.done.set_exception(result)
                else:
                    one.done.set_result(bool(result))
        self._settler = None

    async def _settle_quiet(self, polls: Sequence[_Waiting]) -> list[Any]:
        """Settle polls that changed nothing but the feed's own state; 1 or 0 each."""
        if not polls:
            return []
        span = self._span()
        args: list[str | bytes | int] = [FEED_MS, DAY_MS, SPAN_MS]
        for claim, update, *_ in polls:
            args += (
                claim.feed_id,
                claim.token,
                _stored(update.state),
                self._server_ms(update.next_due),
            )
            args += _about_host(claim, update)
        results: list[Any] = await self._scripts.run(
            "settle_quiet",
            [
                self._keys.feeds_due,
                self._keys.feeds_hosts,
                self._keys.reached(span, yes=True),
                self._keys.reached(span, yes=False),
                self._keys.network,
                self._keys.feed(""),
                self._keys.seen(""),
                self._keys.prints(""),
                self._keys.revisions(""),
                self._keys.turns(""),
            ],
            args,
        )
        return results

    async def _settle_each(self, polls: Sequence[_Waiting]) -> list[Any]:
        """Settle polls that found something, each in a script of its own: 1, 0 or an error."""
        if not polls:
            return []
        calls = [one.call for one in polls if one.call is not None]
        return await self._scripts.run_each("settle_feed", calls)

    def _settlement(self, claim: FeedClaim, update: FeedUpdate) -> _Call:
        """The call that settles a poll that found something."""
        feed_id = claim.feed_id
        args: list[str | bytes | int] = [
            feed_id,
            claim.token,
            _stored(update.state),
            self._server_ms(update.next_due),
            *_about_host(claim, update),
            FEED_MS,
            DAY_MS,
            SPAN_MS,
            self._remembered_most,
            self._remembered_ms,
            len(update.seen),
            len(update.entries),
        ]
        for pair in update.seen:
            args += pair
        for entry in (*update.entries, *update.held):
            args += (entry.article_id, encode(entry))
        keys = [
            self._keys.feeds_due,
            self._keys.feed(feed_id),
            self._keys.seen(feed_id),
            self._keys.prints(feed_id),
            self._keys.revisions(feed_id),
            self._keys.stream(ENTRIES),
            self._keys.turns(claim.host),
            self._keys.held(feed_id),
            self._keys.feeds_hosts,
            self._keys.reached(self._span(), yes=bool(update.answered)),
            self._keys.network,
        ]
        return keys, args

    async def _compare_clocks(self) -> None:
        """Learn how far this machine's clock is off the server's, by which feeds are claimed.

        By one ten minutes slow, a feed of five minutes would be due again as soon as polled.
        """
        seconds, microseconds = await self._redis.time()
        server = seconds * 1000 + microseconds // 1000 + self._clock.shift_ms
        off = server - to_ms(self._clock.now())
        self._off_ms = off if abs(off) > _OFF_MS else 0

    def _server_ms(self, moment: datetime) -> int:
        """A moment of this machine's clock as the server's."""
        return to_ms(moment) + self._off_ms

    def _span(self) -> int:
        """The number of the present span of minutes."""
        return to_ms(self._clock.now()) // _SPAN_MS


#: Keys and arguments of a script.
_Call: TypeAlias = tuple[list[str], list[str | bytes | int]]


class _Waiting(NamedTuple):
    """A poll that ended and is not settled yet."""

    claim: FeedClaim
    update: FeedUpdate
    #: None for one that found nothing: those are settled together.
    call: _Call | None
    done: asyncio.Future[bool]


def _is_quiet(update: FeedUpdate) -> bool:
    return not (update.seen or update.entries or update.held)


def _about_host(claim: FeedClaim, update: FeedUpdate) -> tuple[str | int, ...]:
    """Host, its host from now on, ms to leave the host alone, whether it answered."""
    moved = _host(update.state.moved_to) if update.state.moved_to else ""
    return (
        claim.host,
        moved if moved != claim.host else "",
        round((update.hold_host or 0) * 1000),
        "" if update.answered is None else int(update.answered),
    )


def _stored(state: FeedState) -> bytes:
    """``state`` without what is parked: an admin may have released that meanwhile."""
    if state.status is FeedStatus.HELD or state.held:
        state = replace(state, status=FeedStatus.OK, held=0)
    return encode(state)


def _state(data: bytes | None, held: bytes | None) -> FeedState:
    """The state; that of a feed never polled when it cannot be read, so that no other waits."""
    try:
        state = decode(data, FeedState) if data else FeedState()
    except Permanent as error:
        _log.error("feeds.unreadable problem=%r", str(error))
        state = FeedState()
    if not held:
        return state
    status = FeedStatus.HELD if state.status is FeedStatus.OK else state.status
    return replace(state, held=int(held), status=status)


def _host(url: str) -> str:
    """Host and port of an address, as the gate knows them."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()
