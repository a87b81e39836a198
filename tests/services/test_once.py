"""Requests that a chat platform repeats are worked on once."""

from __future__ import annotations

import asyncio

import pytest

from bot.adapters.redis.once import RedisOnce
from bot.domain.errors import NotYet, OutcomeUnknown, Recoverable
from tests.waiting import until


@pytest.fixture
def once(redis, keys):
    return RedisOnce(redis, keys)


class Work:
    """Counts how often it was done; fails as told."""

    def __init__(self) -> None:
        self.done = 0
        self.fails: BaseException | None = None
        self.free = asyncio.Event()
        self.free.set()

    async def __call__(self) -> str:
        await self.free.wait()
        if self.fails is not None:
            raise self.fails
        self.done += 1
        return "given"


@pytest.fixture
def work():
    return Work()


async def test_it_is_done_once_and_its_result_given_once(once, work):
    assert await once.do("m1", work) == "given"
    assert await once.do("m1", work) is None
    assert await once.do("m2", work) == "given"
    assert work.done == 2


async def test_who_asks_while_somebody_is_at_it_is_told_so(once, work):
    work.free.clear()
    first = asyncio.create_task(once.do("m1", work))
    await until(lambda: once._redis.exists(once._keys.guard("m1")))
    with pytest.raises(NotYet):
        await once.do("m1", work)
    work.free.set()
    assert await first == "given"
    assert work.done == 1


@pytest.mark.parametrize("failure", [Recoverable("later"), ValueError(), asyncio.CancelledError()])
async def test_what_failed_may_be_done_again(once, work, failure):
    work.fails = failure
    with pytest.raises(type(failure)):
        await once.do("m1", work)
    work.fails = None
    assert await once.do("m1", work) == "given"


async def test_what_may_be_done_is_not_done_again(once, work):
    work.fails = OutcomeUnknown("no answer")
    with pytest.raises(OutcomeUnknown):
        await once.do("m1", work)
    assert await once.do("m1", work) is None


async def test_who_dies_at_it_leaves_it_to_the_next(redis, keys, once, work):
    assert await RedisOnce(redis, keys, work_ms=1)._take("m1")
    while await redis.exists(keys.guard("m1")):
        await asyncio.sleep(0.001)
    assert await once.do("m1", work) == "given"


async def test_who_is_at_it_keeps_others_off_for_half_a_minute_at_most(redis, keys, once):
    await once._take("m1")
    assert 0 < await redis.pttl(keys.guard("m1")) <= 30_000


async def test_every_name_is_forgotten_in_the_end(redis, keys, once, work):
    await once.do("m1", work)
    assert 86_400 < await redis.ttl(keys.guard("m1")) <= 7 * 86_400
