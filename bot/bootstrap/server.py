"""The server a process works with: the one REDIS_URL names, else an embedded one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.adapters.embedded_redis import EmbeddedRedis, RunLock
from bot.bootstrap.settings import Settings


@contextmanager
def server(settings: Settings, *, run: bool = False) -> Iterator[str]:
    """The server's URL, for as long as the block lasts; call it from the main thread.

    Args:
        settings: ``redis_url`` is taken as it is; without one the server of ``data_dir`` is
            attached to, or started and stopped again at the end.
        run: This is the one long-running process of ``data_dir``: it brings its own server.

    Raises:
        UsageError: another ``run`` is on this data folder.
        Unavailable: there is no usable server program, or it does not start.
    """
    if settings.redis_url is not None:
        yield settings.redis_url.reveal()
        return
    lock = RunLock(settings.data_dir)
    embedded = EmbeddedRedis(settings.data_dir, binary=settings.redis_binary)
    if run:
        lock.acquire()
    try:
        yield embedded.start(own=run)
    finally:
        embedded.stop()
        lock.release()
