"""The consumer loop on the real server, its lease scaled down to tens of milliseconds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from bot.adapters.redis.bus import Group, publish
from bot.adapters.redis.consume import consume
from bot.adapters.redis.streams import DELIVERIES, Fields
from bot.domain.errors import LostOwnership, Permanent, Recoverable
from bot.domain.jobs import Claimed

Handle = Callable[[Claimed, str], Awaitable[None]]


def word(position: str, fields: Fields) -> str:
    return fields[b"k"].decode()


@pytest.fixture
def make(redis, keys, clock):
    def group(consumer: str = "one", **options: int) -> Group:
        return Group(redis, keys, clock, DELIVERIES, consumer=consumer, **options)

    return group


@pytest.fixture
def put(scripts, keys):
    async def publish_all(*words: str) -> None:
        for one in words:
            await publish(scripts, keys, DELIVERIES, {"k": one})

    return publish_all


@asynccontextmanager
async def consuming(group: Group, handle: Handle, *, concurrency: int = 4) -> AsyncIterator[None]:
    """A worker that is asked to stop at the end, and must."""
    stop = asyncio.Event()
    work = asyncio.create_task(
        consume(group, word, handle, concurrency=concurrency, stop=stop, block_ms=20)
    )
    try:
        yield
        stop.set()
        await asyncio.wait_for(work, 10)
    finally:
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work


async def until(condition: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(10):
        while not await condition():
            await asyncio.sleep(0.005)


async def settled(group: Group) -> None:
    """Return when nothing is pending or unread."""

    async def idle() -> bool:
        return not (await group.backlog()).undone

    await until(idle)


async def test_consume_handles_every_entry_once(make, put):
    await put("a", "b")
    group, seen = make(), []

    async def handle(claimed: Claimed, value: str) -> None:
        seen.append(value)
        await group.ack(claimed)

    async with consuming(group, handle):
        await put("c")
        await settled(group)
    assert sorted(seen) == ["a", "b", "c"]


async def test_consume_reads_no_more_than_it_can_start(make, put):
    await put(*map(str, range(20)))
    group, started, go_on = make(), asyncio.Semaphore(0), asyncio.Event()

    async def handle(claimed: Claimed, value: str) -> None:
        started.release()
        await go_on.wait()
        await group.ack(claimed)

    async with consuming(group, handle, concurrency=3):
        for _ in range(3):
            await started.acquire()
        assert (await group.backlog()).pending == 3
        go_on.set()
        await settled(group)


async def test_consume_finishes_what_it_started_before_it_stops(make, put, redis, keys):
    await put("a", "b")
    group, started, go_on, stop = make(), asyncio.Event(), asyncio.Event(), asyncio.Event()
    finished = []

    async def handle(claimed: Claimed, value: str) -> None:
        started.set()
        await go_on.wait()
        finished.append(value)
        await group.ack(claimed)

    work = asyncio.create_task(consume(group, word, handle, concurrency=1, stop=stop, block_ms=20))
    await started.wait()
    stop.set()
    go_on.set()
    await asyncio.wait_for(work, 10)

    assert finished == ["a"]
    assert (await group.backlog()).lag == 1
    assert await redis.xinfo_consumers(keys.stream(DELIVERIES), "deliver") == []


async def test_consume_leaves_what_takes_too_long_to_whoever_works_next(make, put):
    await put("a")
    started, stop = asyncio.Event(), asyncio.Event()

    async def stuck(claimed: Claimed, value: str) -> None:
        started.set()
        await asyncio.Event().wait()

    work = asyncio.create_task(
        consume(make(), word, stuck, concurrency=1, stop=stop, block_ms=20, drain=0.05)
    )
    await started.wait()
    stop.set()
    await asyncio.wait_for(work, 10)

    heir, seen = make("heir", idle_ms=20), []

    async def handle(claimed: Claimed, value: str) -> None:
        seen.append(value)
        await heir.ack(claimed)

    async with consuming(heir, handle):
        await settled(heir)
    assert seen == ["a"]


async def test_consume_takes_over_from_a_killed_worker(make, put):
    await put("a")
    await make("killed").ensure()
    await make("killed").read(1)
    group, seen = make("heir", idle_ms=60), []

    async def handle(claimed: Claimed, value: str) -> None:
        seen.append((value, claimed.deliveries))
        await group.ack(claimed)

    async with consuming(group, handle):
        await settled(group)
    assert seen == [("a", 2)]


async def test_consume_keeps_a_slow_entry_from_being_taken_over(make, put):
    await put("slow")
    slow, other = make("slow", idle_ms=300), make("other", idle_ms=300)
    claims, seen = [], []

    async def handle(claimed: Claimed, value: str) -> None:
        seen.append(claimed.consumer)
        for _ in range(8):  # more than twice the idle time, others asking all the while
            claims.extend(await other.claim_stale(5))
            await asyncio.sleep(0.1)
        await slow.ack(claimed)

    async with consuming(slow, handle):
        await settled(slow)
    assert (seen, claims) == (["slow"], [])


async def test_consume_puts_off_what_may_go_better_later(make, put, clock, keys, redis):
    await put("a")
    group, seen, finished = make(idle_ms=60), [], asyncio.Event()

    async def handle(claimed: Claimed, value: str) -> None:
        seen.append(claimed.deliveries)
        if len(seen) == 1:
            raise Recoverable("429", after=30)
        await group.ack(claimed)
        finished.set()

    async with consuming(group, handle):
        await until(lambda: redis.zcard(keys.retry(DELIVERIES)))
        clock.advance(31)
        await asyncio.wait_for(finished.wait(), 10)
    assert seen == [1, 2]


@pytest.mark.parametrize(
    ("error", "tries", "reason"),
    [
        pytest.param(Permanent("no such channel"), 1, b"no such channel", id="permanent at once"),
        pytest.param(ZeroDivisionError("a bug"), 3, b"ZeroDivisionError('a bug')", id="poison"),
    ],
)
async def test_consume_moves_hopeless_entries_to_the_dead_letters(
    make, put, redis, keys, error, tries, reason
):
    await put("bad", "good")
    group, seen = make(idle_ms=60, max_deliveries=3), []

    async def handle(claimed: Claimed, value: str) -> None:
        seen.append(value)
        if value == "bad":
            raise error
        await group.ack(claimed)

    async with consuming(group, handle):
        await settled(group)
    [(_, letter)] = await redis.xrange(keys.dead_letters(DELIVERIES))
    assert (letter[b"k"], letter[b"_error"]) == (b"bad", reason)
    assert sorted(seen) == ["bad"] * tries + ["good"]


async def test_consume_gives_up_what_killed_worker_after_worker(make, put, redis, keys):
    await put("deadly")
    await make().ensure()
    await make("w1").read(1)
    await make("w2", idle_ms=0).claim_stale(1)
    group, seen = make("w3", idle_ms=60, max_deliveries=2), []

    async def handle(claimed: Claimed, value: str) -> None:
        seen.append(value)

    async with consuming(group, handle):
        await settled(group)
    assert (seen, await redis.xlen(keys.dead_letters(DELIVERIES))) == ([], 1)


async def test_consume_moves_undecodable_entries_to_the_dead_letters(make, scripts, keys, redis):
    await publish(scripts, keys, DELIVERIES, {"d": "no key"})
    group = make()

    def refuse(position: str, fields: Fields) -> str:
        raise Permanent("no post key")

    stop = asyncio.Event()

    async def handle(claimed: Claimed, value: str) -> None:
        raise AssertionError

    work = asyncio.create_task(
        consume(group, refuse, handle, concurrency=1, stop=stop, block_ms=20)
    )
    await until(lambda: redis.xlen(keys.dead_letters(DELIVERIES)))
    stop.set()
    await asyncio.wait_for(work, 10)


async def test_consume_drops_what_it_lost(make, put, redis, keys):
    await put("a", "b")
    group, seen = make(), []

    async def handle(claimed: Claimed, value: str) -> None:
        seen.append(value)
        await group.ack(claimed)
        if value == "a":
            raise LostOwnership(claimed.id)

    async with consuming(group, handle):
        await settled(group)
    assert (sorted(seen), await redis.xlen(keys.dead_letters(DELIVERIES))) == (["a", "b"], 0)


async def test_consume_goes_on_after_the_server_was_away(make, put, redis: Redis):
    await put("a")
    group, seen = make(idle_ms=60), []

    async def handle(claimed: Claimed, value: str) -> None:
        seen.append(value)
        if len(seen) == 1:
            raise RedisConnectionError("gone")
        await group.ack(claimed)

    async with consuming(group, handle):
        await redis.client_kill_filter(_type="normal", skipme=True)
        await settled(group)
    assert seen == ["a", "a"]


async def test_consume_loses_and_doubles_nothing_while_workers_are_killed(make, put):
    """Each entry is acknowledged by exactly one hop, whenever its workers died."""
    names = [str(number) for number in range(200)]
    await put(*names)
    done: list[str] = []

    async def live_and_die(number: int, life: float) -> None:
        group = make(f"w{number}", idle_ms=50, max_deliveries=1000)

        async def handle(claimed: Claimed, value: str) -> None:
            await asyncio.sleep(0.003)
            if await group.ack(claimed):
                done.append(value)

        with suppress(TimeoutError):
            async with asyncio.timeout(life):
                await consume(group, word, handle, concurrency=4, stop=asyncio.Event(), block_ms=20)

    await asyncio.gather(*(live_and_die(number, 0.03 + 0.02 * number) for number in range(8)))
    group = make("last", idle_ms=50, max_deliveries=1000)

    async def finish(claimed: Claimed, value: str) -> None:
        if await group.ack(claimed):
            done.append(value)

    async with consuming(group, finish):
        await settled(group)
    # A worker killed between its acknowledgement and our note of it leaves no note.
    assert len(set(done)) == len(done) >= len(names) - 8 * 4
    assert (await group.backlog()).undone == 0
