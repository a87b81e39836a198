"""The loop of the one active consumer: in order, each entry committed once, a standby in time."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest
from redis.asyncio import Redis

from bot.adapters.redis.bus import Group, publish
from bot.adapters.redis.consume_alone import consume_alone
from bot.adapters.redis.keys import Keys
from bot.adapters.redis.streams import ARTICLES, Fields
from bot.domain.errors import LostOwnership
from bot.domain.jobs import Claimed

#: Seconds.
LEASE = 0.3


def word(position: str, fields: Fields) -> str:
    return fields[b"k"].decode()


class Recorder:
    """A worker that holds a plain lease, and commits by acknowledging."""

    def __init__(self, group: Group, redis: Redis, keys: Keys, done: list[tuple[str, str]]) -> None:
        self.group, self.redis, self.done = group, redis, done
        self.lease = f"{keys.tag}:lease"
        self.takeovers = 0
        self.hold: dict[str, asyncio.Event] = {}
        self.started = asyncio.Event()
        self.failures: dict[str, int] = {}

    async def take_over(self) -> bool:
        took = await self.redis.set(self.lease, self.name, px=int(LEASE * 1000), nx=True)
        if took or await self.renew():
            self.takeovers += 1
            return True
        return False

    async def renew(self) -> bool:
        if await self.redis.get(self.lease) != self.name.encode():
            return False
        return bool(await self.redis.pexpire(self.lease, int(LEASE * 1000)))

    async def handle(self, claimed: Claimed, value: str) -> None:
        self.started.set()
        if value in self.hold:
            await self.hold[value].wait()
        if self.failures.get(value, 0):
            self.failures[value] -= 1
            raise ZeroDivisionError(value)
        if not await self.group.ack(claimed):
            raise LostOwnership(claimed.id)
        self.done.append((self.name, value))

    async def release(self) -> None:
        if await self.renew():
            await self.redis.delete(self.lease)

    @property
    def name(self) -> str:
        return self.group.consumer


@pytest.fixture
def done() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def worker(redis, keys, clock, done):
    def make(name: str, **options: int) -> Recorder:
        group = Group(redis, keys, clock, ARTICLES, consumer=name, **options)
        return Recorder(group, redis, keys, done)

    return make


@pytest.fixture
async def run():
    """Starts loops; those still there at the end are killed."""
    tasks: list[asyncio.Task[None]] = []

    def start(worker: Recorder, stop: asyncio.Event | None = None) -> asyncio.Task[None]:
        loop = consume_alone(
            worker.group, word, worker, stop=stop or asyncio.Event(), lease=LEASE, block_ms=20
        )
        tasks.append(asyncio.create_task(loop))
        return tasks[-1]

    yield start
    for task in tasks:
        await kill(task)


@pytest.fixture
def put(scripts, keys):
    async def publish_all(*words: str) -> None:
        for one in words:
            await publish(scripts, keys, ARTICLES, {"k": one})

    return publish_all


async def kill(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def until(condition) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


async def test_consume_alone_works_in_order_while_the_other_stands_by(worker, run, put, done):
    await put(*"abc")
    active, standby = worker("active"), worker("standby")
    run(active)
    await until(active.started.is_set)
    run(standby)
    await put(*"defg")
    await until(lambda: len(done) == 7)
    assert done == [("active", letter) for letter in "abcdefg"]


async def test_consume_alone_fails_over_in_order_with_each_entry_committed_once(
    worker, run, put, done
):
    await put(*"abcdef")
    first, second = worker("first"), worker("second")
    first.hold["c"] = asyncio.Event()
    killed = run(first)
    await until(lambda: len(done) == 2)
    run(second)
    await kill(killed)  # with "c" in hand

    started = asyncio.get_running_loop().time()
    await until(lambda: len(done) == 6)
    assert done == [("first", "a"), ("first", "b"), *(("second", letter) for letter in "cdef")]
    assert asyncio.get_running_loop().time() - started < 5


async def test_consume_alone_folds_what_a_zombie_read_before_what_comes_later(
    worker, run, put, done
):
    await put(*"abc")
    zombie, active = worker("zombie"), worker("active")
    await zombie.group.ensure()
    held = await zombie.group.next_in_order()  # reads "a" with no lease to its name
    run(active)
    await until(lambda: len(done) == 3)
    assert done == [("active", letter) for letter in "abc"]
    with pytest.raises(LostOwnership):
        await zombie.handle(held.claimed, "a")


async def test_consume_alone_steps_back_when_its_lease_is_gone(worker, run, put, done, redis):
    await put("a")
    active = worker("active")
    active.hold["a"] = asyncio.Event()
    run(active)
    await until(active.started.is_set)
    await redis.set(active.lease, "somebody else", px=400)
    await until(lambda: active.takeovers == 1)
    active.hold["a"].set()
    await put("b")
    await until(lambda: active.takeovers == 2)
    await until(lambda: len(done) == 2)
    assert [value for _, value in done] == ["a", "b"]


async def test_consume_alone_takes_over_anew_after_a_failure(worker, run, put, done):
    await put("a", "b")
    active = worker("active")
    active.failures["a"] = 1
    run(active)
    await until(lambda: len(done) == 2)
    assert ([value for _, value in done], active.takeovers) == (["a", "b"], 2)


async def test_consume_alone_goes_on_without_an_entry_that_keeps_failing(
    worker, run, put, done, redis, keys
):
    await put("poison", "b")
    active = worker("active", max_deliveries=3)
    active.failures["poison"] = 100
    run(active)
    await until(lambda: len(done) == 1)
    [(_, letter)] = await redis.xrange(keys.dead_letters(ARTICLES))
    assert (done, active.failures["poison"], letter[b"k"]) == ([("active", "b")], 97, b"poison")


async def test_consume_alone_gives_the_lease_up_when_it_stops(worker, run, put, done, redis):
    await put("a")
    active, stop = worker("active"), asyncio.Event()
    task = run(active, stop)
    await until(lambda: len(done) == 1)
    stop.set()
    await asyncio.wait_for(task, 10)
    assert await redis.exists(active.lease) == 0
