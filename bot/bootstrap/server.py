"""The server a process works with: the one REDIS_URL names, else an embedded one."""

from __future__ import annotations

import asyncio
import math
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.adapters.embedded_redis import MAXMEMORY, EmbeddedRedis, RunLock
from bot.adapters.private import UMASK, make_private
from bot.adapters.redis.connect import connect
from bot.bootstrap.settings import Settings
from bot.domain.errors import Unavailable, UsageError


@contextmanager
def server(settings: Settings, *, run: bool = False) -> Iterator[str]:
    """The server's URL, for as long as the block lasts; call it from the main thread.

    What is written meanwhile is readable by nobody else.

    Args:
        settings: ``redis_url`` is taken as it is; without one the server of ``data_dir`` is
            attached to, or started and stopped again at the end.
        run: This is the one long-running process of ``data_dir``: it brings its own server, and
            is asked to stop by SIGTERM should that die.

    Raises:
        UsageError: another ``run`` is on this data folder, or it cannot be written.
        Unavailable: there is no usable server program, it does not start, or it died.
    """
    before = os.umask(UMASK)
    try:
        if settings.redis_url is None:
            _prepare(settings.data_dir)
        make_private(settings.data_dir)
        with _running(settings, run=run) as url:
            yield url
    finally:
        os.umask(before)


@contextmanager
def _running(settings: Settings, *, run: bool) -> Iterator[str]:
    if settings.redis_url is not None:
        yield settings.redis_url.reveal()
        return
    lock = RunLock(settings.data_dir)
    embedded = EmbeddedRedis(
        settings.data_dir,
        binary=settings.redis_binary,
        maxmemory=settings.memory or MAXMEMORY,
    )
    if run:
        lock.acquire()
    try:
        url = embedded.start(own=run)
        if run:
            embedded.watch(lambda: os.kill(os.getpid(), signal.SIGTERM))
        yield url
        if embedded.died is not None:
            raise Unavailable(f"the embedded server died ({embedded.died}); start the bot again")
    finally:
        embedded.stop()
        lock.release()


async def reached(url: str, stop: asyncio.Event) -> bool:
    """Wait until the server answers; False when ``stop`` was set first.

    Raises Unavailable when it answers that it will not have us, or is too old.
    """
    connecting = asyncio.create_task(connect(url, patience=math.inf))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait((connecting, stopping), return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not connecting.done():
        connecting.cancel()
        await asyncio.wait((connecting,))
        return False
    await connecting.result().aclose()
    return True


def _prepare(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        reason = None if os.access(folder, os.W_OK) else "it is read-only for this user"
    except OSError as error:
        reason = error.strerror
    if reason is not None:
        raise UsageError(
            f"no data can be kept in {folder}: {reason};"
            " name another folder with --data-dir or NATO_BRIEF_DATA_DIR"
        )
