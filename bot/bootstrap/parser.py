"""A parser of feeds for commands that touch no server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.adapters.pool import ProcessPool
from bot.bootstrap.settings import PARSER_MEMORY


@asynccontextmanager
async def lone_parser() -> AsyncIterator[ProcessPool]:
    """A process that parses one feed after the other, and is gone at the end."""
    pool = ProcessPool(workers=1, memory=PARSER_MEMORY, nice=0)  # somebody waits
    try:
        yield pool
    finally:
        await pool.close()
