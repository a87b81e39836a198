"""The consumer loop of read, deliver and jobs: many entries in hand, each in its task.

Back-pressure: it never reads more than it can start. A heartbeat keeps what is in hand from being
taken over. On ``stop`` it takes nothing new, finishes what it started, and returns; what takes too
long stays pending, for whoever works next.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Final, Generic, TypeVar

from redis.exceptions import RedisError

from bot.adapters.redis.attempt import Handle, about, attempt, until_done
from bot.adapters.redis.bus import Delivery, Group
from bot.adapters.redis.streams import Decode

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
    block_ms: int = 1000,
    drain: float = DRAIN,
) -> None:
    """Work on a stream with at most ``concurrency`` entries in hand, until ``stop``.

    After ``stop`` what is in hand may take ``drain`` seconds.
    """
    crowd = _Crowd(group, decode, handle, concurrency=concurrency, stop=stop, block_ms=block_ms)
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
        block_ms: int,
    ) -> None:
        self._group = group
        self._decode = decode
        self._handle = handle
        self._concurrency = concurrency
        self._stop = stop
        self._block_ms = block_ms
        self._tasks: dict[str, asyncio.Task[None]] = {}
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
            with suppress(RedisError):
                await self._group.leave()
        finally:
            rest = [beat, *self._tasks.values()]
            for task in rest:
                task.cancel()
            await asyncio.gather(*rest, return_exceptions=True)

    async def _take(self) -> None:
        """Start as much as there is room for; with no room, wait for some."""
        free = self._concurrency - len(self._tasks)
        if not free:
            await _first(self._stop, *self._tasks.values())
            return
        now = asyncio.get_running_loop().time()
        if now >= self._next_round:
            self._next_round = now + self._group.idle_ms / 4000
            await self._group.move_due_retries()
            for delivery in await self._group.claim_stale(free):
                self._start(delivery)
            return
        # Never cancelled: entries of an answer that nobody reads would lie idle for a minute.
        left = max(1, round((self._next_round - now) * 1000))
        for delivery in await self._group.read(free, block_ms=min(self._block_ms, left)):
            self._start(delivery)

    def _start(self, delivery: Delivery) -> None:
        position = delivery.claimed.id
        if position in self._tasks:
            return  # in hand; it looked idle because this event loop was held up
        task = asyncio.create_task(self._work(delivery), name=f"{self._group.name} {position}")
        self._tasks[position] = task
        task.add_done_callback(lambda _: self._tasks.pop(position, None))

    async def _work(self, delivery: Delivery) -> None:
        try:
            await attempt(self._group, self._decode, self._handle, delivery)
        except RedisError as error:
            # What became of the entry is unknown: it is pending, and taken up again when idle.
            _log.warning("bus.interrupted %s problem=%r", about(delivery), error)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._group.idle_ms / 3000)
            if not self._tasks:
                continue
            try:
                lost = await self._group.heartbeat(tuple(self._tasks))
            except RedisError as error:
                _log.warning("bus.no_heartbeat group=%s problem=%r", self._group.name, error)
                continue
            for position in lost:
                # An entry that was acknowledged a moment ago is not ours either.
                if (task := self._tasks.get(position)) and not task.done():
                    _log.warning("bus.lost group=%s entry=%s", self._group.name, position)
                    task.cancel()


async def _first(stop: asyncio.Event, *tasks: asyncio.Task[None]) -> None:
    """Wait until one task is done, or ``stop``."""
    stopped = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait((stopped, *tasks), return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopped.cancel()
