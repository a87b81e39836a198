"""Opens the connection pool: bounded, no hidden retries, server new enough, no password in errors.

redis-py's own defaults repeat a command after a lost connection and give up a blocking read after
five seconds; neither fits scripts that are not idempotent, and consumers that wait.
"""

from __future__ import annotations

import re
import socket
from typing import Any, Final

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.connection import HiredisRespSerializer
from redis.exceptions import NoPermissionError, RedisError

from bot.domain.addresses import shown
from bot.domain.errors import Unavailable

#: Oldest server whose streams keep what is pending.
OLDEST: Final = (7, 0)

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


async def connect(url: str) -> Redis:
    """A client on its own pool; the caller closes it with ``aclose``.

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
        )
    except ValueError:
        # Its text may quote the URL, password and all.
        raise Unavailable(f"not a Redis URL: {redacted(url)}") from None
    pool.connection_class = type("Connection", (_Packed, pool.connection_class), {})
    client = Redis.from_pool(pool)
    try:
        await _check_version(client, url)
    except BaseException:
        await client.aclose()
        raise
    return client


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
