"""The consumer loop of the desk: one process of all works, one entry at a time, in order.

    stand by ─(lease taken, state loaded)─► work ─(lease lost, or any failure)─► stand by

The lowest unfinished entry is always next, whoever read it. After a failure the worker takes over
anew, so that its state is what was last committed; an entry that keeps failing, or ends process
after process, becomes a dead letter, and the fold goes on without it.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Generic, Protocol, TypeVar

from redis.exceptions import RedisError

from bot.adapters.redis.attempt import (
    PASSING,
    about,
    deadly,
    give_up,
    of_the_server,
    pause,
    until_done,
    wait_of,
)
from bot.adapters.redis.bus import Delivery, Group
from bot.adapters.redis.hands import Hands
from bot.adapters.redis.streams import Decode
from bot.domain.errors import LostOwnership, Permanent, cause
from bot.domain.jobs import Claimed

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)

_log = logging.getLogger("nato_brief.bus")


class AloneWorker(Protocol[T_contra]):
    """What the one active consumer of a group is made of."""

    async def take_over(self) -> bool:
        """Take the lease and load what was last committed; False while another holds it."""

    async def renew(self) -> bool:
        """Keep the lease; False when it is gone."""

    async def handle(self, claimed: Claimed, value: T_contra) -> None:
        """Commit one entry; the commit checks lease and entry."""

    async def release(self) -> None:
        """Give the lease up."""


async def consume_alone(
    group: Group,
    decode: Decode[T],
    worker: AloneWorker[T],
    *,
    stop: asyncio.Event,
    hands: Hands | None = None,
    lease: float = 3.0,
    block_ms: int = 1000,
) -> None:
    """Work on a stream in order while ``worker`` has the lease, else stand by, until ``stop``.

    ``hands`` are those of the process. ``lease`` is in seconds; a standby works at most 4/3 of it
    after the active one died.
    """
    await until_done(stop, group.ensure)
    hands = hands or Hands()
    alone = _Alone(group, decode, worker, stop=stop, hands=hands, lease=lease, block_ms=block_ms)
    while not stop.is_set():
        try:
            if await worker.take_over():
                await alone.work()
                continue
        except RedisError as error:
            _log.warning("bus.away group=%s problem=%r", group.name, cause(error))
        except Exception:  # noqa: BLE001 - a consumer loop goes on
            _log.exception("bus.no_take_over group=%s", group.name)
        await pause(stop, lease / 3)
    with suppress(RedisError):
        await worker.release()
        await group.leave()


class _Alone(Generic[T]):
    """The active one."""

    def __init__(
        self,
        group: Group,
        decode: Decode[T],
        worker: AloneWorker[T],
        *,
        stop: asyncio.Event,
        hands: Hands,
        lease: float,
        block_ms: int,
    ) -> None:
        self._group = group
        self._decode = decode
        self._worker = worker
        self._stop = stop
        self._hands = hands
        self._lease = lease
        self._block_ms = block_ms
        #: The entry that failed here last, and how often.
        self._failed = ("", 0)

    async def work(self) -> None:
        """Work until the lease is lost, an entry fails, or ``stop``."""
        renewal = asyncio.create_task(self._renew(), name=f"lease {self._group.name}")
        try:
            while not self._stop.is_set() and not renewal.done():
                async with self._hands.among_others():
                    found = await self._group.next_in_order()
                    if isinstance(found, Delivery):
                        if not await self._handle(found):
                            return
                        continue
                await self._group.wait_behind(found, block_ms=self._block_ms)
        finally:
            renewal.cancel()
            await asyncio.gather(renewal, return_exceptions=True)

    async def _renew(self) -> None:
        """Renew until the lease is gone; a server that is away for longer ends it too."""
        loop = asyncio.get_running_loop()
        held_since = loop.time()
        while loop.time() < held_since + self._lease:
            await asyncio.sleep(self._lease / 3)
            asked = loop.time()
            with suppress(RedisError):
                if not await self._worker.renew():
                    break
                held_since = asked
        _log.warning("bus.lease_lost group=%s", self._group.name)

    async def _handle(self, found: Delivery) -> bool:
        """Commit one entry; False when the worker has to take over anew."""
        claimed = found.claimed
        if found.crashes >= self._group.max_crashes:
            await give_up(self._group, found, deadly(self._group, found))
            return True
        try:
            await self._worker.handle(claimed, self._decode(claimed.id, found.fields))
        except Permanent as error:
            await give_up(self._group, found, str(error))
            return False
        except LostOwnership:
            _log.info("bus.lost %s", about(found))
        except PASSING as error:
            _log.warning("bus.held_up %s problem=%r", about(found), cause(error))
            await pause(self._stop, self._lease / 3)
        except Exception as error:
            if of_the_server(error):
                raise
            _log.exception("bus.failed %s", about(found))
            failures = 1 + (self._failed[1] if self._failed[0] == claimed.id else 0)
            self._failed = claimed.id, failures
            if failures >= self._group.max_failures:
                await give_up(self._group, found, f"failed {failures} times: {cause(error)}")
                return False
            await pause(self._stop, min(wait_of(error, failures - 1), self._lease / 3))
        else:
            return True
        # Whatever ended this try, the entry did not end the process.
        await self._group.let_go((claimed.id,))
        return False
