"""The loop of the one active consumer: in order, each entry committed once, a standby in time."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import OutOfMemoryError, ResponseError

from bot.adapters.redis.bus import Group, publish
from bot.adapters.redis.consume_alone import consume_alone
from bot.adapters.redis.keys import Keys
from bot.adapters.redis.streams import ARTICLES, Fields
from bot.domain.errors import LostOwnership, Recoverable
from bot.domain.jobs import Claimed
from tests.waiting import until

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
        self.error: Exception = ZeroDivisionError("a bug")

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
            raise self.error
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

    await until(lambda: len(done) == 6)
    assert done == [("first", "a"), ("first", "b"), *(("second", letter) for letter in "cdef")]


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
    active = worker("active", max_failures=3)
    active.failures["poison"] = 100
    run(active)
    await until(lambda: len(done) == 1)
    [(_, letter)] = await redis.xrange(keys.dead_letters(ARTICLES))
    assert (done, active.failures["poison"], letter[b"k"]) == ([("active", "b")], 97, b"poison")


async def killed_with(value: str, worker: Recorder, run) -> None:
    worker.hold[value] = asyncio.Event()
    work = run(worker)
    await until(worker.started.is_set)
    await kill(work)
    await worker.release()  # else the next would have to wait for its end


async def test_consume_alone_gives_up_nothing_for_a_handful_of_kills(
    worker, run, put, done, redis, keys
):
    await put("a", "b")
    for number in range(7):
        await killed_with("a", worker(f"w{number}"), run)
    run(worker("last"))
    await until(lambda: len(done) == 2)
    assert await redis.xlen(keys.dead_letters(ARTICLES)) == 0


async def test_consume_alone_goes_on_without_an_entry_that_ends_process_after_process(
    worker, run, put, done, redis, keys
):
    await put("deadly", "b")
    for number in range(8):
        await killed_with("deadly", worker(f"w{number}"), run)
    run(worker("last"))
    await until(lambda: done)
    [(_, letter)] = await redis.xrange(keys.dead_letters(ARTICLES))
    assert (done, letter[b"k"]) == ([("last", "b")], b"deadly")
    assert letter[b"_error"].startswith(b"the process ended each of the 8 times")


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(OutOfMemoryError("maxmemory"), id="full"),
        pytest.param(Recoverable("later"), id="recoverable"),
        pytest.param(TimeoutError("busy"), id="busy"),
        pytest.param(RedisConnectionError("gone"), id="away"),
        pytest.param(ResponseError("MISCONF Errors writing to the AOF file"), id="disk full"),
    ],
)
async def test_consume_alone_waits_for_what_passes(worker, run, put, done, redis, keys, error):
    await put("a")
    active = worker("active", max_failures=2, max_crashes=2)
    active.failures["a"], active.error = 5, error
    run(active)
    await until(lambda: done)
    assert await redis.xlen(keys.dead_letters(ARTICLES)) == 0


async def test_consume_alone_counts_no_crash_before_a_failure_it_outlived(
    worker, run, put, done, redis, keys
):
    """Restarts while the server is full, say: none of them is the entry's doing."""
    await put("a")
    for number in range(12):
        held_up = worker(f"w{number}")
        held_up.failures["a"], held_up.error = 100, OutOfMemoryError("maxmemory")
        work = run(held_up)
        await until(lambda worker=held_up: worker.failures["a"] < 100)
        await until(lambda worker=held_up: worker.takeovers > 1)
        await kill(work)
        await held_up.release()
    run(worker("last"))
    await until(lambda: done)
    assert await redis.xlen(keys.dead_letters(ARTICLES)) == 0


async def test_consume_alone_gives_the_lease_up_when_it_stops(worker, run, put, done, redis):
    await put("a")
    active, stop = worker("active"), asyncio.Event()
    task = run(active, stop)
    await until(lambda: len(done) == 1)
    stop.set()
    await task
    assert await redis.exists(active.lease) == 0
