"""index: tails ARTICLES and KEPT into this host's index; whoever holds its lock writes.

What both streams have dropped is dropped there, too, once an hour.
Positions are written after the commit they stand for, so a crash repeats records, which changes
nothing. No consumer group: every host needs every record.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final

from bot.domain.errors import cause
from bot.ports.news import ArticleLog, Index
from bot.services.log import line, logger

_log = logger("tail")

#: Records read, and committed, at once.
BATCH: Final = 500
#: Seconds between rounds; after a commit a little more, so that there is one a second at most.
ROUND: Final = 0.5
AFTER_COMMIT: Final = 1.0
#: Seconds that ``catch_up`` waits for another process that writes, and between its looks.
WAIT: Final = 10.0
LOOK: Final = 0.05
#: Seconds between two looks at what the streams have dropped.
FORGET_EVERY: Final = 3_600.0
#: Seconds to leave a server alone that does not answer: at first, at most.
_AWAY: Final = (0.5, 10.0)


class Tail:
    """Keeps the index up to date with the two streams of articles."""

    def __init__(self, *, articles: ArticleLog, index: Index) -> None:
        self._articles = articles
        self._index = index
        self._one_at_a_time = asyncio.Lock()
        #: Whether ``run`` has come to the end of both streams once, or another process has.
        self.caught_up = False

    async def catch_up(self) -> int:
        """Return once the index holds what is stored now; returns how many records were read.

        When another process writes, waits until it has come to the end of both streams, at most
        ten seconds, ready to take over from it.
        """
        clock = asyncio.get_running_loop().time
        give_up = clock() + WAIT
        while True:
            if await asyncio.to_thread(self._index.take_over):
                return await self._to_the_end()
            after = self._index.checkpoint
            positions, _ = await self._articles.tail(after, limit=1)
            if positions == after:
                return 0
            if clock() >= give_up:
                _log.warning(line("tail.behind", seconds=WAIT))
                return 0
            await asyncio.sleep(LOOK)

    async def run(self, stop: asyncio.Event) -> None:
        """Follow both streams until ``stop``; a server that is away is waited for."""
        clock = asyncio.get_running_loop().time
        away, forget_at = _AWAY[0], clock()
        while not stop.is_set():
            try:
                read = 0
                if await asyncio.to_thread(self._index.take_over):
                    read = await self._to_the_end(stop)
                    if clock() >= forget_at:
                        await self.forget()
                        forget_at = clock() + FORGET_EVERY
            except Exception as error:  # noqa: BLE001 - where a loop's failures end
                _log.warning(line("tail.away", problem=cause(error)))
                await _pause(stop, away)
                away = min(away * 2, _AWAY[1])
            else:
                away = _AWAY[0]
                self.caught_up = True
                await _pause(stop, AFTER_COMMIT if read else ROUND)

    async def forget(self) -> None:
        """Take out of the index what neither stream holds any more."""
        articles, kept = await self._articles.oldest()
        async with self._one_at_a_time:
            await asyncio.to_thread(self._index.forget, articles=articles, kept=kept)

    async def _to_the_end(self, stop: asyncio.Event | None = None) -> int:
        """Index batch after batch until nothing is left, or ``stop`` is set."""
        read = 0
        async with self._one_at_a_time:
            while stop is None or not stop.is_set():
                after = self._index.checkpoint
                positions, records = await self._articles.tail(after, limit=BATCH)
                if positions == after:
                    break
                await asyncio.to_thread(self._index.add, records, positions)
                read += len(records)
        if read:
            _log.info(line("tail.indexed", records=read))
        return read


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
