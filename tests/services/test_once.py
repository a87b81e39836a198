"""Requests that a chat platform repeats are worked on once."""

from __future__ import annotations

import asyncio

import pytest

from bot.adapters.redis.once import RedisOnce


@pytest.fixture
def once(redis, keys):
    return RedisOnce(redis, keys)


async def test_of_many_that_ask_one_takes_it(once):
    assert sum(await asyncio.gather(*(once.take("m1") for _ in range(9)))) == 1
    assert await once.take("m2") is True


async def test_what_is_done_stays_done_and_what_was_given_up_does_not(once):
    await once.take("m1")
    await once.done("m1")
    assert await once.take("m1") is False
    await once.take("m2")
    await once.give_up("m2")
    assert await once.take("m2") is True


async def test_who_dies_at_it_leaves_it_to_the_next(redis, keys, once):
    await RedisOnce(redis, keys, work_ms=1).take("m1")
    async with asyncio.timeout(5):
        while not await once.take("m1"):
            await asyncio.sleep(0.005)


async def test_every_name_is_forgotten_in_the_end(redis, keys, once):
    await once.take("m1")
    assert 0 < await redis.pttl(keys.guard("m1")) <= 30_000
    await once.done("m1")
    assert await redis.ttl(keys.guard("m1")) > 86_400
