"""The demo waits as long as anything moves, and says what does not."""

from __future__ import annotations

import asyncio

import pytest

from bot.adapters.redis import streams
from bot.adapters.redis.bus import Group
from bot.bootstrap.demo import Newsroom as DemoRoom
from bot.domain.errors import Unavailable
from tests.services.newsroom import Newsroom


@pytest.fixture
async def group(redis, keys, clock):
    group = Group(redis, keys, clock, streams.ENTRIES, consumer="w1")
    await group.ensure()
    for number in range(4):
        await redis.xadd(keys.stream(streams.ENTRIES), {"d": str(number)})
    return group


@pytest.fixture
def room(redis, server, tag, clock, tmp_path):
    """A demo's room with so many consumers at work."""

    def room(*loops, patience=0.2):
        app = Newsroom(redis, server, tag, clock, tmp_path).app
        return DemoRoom(app, None, clock, loops=loops, patience=patience)

    return room


async def test_demo_gives_up_when_nothing_moves_and_says_what_is_left(room, group):
    with pytest.raises(Unavailable, match=r"nothing moved for 0\.2 s; to do: read 4$"):
        await room().settle()


async def test_demo_waits_as_long_as_anything_moves(room, group):
    async def slow() -> None:
        for _ in range(4):
            await asyncio.sleep(0.3)
            (delivery,) = await group.read(1)
            await group.ack(delivery.claimed)

    work = asyncio.create_task(slow())
    await room(patience=1.0).settle()
    assert work.done()


async def test_demo_says_what_ended_a_consumer(room, group):
    async def broken() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await room(asyncio.create_task(broken())).settle()
