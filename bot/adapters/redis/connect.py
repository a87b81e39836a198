"""Opens the connection pool: bounded, no hidden retries, server new enough, no password in errors.

redis-py's own defaults repeat a command after a lost connection and give up a blocking read after
five seconds; neither fits scripts that are not idempotent, and consumers that wait. A server that
is away, or loads its data, is waited for as long as the caller says.
"""

from __future__ import annotations

import asyncio
import logging
import re
import socket
from typing import Any, Final

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.connection import HiredisRespSerializer
from redis.exceptions import (
    AuthenticationError,
    AuthorizationError,
    NoPermissionError,
    RedisError,
    ResponseError,
)
from redis.maint_notifications import MaintNotificationsConfig

from bot.adapters.redis.ailments import in_words
from bot.domain.addresses import shown
from bot.domain.errors import Unavailable

#: Oldest server whose streams keep what is pending.
OLDEST: Final = (7, 0)

#: Seconds between two tries of a server that is away: at first, at most.
_AGAIN: Final = (0.1, 5.0)
#: Seconds after which it is said once more.
_SAID_AGAIN: Final = 60.0
#: What a server that is there answers; no waiting helps.
_ANSWERED: Final = (AuthenticationError, AuthorizationError, ResponseError)

_CONNECTIONS: Final = 32
#: Seconds to wait for a free connection.
_POOL_TIMEOUT: Final = 20

#: 45 s: idle ones are asked after 30 s, three times; what was sent has to be acknowledged, too.
_DEAD_AFTER: Final = {
    getattr(socket, name): value
    for name, value in (
        ("TCP_KEEPIDLE", 30),
        ("TCP_KEEPINTVL", 5),
        ("TCP_KEEPCNT", 3),
        ("TCP_USER_TIMEOUT", 45_000),
    )
    if hasattr(socket, name)
}

_log = logging.getLogger("nato_brief.redis")

#: A password may hold what ends a host elsewhere.
_BEFORE_HOST: Final = re.compile(r"//.*@")


class _Packed:
    """A connection that packs commands in C, as redis-py does where it is not asynchronous.

    A poll that found thirty entries has a hundred arguments.
    """

    _serializer: Final[Any] = HiredisRespSerializer()  # its annotations are wrong

    def pack_command(self, *args: object) -> list[bytes]:
        """A command as the server reads it."""
        packed: list[bytes] = self._serializer.pack(*args)
        return packed


async def connect(url: str, *, patience: float = 0.0) -> Redis:
    """A client on its own pool; the caller closes it with ``aclose``.

    A server that is away or loads its data is waited for ``patience`` seconds.

    Raises:
        Unavailable: nothing answers at ``url``, it refuses us, or it is older than 7.0.
    """
    try:
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=_CONNECTIONS,
            timeout=_POOL_TIMEOUT,
            # With a timeout redis-py waits by asyncio.wait_for, which on Python 3.11 may swallow
            # the cancelling of a task; TCP finds a dead peer instead.
            socket_timeout=None,
            **({} if url.startswith("unix:") else {"socket_keepalive_options": _DEAD_AFTER}),
            socket_connect_timeout=5,
            health_check_interval=30,
            retry=Retry(NoBackoff(), 0),
            # With them redis-py hands out connections that the server has closed.
            maint_notifications_config=MaintNotificationsConfig(enabled=False),
        )
    except ValueError:
        # Its text may quote the URL, password and all.
        raise Unavailable(f"not a Redis URL: {redacted(url)}") from None
    pool.connection_class = type("Connection", (_Packed, pool.connection_class), {})
    client = Redis.from_pool(pool)
    try:
        await _wait_for(client, url, patience)
        await _check_version(client, url)
    except BaseException:
        await client.aclose()
        raise
    return client


async def _wait_for(client: Redis, url: str, patience: float) -> None:
    """Return when the server answers; one that is loading answers only that."""
    clock = asyncio.get_running_loop().time
    began, pause, said, said_at = clock(), _AGAIN[0], "", 0.0
    while True:
        try:
            await client.ping()
        except (RedisError, OSError) as error:
            now = clock()
            left = began + patience - now
            # What went wrong in logging in is the cause of a ConnectionError.
            answer = error.__cause__ or error
            if isinstance(answer, _ANSWERED):
                raise Unavailable(f"Redis at {redacted(url)}: {in_words(answer)}") from error
            if left <= 0:
                waited = f" within {patience:g} s" if patience else ""
                raise Unavailable(
                    f"cannot reach Redis at {redacted(url)}{waited}: {error}"
                ) from error
            if str(error) != said or now >= said_at + _SAID_AGAIN:
                said, said_at = str(error), now
                where = f"url={redacted(url)} waits_at_most={patience:g}"
                _log.warning("redis.away %s problem=%r", where, said)
            await asyncio.sleep(min(pause, left))
            pause = min(2 * pause, _AGAIN[1])
        else:
            return


async def _check_version(client: Redis, url: str) -> None:
    try:
        about = await client.info("server")
    except NoPermissionError as error:
        raise Unavailable(f"{redacted(url)} does not let us run INFO: {error}") from error
    except (RedisError, OSError) as error:
        raise Unavailable(f"cannot reach Redis at {redacted(url)}: {error}") from error
    # Valkey reports the Redis version it is compatible with here.
    version = str(about.get("redis_version", "0"))
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST:
        raise Unavailable(
            f"Redis {version} at {redacted(url)} is too old; use Redis or Valkey 7.0 or newer"
        )


def redacted(url: str) -> str:
    """``url`` without its password, wherever it stands."""
    return shown(_BEFORE_HOST.sub("//", url))
