"""The consumer loop on the real server, its lease scaled down to tens of milliseconds."""

from __future__ import annotations

import asyncio
import errno
import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ReadOnlyError, ResponseError

from bot.adapters.clock import Clock
from bot.adapters.redis.attempt import attempt
from bot.adapters.redis.bus import Group, publish
from bot.adapters.redis.consume import consume
from bot.adapters.redis.hands import Hands
from bot.adapters.redis.keys import Keys
from bot.adapters.redis.scripts import Scripts
from bot.adapters.redis.streams import DELIVERIES, JOBS, Fields
from bot.domain.errors import LostOwnership, NotYet, Permanent, Recoverable, Unavailable
from bot.domain.jobs import Claimed
from tests.waiting import until

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
        await work
    finally:
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work


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
    await work

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
    await work

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
        seen.append(value)
        await group.ack(claimed)

    async with consuming(group, handle):
        await settled(group)
    assert seen == ["a"]


async def test_consume_keeps_a_slow_entry_from_being_taken_over(make, put, redis, keys):
    await put("slow")
    slow, seen, idle = make("slow", idle_ms=300), [], [0]

    async def renewed() -> bool:
        """Whether the entry looks fresher to others than it did when we last looked."""
        name = keys.stream(DELIVERIES)
        [entry] = await redis.xpending_range(name, "deliver", "-", "+", 1)
        idle.append(entry["time_since_delivered"])
        return idle[-1] < idle[-2]

    async def handle(claimed: Claimed, value: str) -> None:
        seen.append(claimed.consumer)
        for _ in range(3):
            await until(renewed)
        await slow.ack(claimed)

    async with consuming(slow, handle):
        await settled(slow)
    assert seen == ["slow"]


async def test_consume_puts_off_what_may_go_better_later(make, put, clock, keys, redis):
    await put("a")
    group, seen, finished = make(idle_ms=60), [], asyncio.Event()

    async def handle(claimed: Claimed, value: str) -> None:
        seen.append(value)
        if len(seen) == 1:
            raise Recoverable("429", after=30)
        finished.set()
        await group.ack(claimed)

    async with consuming(group, handle):
        await until(lambda: redis.zcard(keys.retry(DELIVERIES)))
        clock.advance(31)
        await finished.wait()
    assert seen == ["a", "a"]


@pytest.mark.parametrize(
    ("error", "tries", "reason"),
    [
        pytest.param(Permanent("no such channel"), 1, b"no such channel", id="permanent at once"),
        pytest.param(ZeroDivisionError("a bug"), 3, b"ZeroDivisionError: a bug", id="poison"),
    ],
)
async def test_consume_moves_hopeless_entries_to_the_dead_letters(
    make, put, redis, keys, error, tries, reason
):
    await put("bad", "good")
    group, seen = make(idle_ms=60, max_failures=3), []

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


class Crashed(BaseException):
    """What a test has instead of a process that ends here and now."""


class Crew:
    """Consumers of one stream, one after another, as processes that are killed and started anew."""

    def __init__(self, make, idle_ms: int = 20, concurrency: int = 8) -> None:
        self._make = make
        self._idle_ms = idle_ms
        self._concurrency = concurrency
        self._number = 0

    async def until_killed(self, handle, life: Callable[[], Awaitable[object]]) -> None:
        """Work until ``life`` is over, or a handler ends the process: nothing is tidied up."""
        self._number += 1
        group = self._make(f"w{self._number}", idle_ms=self._idle_ms)
        died = asyncio.get_running_loop().create_future()

        async def handled(claimed: Claimed, value: str) -> None:
            try:
                await handle(group, claimed, value)
            except Crashed:
                if not died.done():
                    died.set_result(None)
                await asyncio.Event().wait()

        work = asyncio.create_task(
            consume(
                group,
                word,
                handled,
                concurrency=self._concurrency,
                stop=asyncio.Event(),
                block_ms=20,
            )
        )
        over = asyncio.ensure_future(life())
        await asyncio.wait((over, died), return_when=asyncio.FIRST_COMPLETED)
        for task in (over, work):
            task.cancel()
        await asyncio.gather(over, work, return_exceptions=True)


@pytest.fixture
def crew(make) -> Crew:
    return Crew(make)


async def letters(redis: Redis, keys: Keys) -> list[bytes]:
    return [fields[b"k"] for _, fields in await redis.xrange(keys.dead_letters(DELIVERIES))]


async def test_forty_kills_with_a_queue_in_hand_give_up_nothing(crew, put, make, redis, keys):
    """Every one of them has something in hand that it does not finish."""
    names = [str(number) for number in range(30)]
    await put(*names)
    done: set[str] = set()

    for _ in range(40):
        in_hand = asyncio.Semaphore(0)

        async def wait(group: Group, claimed: Claimed, value: str, in_hand=in_hand) -> None:
            in_hand.release()
            await asyncio.Event().wait()

        await crew.until_killed(wait, in_hand.acquire)
    assert await letters(redis, keys) == []

    async def finish(group: Group, claimed: Claimed, value: str) -> None:
        done.add(value)
        assert await group.ack(claimed)

    group = make("last")
    await crew.until_killed(finish, lambda: settled(group))
    assert (done, await letters(redis, keys)) == (set(names), [])


async def test_an_entry_that_ends_its_process_is_given_up_alone(crew, put, make, redis, keys):
    names = [f"honest {number}" for number in range(20)]
    await put(*names[:7], "deadly", *names[7:])
    done: list[str] = []
    group = make("observer")

    async def handle(group: Group, claimed: Claimed, value: str) -> None:
        await asyncio.sleep(0.002)
        if value == "deadly":
            raise Crashed
        if await group.ack(claimed):
            done.append(value)

    crashes = 0
    while (await group.backlog()).undone or not crashes:
        await crew.until_killed(handle, lambda: settled(group))
        crashes += 1
    # Those whose processes died between their acknowledgement and our note are not in ``done``.
    assert (await letters(redis, keys), crashes) == ([b"deadly"], 9)
    assert set(done) <= set(names)
    [(_, letter)] = await redis.xrange(keys.dead_letters(DELIVERIES))
    assert letter[b"_error"].startswith(b"the process ended each of the 8 times")


#: How the handling of an entry ends; what is in hand when its process is killed has not ended.
ERRORS = {
    "finished": None,
    "refused": Recoverable("429", after=0),
    "failed": ZeroDivisionError("a bug"),
    "server away": RedisConnectionError("gone"),
}
ENDS = st.sampled_from([*ERRORS, *["in hand"] * 8])
#: What a process does with each of the entries it gets; and whether it is killed, or stopped.
LIVES = st.lists(
    st.tuples(st.lists(ENDS, min_size=4, max_size=4), st.sampled_from([True, True, True, False])),
    min_size=50,
    max_size=80,
)


class Account:
    """What the law says of one entry."""

    def __init__(self) -> None:
        self.finished = False
        self.failures = 0
        #: Of each crash since the last sign of life, whether the entry was alone in hand.
        self.crashes: list[bool] = []

    @property
    def dead(self) -> bool:
        return self.failures == 5 or (len(self.crashes) == 8 and all(self.crashes[3:]))

    def outlived(self, end: str) -> None:
        """Its process goes on, so what was counted before is not its doing."""
        if not self.dead:
            self.crashes.clear()
            self.failures += end == "failed"
            self.finished = end == "finished"


async def live(group: Group, accounts: dict[str, Account], ends: list[str], killed: bool) -> None:
    """One process: takes what it may, handles it as ``ends`` say, and is gone."""
    await group.ensure()
    await group.move_due_retries()
    suspect, taken = await group.claim_stale(4)
    taken += await group.read(4 - len(taken)) if len(taken) < 4 else ()
    if suspect and not taken:
        taken = await group.claim_suspect()
    in_hand = []
    for delivery, end in zip(taken, ends, strict=False):
        account = accounts[delivery.fields[b"k"].decode()]
        counted = delivery.failures, delivery.crashes
        assert counted == (account.failures, len(account.crashes))
        if end == "in hand" and not account.dead:
            in_hand.append(delivery)
            continue

        async def handle(claimed: Claimed, value: str, end: str = end) -> None:
            if (error := ERRORS[end]) is not None:
                raise error
            await group.ack(claimed)

        try:
            await attempt(group, word, handle, delivery)
        except RedisConnectionError:
            await group.let_go((delivery.claimed.id,))
        account.outlived(end)
    if not killed:
        await group.let_go([delivery.claimed.id for delivery in in_hand])
    for delivery in in_hand:
        account = accounts[delivery.fields[b"k"].decode()]
        account.crashes = [*account.crashes, len(in_hand) == 1] if killed else []


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(lives=LIVES)
async def test_whatever_becomes_of_its_processes_an_entry_dies_of_its_own_failures(
    redis, clock, lives
):
    keys = Keys(f"{{t{uuid4().hex[:12]}}}")
    accounts = {name: Account() for name in "abcdef"}
    for name in accounts:
        await publish(Scripts(redis, clock), keys, DELIVERIES, {"k": name})

    def group(consumer: str) -> Group:
        return Group(redis, keys, clock, DELIVERIES, consumer=consumer, idle_ms=0)

    for number, (ends, killed) in enumerate(lives):
        await live(group(f"w{number}"), accounts, ends, killed)

    given_up = {name.decode() for name in await letters(redis, keys)}
    assert given_up <= {name for name, account in accounts.items() if account.dead}
    done = sum(account.finished for account in accounts.values())
    assert (await group("last").backlog()).undone == len(accounts) - done - len(given_up)


async def test_a_suspect_is_handled_with_nothing_else_in_any_hand(make, put, keys, redis, scripts):
    """Nothing of the same process, whichever stream it is of."""
    hands, stop = Hands(), asyncio.Event()
    await put("suspect")
    await make().ensure()
    await make("w0").read(1)
    for number in range(1, 3):
        await make(f"w{number}", idle_ms=0).claim_stale(1)
    await put("one", "two")
    await publish(scripts, keys, JOBS, {"k": "job"})
    in_hand: set[str] = set()
    beside: dict[str, set[str]] = {}

    def handler(group: Group) -> Handle:
        async def handle(claimed: Claimed, value: str) -> None:
            for other in in_hand:
                beside[other].add(value)
            beside[value] = set(in_hand)
            in_hand.add(value)
            await asyncio.sleep(0.05)
            in_hand.remove(value)
            await group.ack(claimed)

        return handle

    group = make("last", idle_ms=20)
    jobs = Group(redis, keys, Clock(), JOBS, consumer="last", idle_ms=20)
    work = [
        asyncio.create_task(
            consume(each, word, handler(each), concurrency=4, stop=stop, hands=hands, block_ms=20)
        )
        for each in (group, jobs)
    ]
    await until(lambda: asyncio.sleep(0, len(beside) == 4))
    await settled(group)
    await settled(jobs)
    stop.set()
    await asyncio.gather(*work)
    assert (beside["suspect"], "one" in beside["two"] or "two" in beside["one"]) == (set(), True)


async def test_stopping_does_not_count_against_what_is_cut_short(make, put, redis, keys):
    await put("a")
    for number in range(12):
        started, stop = asyncio.Event(), asyncio.Event()

        async def stuck(claimed: Claimed, value: str, started=started) -> None:
            started.set()
            await asyncio.Event().wait()

        group = make(f"w{number}")
        work = asyncio.create_task(
            consume(group, word, stuck, concurrency=1, stop=stop, block_ms=20, drain=0.01)
        )
        await started.wait()
        stop.set()
        await work
    _, [left] = await make("next").claim_stale(1)
    assert (left.crashes, await letters(redis, keys)) == (0, [])


SERVER = [
    pytest.param(RedisConnectionError("gone"), id="away"),
    pytest.param(ResponseError("MISCONF Errors writing to the AOF file"), id="disk full"),
    pytest.param(ReadOnlyError("You can't write against a read only replica."), id="replica"),
]


@pytest.mark.parametrize("error", SERVER)
async def test_what_the_server_refuses_is_no_failure_of_the_entry(make, put, redis, keys, error):
    await put("a")
    group, tries = make(idle_ms=20, max_failures=2, max_crashes=2), 0

    async def handle(claimed: Claimed, value: str) -> None:
        nonlocal tries
        tries += 1
        if tries < 10:
            raise error
        await group.ack(claimed)

    async with consuming(group, handle):
        await settled(group)
    assert (tries, await letters(redis, keys)) == (10, [])


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(OSError(errno.ENOSPC, "No space left on device"), id="disk full"),
        pytest.param(OSError(errno.EMFILE, "Too many open files"), id="no files left"),
        pytest.param(TimeoutError("busy"), id="busy"),
        pytest.param(MemoryError(), id="no memory"),
        pytest.param(Unavailable("no such server"), id="unavailable"),
    ],
)
async def test_what_the_machine_lacks_is_no_failure_of_the_entry(
    make, put, redis, keys, clock, error
):
    await put("a")
    group, tries, finished = make(idle_ms=20, max_failures=2), 0, asyncio.Event()

    async def handle(claimed: Claimed, value: str) -> None:
        nonlocal tries
        tries += 1
        if tries < 8:
            raise error
        finished.set()
        await group.ack(claimed)

    async with consuming(group, handle):
        while not finished.is_set():
            clock.advance(60)
            await asyncio.sleep(0.01)
    assert (tries, await letters(redis, keys)) == (8, [])


@pytest.mark.parametrize("text", ["WRONGTYPE Operation against a key", "wrong number of arguments"])
async def test_a_bug_of_ours_that_the_server_finds_is_a_failure(make, put, redis, keys, text):
    await put("a")
    group, tries = make(idle_ms=10, max_failures=2), []

    async def handle(claimed: Claimed, value: str) -> None:
        tries.append(value)
        raise ResponseError(text)

    async with consuming(group, handle):
        await until(lambda: redis.xlen(keys.dead_letters(DELIVERIES)))
    assert (tries, await letters(redis, keys)) == (["a", "a"], [b"a"])


async def test_what_is_put_off_is_told_once(make, put, clock, redis, keys, caplog):
    caplog.set_level(logging.INFO, logger="nato_brief.bus")
    await put("a", "busy")
    group, tries = make(idle_ms=200), Counter()

    async def handle(claimed: Claimed, value: str) -> None:
        tries[value] += 1
        if tries[value] < 5:
            raise NotYet("its turn", after=0) if value == "busy" else Recoverable("429", after=0)
        await group.ack(claimed)

    async with consuming(group, handle):
        await until(lambda: asyncio.sleep(0, tries == {"a": 5, "busy": 5}))
        await settled(group)
    assert ["429" in message for message in caplog.messages if "put_off" in message] == [True]


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
    await work


async def test_a_handler_goes_on_after_it_has_acknowledged(make, put):
    """A heartbeat then finds its entry in nobody's hands, which is no loss."""
    await put("a")
    group, finished = make(idle_ms=20), asyncio.Event()

    async def handle(claimed: Claimed, value: str) -> None:
        await group.ack(claimed)
        await asyncio.sleep(0.1)  # several heartbeats
        finished.set()

    async with consuming(group, handle):
        await finished.wait()


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
        group = make(f"w{number}", idle_ms=50)

        async def handle(claimed: Claimed, value: str) -> None:
            await asyncio.sleep(0.003)
            if await group.ack(claimed):
                done.append(value)

        with suppress(TimeoutError):
            async with asyncio.timeout(life):
                await consume(group, word, handle, concurrency=4, stop=asyncio.Event(), block_ms=20)

    await asyncio.gather(*(live_and_die(number, 0.03 + 0.02 * number) for number in range(8)))
    group = make("last", idle_ms=50)

    async def finish(claimed: Claimed, value: str) -> None:
        if await group.ack(claimed):
            done.append(value)

    async with consuming(group, finish):
        await settled(group)
    # A worker killed between its acknowledgement and our note of it leaves no note.
    assert len(set(done)) == len(done) >= len(names) - 8 * 4
    assert (await group.backlog()).undone == 0
