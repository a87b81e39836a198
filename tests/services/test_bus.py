"""Consumer groups on the real server: at least once, in our hands or in nobody's, never stuck."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from bot.adapters.clock import Clock
from bot.adapters.redis.bus import Backlog, Delivery, Group, PutOff, publish, safe_trim
from bot.adapters.redis.keys import Keys
from bot.adapters.redis.scripts import Scripts
from bot.adapters.redis.streams import DELIVERIES, ENTRIES, KEPT, Retention
from bot.domain.jobs import Claimed
from bot.domain.times import to_ms

MakeGroup = Callable[..., Group]
#: A lease that is over at once: whoever asks next may claim.
AT_ONCE = 0


@pytest.fixture
async def make(redis: Redis, keys: Keys, clock: Clock) -> MakeGroup:
    def group(consumer: str = "one", **options: int) -> Group:
        return Group(redis, keys, clock, DELIVERIES, consumer=consumer, **options)

    await group().ensure()
    return group


@pytest.fixture
def put(scripts: Scripts, keys: Keys) -> Callable[..., object]:
    async def publish_one(word: str, **options: str) -> str | None:
        return await publish(scripts, keys, DELIVERIES, {"k": word}, **options)

    return publish_one


def words(deliveries: tuple[Delivery, ...]) -> list[str]:
    return [delivery.fields[b"k"].decode() for delivery in deliveries]


async def dead(redis: Redis, keys: Keys) -> list[dict[bytes, bytes]]:
    return [fields for _, fields in await redis.xrange(keys.dead_letters(DELIVERIES))]


async def test_group_delivers_what_was_published_before_the_first_worker(
    redis, keys, clock, scripts
):
    await publish(scripts, keys, ENTRIES, {"d": "early"})
    group = Group(redis, keys, clock, ENTRIES, consumer="one")

    first = await group.read(10)  # finds no group, makes it
    second = await group.read(10)

    assert (first, len(second)) == ((), 1)


async def test_group_is_ensured_twice_without_harm(make, put):
    await put("a")
    await make().ensure()
    assert words(await make().read(10)) == ["a"]


async def test_group_goes_on_after_its_stream_was_deleted(make, put, redis, keys):
    await redis.delete(keys.stream(DELIVERIES))
    await put("a")
    await make().read(1)
    assert words(await make().read(1)) == ["a"]


async def test_read_says_who_holds_what(make, put):
    position = await put("a")
    [delivery] = await make().read(1)
    assert delivery.claimed == Claimed(
        stream="deliveries", group="deliver", consumer="one", id=position
    )


async def test_publish_takes_a_guarded_entry_once(make, put):
    first, again, other = (
        await put("a", guard="request-1"),
        await put("a", guard="request-1"),
        await put("b", guard="request-2"),
    )
    assert (bool(first), again, bool(other)) == (True, None, True)
    assert words(await make().read(10)) == ["a", "b"]


async def test_publish_stamps_ids_with_the_shifted_time(put, clock):
    before = clock.now()
    first = await put("a")
    between = clock.now()
    clock.advance(3600)
    second = await put("b")
    first_ms, second_ms = (int(position.partition("-")[0]) for position in (first, second))
    assert to_ms(before) <= first_ms <= to_ms(between) + 1
    assert to_ms(between) + 3_600_000 <= second_ms <= to_ms(clock.now()) + 1


async def test_publish_never_fails_behind_an_id_of_the_future(put, clock):
    clock.advance(3600)
    ahead = await put("a")
    clock.advance(-3600)
    behind = await put("b")
    assert behind == ahead.partition("-")[0] + "-1"


async def test_claim_stale_takes_the_entry_of_a_killed_consumer(make, put):
    await put("a")
    await make("killed").read(1)
    _, [delivery] = await make("heir", idle_ms=AT_ONCE).claim_stale(5)
    assert (*words((delivery,)), delivery.crashes, delivery.claimed.consumer) == ("a", 1, "heir")


async def test_claim_stale_leaves_what_is_worked_on(make, put):
    await put("a")
    await make("busy").read(1)
    assert await make("other").claim_stale(5) == (False, ())


async def test_claim_stale_passes_over_entries_that_are_gone(make, put, redis, keys):
    gone = await put("gone")
    await put("there")
    await make("killed").read(2)
    await redis.xdel(keys.stream(DELIVERIES), gone)
    _, found = await make("heir", idle_ms=AT_ONCE).claim_stale(5)
    assert words(found) == ["there"]


async def test_claim_stale_takes_no_more_than_asked_for(make, put):
    for word in "abc":
        await put(word)
    await make("killed").read(3)
    heir = make("heir", idle_ms=AT_ONCE)
    assert [len((await heir.claim_stale(2))[1]), len((await heir.claim_stale(2))[1])] == [2, 2]


async def crash(make: MakeGroup, consumer: str, **options: int) -> int:
    """Have a consumer take all it can, and never be heard of again; returns how much."""
    group = make(consumer, idle_ms=AT_ONCE, **options)
    return len((*(await group.claim_stale(100))[1], *await group.read(100)))


async def test_an_entry_in_hand_at_three_crashes_is_taken_alone(make, put):
    await put("a")
    await put("b")
    taken = [await crash(make, f"w{number}") for number in range(4)]
    await put("new")

    heir = make("heir", idle_ms=AT_ONCE)
    suspect, found = await heir.claim_stale(5)
    alone = [(words(await heir.claim_suspect())) for _ in range(2)]
    assert (taken, suspect, found, alone) == ([2, 2, 2, 0], True, (), [["a"], ["b"]])
    assert words(await heir.read(5)) == ["new"]


async def test_a_consumer_that_was_held_up_counts_no_crash_of_its_own(make, put):
    await put("a")
    await crash(make, "gone")
    slow = make("slow", idle_ms=AT_ONCE)
    counts = [(await slow.claim_stale(1))[1][0].crashes for _ in range(5)]
    assert counts == [1, 1, 1, 1, 1]


async def test_the_suspect_with_the_fewest_crashes_is_first(make, put):
    await put("often")
    await crash(make, "w0")
    await crash(make, "w1")
    await put("seldom")
    await crash(make, "w2")
    for number in range(3, 5):
        await make(f"w{number}", idle_ms=AT_ONCE, suspected_after=5).claim_stale(5)
    heir = make("heir", idle_ms=AT_ONCE)
    found = []
    while held := await heir.claim_suspect():
        found.append((*words(held), held[0].crashes))
        await heir.ack(held[0].claimed)
    assert found == [("seldom", 3), ("often", 5)]


async def lie_idle(redis: Redis, keys: Keys, position: str, *, ms: int) -> None:
    stream = keys.stream(DELIVERIES)
    await redis.xclaim(stream, "deliver", "w", 0, [position], idle=ms, justid=True)


async def test_a_suspect_waits_twice_as_long_after_each_crash(make, put, redis, keys):
    position = await put("a")
    for number in range(3):
        await crash(make, f"w{number}")
    hour, waits = 3_600_000, []
    heir = make("heir", idle_ms=hour)
    for _ in range(4):
        wait = 0.5
        while not (await heir.claim_stale(5))[0]:
            wait *= 2
            await lie_idle(redis, keys, position, ms=round(1.1 * wait * hour))
        waits.append(wait)
        assert len(await heir.claim_suspect()) == 1
    assert waits == [1, 2, 4, 8]


async def test_what_is_let_go_is_stale_at_once_and_forgets_its_crashes(make, put):
    await put("a")
    for number in range(3):
        await crash(make, f"w{number}")
    survivor = make("survivor")
    [held] = await make("survivor", idle_ms=AT_ONCE).claim_suspect()
    await survivor.let_go((held.claimed.id,))
    _, [again] = await make("heir").claim_stale(5)
    assert (again.claimed.consumer, again.crashes) == ("heir", 0)


async def test_nothing_is_let_go_that_somebody_else_has(make, put):
    await put("a")
    zombie = make("zombie")
    [held] = await zombie.read(1)
    await make("heir", idle_ms=AT_ONCE).claim_stale(1)
    await zombie.let_go((held.claimed.id,))
    assert await make("other").claim_stale(1) == (False, ())


async def test_heartbeat_fences_a_consumer_that_was_away(make, put):
    await put("a")
    zombie = make("zombie")
    [held] = await zombie.read(1)
    heir = make("heir", idle_ms=AT_ONCE)
    _, [taken] = await heir.claim_stale(1)

    assert (await zombie.heartbeat([held.claimed.id])) == (held.claimed.id,)
    assert (await heir.heartbeat([taken.claimed.id])) == ()
    assert await zombie.ack(held.claimed) is False
    assert await zombie.dead_letter(held.claimed, "x") is PutOff.LOST
    assert await zombie.retry_later(held.claimed, after=0) is PutOff.LOST
    assert await zombie.failed(held.claimed, after=0, error="x") is PutOff.LOST
    assert await heir.ack(taken.claimed) is True
    assert await heir.ack(taken.claimed) is False


async def test_heartbeat_keeps_an_entry_fresh(make, put, redis, keys):
    await put("a")
    group = make()
    [held] = await group.read(1)
    await redis.execute_command(
        "XCLAIM", keys.stream(DELIVERIES), "deliver", "one", 0, held.claimed.id, "IDLE", 90_000
    )
    await group.heartbeat([held.claimed.id])
    [about] = await redis.xpending_range(keys.stream(DELIVERIES), "deliver", "-", "+", 1)
    assert about["time_since_delivered"] < 60_000


async def test_dead_letter_carries_fields_and_reason(make, put, redis, keys):
    position = await put("a")
    group = make()
    [held] = await group.read(1)
    assert await group.dead_letter(held.claimed, "no such channel") is PutOff.DEAD
    assert await dead(redis, keys) == [
        {b"k": b"a", b"_id": position.encode(), b"_error": b"no such channel"}
    ]
    assert (await group.backlog()).pending == 0


async def test_retry_later_brings_the_entry_back_when_its_time_has_come(make, put, clock):
    await put("a")
    group = make()
    [held] = await group.read(1)
    assert await group.retry_later(held.claimed, after=30) is PutOff.LATER

    assert await group.move_due_retries() == 0
    clock.advance(31)
    assert await group.move_due_retries() == 1
    [again] = await group.read(1)
    assert (*words((again,)), again.put_off, again.failures, again.crashes) == ("a", 1, 0, 0)


@pytest.mark.parametrize("wait", [30, 7200])
async def test_what_was_put_off_waits_no_longer_when_the_clock_is_set_back(make, put, clock, wait):
    await put("a")
    group = make()
    [held] = await group.read(1)
    await group.retry_later(held.claimed, after=wait)
    assert await group.move_due_retries() == 0
    clock.advance(-86_400)
    assert await group.move_due_retries() == 0
    clock.advance(wait - 1)
    assert await group.move_due_retries() == 0
    clock.advance(2)
    assert await group.move_due_retries() == 1
    assert words(await group.read(1)) == ["a"]


async def test_retry_later_never_ends_an_entry(make, put, redis, keys):
    await put("a")
    group = make(max_failures=2)
    for _ in range(300):
        [held] = await group.read(1)
        assert await group.retry_later(held.claimed, after=0) is PutOff.LATER
        await group.move_due_retries()
    [held] = await group.read(1)
    assert (held.put_off, held.failures) == (300, 0)


async def test_an_uncounted_wait_leaves_the_next_one_short(make, put):
    await put("a")
    group = make()
    [held] = await group.read(1)
    await group.retry_later(held.claimed, after=0, counted=False)
    await group.move_due_retries()
    [held] = await group.read(1)
    assert held.put_off == 0


async def test_failures_of_its_own_end_in_the_dead_letters(make, put, redis, keys):
    await put("a")
    group = make(max_failures=3)
    outcomes = []
    for number in range(3):
        [held] = await group.read(1)
        await group.retry_later(held.claimed, after=0)  # which does not count
        await group.move_due_retries()
        [held] = await group.read(1)
        outcomes.append(await group.failed(held.claimed, after=0, error=f"bug {number}"))
        await group.move_due_retries()
    assert outcomes == [PutOff.LATER, PutOff.LATER, PutOff.DEAD]
    assert [fields[b"_error"] for fields in await dead(redis, keys)] == [b"bug 2"]
    assert await group.read(1) == ()


async def test_retry_later_keeps_two_equal_entries_apart(make, put):
    for _ in range(2):
        await put("same")
    group = make()
    for held in await group.read(2):
        await group.retry_later(held.claimed, after=0)
    assert await group.move_due_retries() == 2


async def test_next_in_order_takes_pending_entries_first_whoever_holds_them(make, put):
    for word in "abc":
        await put(word)
    await make("first").read(1)
    await make("second").read(1)
    heir = make("heir")
    found = []
    while isinstance(delivery := await heir.next_in_order(), Delivery):
        found.append((*words((delivery,)), delivery.crashes))
        assert await heir.ack(delivery.claimed)
    assert found == [("a", 1), ("b", 1), ("c", 0)]


async def test_next_in_order_stays_at_an_entry_until_it_is_finished(make, put):
    await put("a")
    await put("b")
    group, heir = make(), make("heir")
    found = [await one.next_in_order() for one in (group, group, heir, group)]
    assert [one.crashes for one in found if isinstance(one, Delivery)] == [0, 0, 1, 2]
    await group.let_go((found[0].claimed.id,))  # type: ignore[union-attr]
    again = await heir.next_in_order()
    assert isinstance(again, Delivery)
    assert (*words((again,)), again.crashes) == ("a", 0)


async def test_next_in_order_names_the_place_to_wait_behind(make, put):
    position = await put("a")
    group = make()
    held = await group.next_in_order()
    assert isinstance(held, Delivery)
    await group.ack(held.claimed)
    assert await group.next_in_order() == position
    await put("b")
    await group.wait_behind(position, block_ms=3_600_000)


async def test_safe_trim_never_removes_what_is_pending_or_unread(make, put, redis, keys):
    for number in range(10):
        await put(str(number))
    group = make()
    held = await group.read(6)
    for delivery in (*held[:3], held[5]):
        await group.ack(delivery.claimed)

    assert await group.safe_trim() == 3
    left = [fields[b"k"] for _, fields in await redis.xrange(keys.stream(DELIVERIES))]
    assert left == [b"3", b"4", b"5", b"6", b"7", b"8", b"9"]


async def test_safe_trim_heeds_the_slowest_group(make, put, redis, keys):
    await redis.xgroup_create(keys.stream(DELIVERIES), "another", id="0")
    await put("a")
    group = make()
    for delivery in await group.read(1):
        await group.ack(delivery.claimed)
    assert await group.safe_trim() == 0


async def test_safe_trim_by_length_spares_the_unread(make, put):
    for number in range(6):
        await put(str(number))
    group = make()
    for delivery in await group.read(2):
        await group.ack(delivery.claimed)
    assert await group.safe_trim(Retention(3_600_000, 1)) == 2
    assert (await group.backlog()).length == 4


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    published=st.integers(0, 150),
    read=st.integers(0, 150),
    unfinished=st.sets(st.integers(0, 149), max_size=5),
    length=st.integers(0, 160),
)
async def test_safe_trim_leaves_the_newest_and_all_that_is_unfinished(
    redis, clock, published, read, unfinished, length
):
    """Never what a group has yet to read or to finish, and never more than was asked for."""
    keys = Keys(f"{{t{uuid4().hex[:12]}}}")
    scripts, group = Scripts(redis, clock), Group(redis, keys, clock, DELIVERIES, consumer="one")
    await group.ensure()
    ids = [await publish(scripts, keys, DELIVERIES, {"k": "x"}) for _ in range(published)]
    held = await group.read(read) if read else ()
    for number, delivery in enumerate(held):
        if number not in unfinished:
            await group.ack(delivery.claimed)

    gone = await group.safe_trim(Retention(3_600_000, length))

    left = [position.decode() for position, _ in await redis.xrange(keys.stream(DELIVERIES))]
    first_unfinished = min((n for n in unfinished if n < len(held)), default=len(held))
    assert left == ids[min(first_unfinished, max(published - length, 0)) :]
    assert gone == published - len(left)


async def test_safe_trim_follows_the_clock(scripts, keys, clock, redis):
    await publish(scripts, keys, KEPT, {"d": "old"})
    clock.advance(399 * 86_400)
    await publish(scripts, keys, KEPT, {"d": "new"})
    assert await safe_trim(scripts, keys, KEPT) == 0
    clock.advance(2 * 86_400)
    assert await safe_trim(scripts, keys, KEPT) == 1
    assert [fields[b"d"] for _, fields in await redis.xrange(keys.stream(KEPT))] == [b"new"]


async def test_safe_trim_of_no_stream_does_nothing(scripts, keys):
    assert await safe_trim(scripts, keys, KEPT) == 0


async def test_backlog_of_a_stream_that_never_was_is_nothing(redis, keys, clock):
    group = Group(redis, keys, clock, DELIVERIES, consumer="one")
    assert (await group.backlog()).undone == 0


async def test_backlog_counts_what_was_put_off(make, put):
    group = make()
    await put("one")
    (delivery,) = await group.read(1)
    await group.retry_later(delivery.claimed, after=60)
    backlog = await group.backlog()
    assert (backlog.pending, backlog.waiting, backlog.undone) == (0, 1, 1)


async def test_backlog_counts_pending_and_unread(make, put):
    for word in "abc":
        await put(word)
    group = make()
    await group.read(1)
    assert await group.backlog() == Backlog(length=3, pending=1, lag=2)
    assert (await group.backlog()).undone == 3


async def test_leave_forgets_a_consumer_only_with_empty_hands(make, put, redis, keys):
    await put("a")
    busy, idle = make("busy"), make("idle")
    await idle.read(1)
    await idle.leave()
    await put("b")
    [held] = await busy.read(1)
    await busy.leave()
    names = {
        about["name"] for about in await redis.xinfo_consumers(keys.stream(DELIVERIES), "deliver")
    }
    assert b"idle" in names  # it holds "a"
    assert b"busy" in names
    await busy.ack(held.claimed)
    await busy.leave()
    names = {
        about["name"] for about in await redis.xinfo_consumers(keys.stream(DELIVERIES), "deliver")
    }
    assert names == {b"idle"}


async def test_forget_gone_spares_consumers_of_this_hour(make, put):
    await make("fresh").read(1)
    assert await make().forget_gone() == 0


@pytest.fixture
async def full(redis: Redis) -> AsyncIterator[Callable[[], object]]:
    """A server without room, until the test ends."""

    async def fill() -> None:
        await redis.config_set("maxmemory", 1)

    yield fill
    await redis.config_set("maxmemory", 512 * 1024 * 1024)


async def test_a_worker_starts_on_a_full_server(make, put, full):
    await put("a")
    await full()
    group = make()
    await group.ensure()
    assert len(await group.read(1)) == 1


async def test_a_full_server_refuses_intake_and_takes_settling(make, put, full, redis, keys):
    for word in "abc":
        await put(word)
    group = make()
    first, second, third = await group.read(3)
    await full()
    with pytest.raises(Exception, match="maxmemory"):
        await put("d")
    assert await group.ack(first.claimed)
    assert await group.dead_letter(second.claimed, "x") is PutOff.DEAD
    assert await group.retry_later(third.claimed, after=0) is PutOff.LATER
    assert await group.safe_trim() == 3
