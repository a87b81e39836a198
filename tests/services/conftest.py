"""One embedded server for the whole run, one hash tag for each test, one clock that is moved."""

from __future__ import annotations

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from bot.adapters.clock import Clock
from bot.adapters.embedded_redis import EmbeddedRedis
from bot.adapters.redis.connect import connect
from bot.adapters.redis.keys import Keys
from bot.adapters.redis.scripts import Scripts
from bot.domain.errors import Unavailable
from tests.builders import NOW
from tests.missing import needed


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "server" in getattr(item, "fixturenames", ()):
            item.add_marker("redis")


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """URL of the server all tests share; missing it is a failure only where CI is set."""
    with (
        tempfile.TemporaryDirectory(prefix="nbt-") as folder,
        EmbeddedRedis(folder, binary=os.environ.get("NATO_BRIEF_REDIS_BIN")) as embedded,
    ):
        yield needed(embedded.start, missing=Unavailable)


@pytest.fixture
def tag() -> str:
    return f"{{t{uuid4().hex[:12]}}}"


@pytest.fixture
def keys(tag: str) -> Keys:
    return Keys(tag)


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
async def redis(server: str) -> AsyncIterator[Redis]:
    client = await connect(server)
    yield client
    await client.aclose()


@pytest.fixture
def scripts(redis: Redis, clock: Clock) -> Scripts:
    return Scripts(redis, clock)
