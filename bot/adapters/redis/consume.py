"""The consumer loop of read, deliver and jobs: many entries in hand, each in its task.

Back-pressure: it never reads more than it can start. A heartbeat keeps what is in hand from being
taken over. On ``stop`` it takes nothing new, finishes what it started, and returns; what takes too
long is left to whoever works next. An entry that was in the hands of several processes that died
is handled alone.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Iterable
from contextlib import suppress
from typing import Any, Final, Generic, TypeVar

from redis.exceptions import RedisError

from bot.adapters.redis.attempt import Handle, about, attempt, until_done
from bot.adapters.redis.bus import Delivery, Group
from bot.adapters.redis.hands import Hands
from bot.adapters.redis.streams import Decode
from bot.domain.errors import cause

T = TypeVar("T")

#: Seconds to finish what is in hand; longer than a message takes to be sent.
DRAIN: Final = 12.0

_log = logging.getLogger("nato_brief.bus")


async def consume(
    group: Group,
    decode: Decode[T],
    handle: Handle[T],
    *,
    concurrency: int,
    stop: asyncio.Event,
    hands: Hands | None = None,
    block_ms: int = 1000,
    drain: float = DRAIN,
) -> None:
    """Work on a stream with at most ``concurrency`` entries in hand, until ``stop``.

    ``hands`` are those of the process. After ``stop`` what is in them may take ``drain`` seconds.
    """
    crowd = _Crowd(
        group,
        decode,
        handle,
        concurrency=concurrency,
        stop=stop,
        hands=hands or Hands(),
        block_ms=block_ms,
    )
    await crowd.run(drain)


class _Crowd(Generic[T]):
    """The entries one ``consume`` has in hand, each in its task."""

    def __init__(
        self,
        group: Group,
        decode: Decode[T],
        handle: Handle[T],
        *,
        concurrency: int,
        stop: asyncio.Event,
        hands: Hands,
        block_ms: int,
    ) -> None:
        self._group = group
        self._decode = decode
        self._handle = handle
        self._concurrency = concurrency
        self._stop = stop
        self._hands = hands
        self._block_ms = block_ms
        self._tasks: dict[str, asyncio.Task[None]] = {}
        #: What the server kept us from finishing; it is let go as soon as it can be reached.
        self._interrupted: set[str] = set()
        self._suspecting: asyncio.Task[None] | None = None
        self._next_round = 0.0

    async def run(self, drain: float) -> None:
        beat = asyncio.create_task(self._beat(), name=f"heartbeat {self._group.name}")
        try:
            await until_done(self._stop, self._group.ensure)
            while not self._stop.is_set():
                await until_done(self._stop, self._take)
            if self._tasks:
                _, late = await asyncio.wait(self._tasks.values(), timeout=drain)
                for task in late:
                    _log.warning("bus.cut_short %s", task.get_name())
            left = self._interrupted | self._tasks.keys()
            await _ended(self._tasks.values())
            with suppress(RedisError):
                await self._group.let_go(left)
                await self._group.leave()
        finally:
            await _ended([beat, *self._tasks.values(), *filter(None, [self._suspecting])])

    async def _take(self) -> None:
        """Start as much as there is room for; with no room, wait for some."""
        if not self._hands.open.is_set():
            await _first(self._stop.wait(), self._hands.open.wait())
            return
        free = self._concurrency - len(self._tasks)
        if not free:
            await _first(self._stop.wait(), *self._tasks.values())
            return
        now = asyncio.get_running_loop().time()
        if now >= self._next_round:
            self._next_round = now + self._group.idle_ms / 4000
            await self._round(free)
            return
        # Never cancelled: entries of an answer that nobody reads would lie idle for a minute.
        left = max(1, round((self._next_round - now) * 1000))
        for delivery in await self._group.read(free, block_ms=min(self._block_ms, left)):
            self._start(delivery)

    async def _round(self, free: int) -> None:
        """Take up what waited, and what others left."""
        if self._interrupted:
            await self._group.let_go(self._interrupted)
            self._interrupted.clear()
        await self._group.move_due_retries()
        suspect, stale = await self._group.claim_stale(free)
        for delivery in stale:
            self._start(delivery)
        if suspect and self._suspecting is None:
            self._suspecting = asyncio.create_task(self._handle_suspect())
            # So that the hands are closed before more is read, and the next suspect is next.
            await asyncio.sleep(0)

    async def _handle_suspect(self) -> None:
        """Handle one entry that may end this process, with nothing else in its hands."""
        try:
            async with self._hands.alone():
                if self._stop.is_set():
                    return
                for delivery in await self._group.claim_suspect():
                    _log.warning("bus.alone %s", about(delivery))
                    await asyncio.wait((self._start(delivery, alone=True),))
        except RedisError as error:
            _log.warning("bus.away group=%s problem=%r", self._group.name, cause(error))
        finally:
            self._suspecting = None
            self._next_round = 0.0  # where there is one, there are more

    def _start(self, delivery: Delivery, *, alone: bool = False) -> asyncio.Task[None]:
        position = delivery.claimed.id
        if position in self._tasks:
            # In hand; it looked idle because this event loop was held up.
            return self._tasks[position]
        work = self._attempt(delivery) if alone else self._among_others(delivery)
        task = asyncio.create_task(work, name=f"{self._group.name} {position}")
        self._tasks[position] = task
        task.add_done_callback(lambda _: self._tasks.pop(position, None))
        return task

    async def _among_others(self, delivery: Delivery) -> None:
        async with self._hands.among_others():
            await self._attempt(delivery)

    async def _attempt(self, delivery: Delivery) -> None:
        try:
            await attempt(self._group, self._decode, self._handle, delivery)
        except RedisError as error:
            # What became of the entry is unknown: if it is pending still, it is taken up again.
            _log.warning("bus.interrupted %s problem=%r", about(delivery), cause(error))
            self._interrupted.add(delivery.claimed.id)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._group.idle_ms / 3000)
            if not self._tasks:
                continue
            try:
                lost = await self._group.heartbeat(tuple(self._tasks))
            except RedisError as error:
                _log.warning("bus.no_heartbeat group=%s problem=%r", self._group.name, cause(error))
                continue
            for position in lost:
                if (task := self._tasks.get(position)) and not task.done():
                    _log.warning("bus.lost group=%s entry=%s", self._group.name, position)
                    task.cancel()


async def _first(*awaited: Coroutine[Any, Any, object] | asyncio.Task[None]) -> None:
    """Wait until one is done; tasks go on, coroutines are cancelled."""
    futures = {asyncio.ensure_future(each): each for each in awaited}
    try:
        await asyncio.wait(futures, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for future, given in futures.items():
            if future is not given:
                future.cancel()


async def _ended(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel tasks and wait until they are gone."""
    ending = tuple(tasks)
    for task in ending:
        task.cancel()
    await asyncio.gather(*ending, return_exceptions=True)
