"""What one process has in its hands: many entries, or one that may end the process, alone.

Where a process dies, nobody can tell which of its entries was to blame. One that was there each
time is handled with nothing else in hand, in all of the process, so that its neighbours are not
taken for it, nor it for them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Hands:
    """Shared by all consumer loops of a process."""

    def __init__(self) -> None:
        self._held = 0
        self._turn = asyncio.Lock()
        self._empty = asyncio.Event()
        self._empty.set()
        #: Set while more may be taken: nothing is, or is about to be, handled alone.
        self.open = asyncio.Event()
        self.open.set()

    @asynccontextmanager
    async def among_others(self) -> AsyncIterator[None]:
        """Hold one entry of many; waits while one is handled alone."""
        while not self.open.is_set():
            await self.open.wait()
        self._held += 1
        self._empty.clear()
        try:
            yield
        finally:
            self._held -= 1
            if not self._held:
                self._empty.set()

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Hold one entry and nothing else; waits until what is in hand is done."""
        async with self._turn:
            self.open.clear()
            try:
                await self._empty.wait()
                yield
            finally:
                self.open.set()
