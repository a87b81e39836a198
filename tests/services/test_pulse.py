"""Signs of life: of roles, of the desk, of entries that wait, of a server that takes no writes."""

from __future__ import annotations

import pytest
from redis import exceptions

from bot.adapters.redis.ailments import in_words
from bot.adapters.redis.bus import Group
from bot.adapters.redis.desk import RedisDesk
from bot.adapters.redis.pulse import RedisPulse
from bot.adapters.redis.streams import ENTRIES, GROUPS


@pytest.fixture
def pulse(redis, keys, clock):
    return RedisPulse(redis, keys, clock, groups=GROUPS)


@pytest.fixture
def group(redis, keys, clock):
    return Group(redis, keys, clock, ENTRIES, consumer="c1")


async def test_nobody_was_seen_before_the_first_start(pulse):
    signs = await pulse.signs()
    assert (dict(signs.alive), signs.desk_free, dict(signs.oldest)) == ({}, None, {})
    assert signs.refused is None


async def test_a_role_that_gives_no_sign_grows_old(pulse, redis, keys):
    await pulse.beat("scheduler")
    assert (await pulse.signs()).alive["scheduler"] < 60
    seconds, _ = await redis.time()
    await redis.hset(keys.beats, "scheduler", (seconds - 90) * 1000)
    assert 90 <= (await pulse.signs()).alive["scheduler"] < 150


async def test_a_desk_that_is_held_is_free_for_no_time(pulse, redis, keys, clock):
    desk = RedisDesk(redis, keys, clock, lease=100)
    await desk.lease("one")
    assert (await pulse.signs()).desk_free == 0


async def test_a_desk_whose_holder_died_or_left_is_free_since_then(pulse, redis, keys, clock):
    seconds, _ = await redis.time()
    await redis.hset(keys.desk, mapping={"owner": "dead", "until": (seconds - 20) * 1000})
    assert 20 <= (await pulse.signs()).desk_free < 80
    await RedisDesk(redis, keys, clock).release("dead")
    assert (await pulse.signs()).desk_free < 20


async def test_an_entry_nobody_read_and_one_nobody_finished_grow_old(pulse, group, redis, clock):
    await group.ensure()
    await redis.xadd(group._key, {"d": "first"}, id=f"{ms(clock)}-0")
    clock.advance(300)
    await redis.xadd(group._key, {"d": "second"}, id=f"{ms(clock)}-0")
    assert 300 <= (await pulse.signs()).oldest["read"] < 360
    first, *_ = await group.read(1)
    clock.advance(300)
    assert 600 <= (await pulse.signs()).oldest["read"] < 660
    await group.ack(first.claimed)
    assert 300 <= (await pulse.signs()).oldest["read"] < 360
    for second in await group.read(1):
        await group.ack(second.claimed)
    assert "read" not in (await pulse.signs()).oldest


def ms(clock):
    return round(clock.now().timestamp() * 1000)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            exceptions.ResponseError(
                "MISCONF Errors writing to the AOF file: No space left on device"
            ),
            "its disk is full",
        ),
        (
            exceptions.OutOfMemoryError("command not allowed when used memory > 'maxmemory'."),
            "memory is full",
        ),
        (
            exceptions.ReadOnlyError("You can't write against a read only replica."),
            "it is a replica",
        ),
        (exceptions.BusyLoadingError("Redis is loading the dataset in memory"), "it is loading"),
        (
            exceptions.ResponseError("NOREPLICAS Not enough good replicas to write."),
            "too few replicas",
        ),
        (exceptions.TimeoutError("Timeout reading from socket"), "it does not answer"),
        (exceptions.ConnectionError("Error 111 connecting to db:6379."), "it cannot be reached"),
        (exceptions.AuthenticationError("Authentication required."), "it wants a password"),
        (
            exceptions.AuthenticationError("invalid username-password pair or user is disabled."),
            "it refuses the password",
        ),
        (exceptions.TimeoutError(), "it does not answer"),
    ],
)
def test_what_ails_the_server_is_said_in_words(error, words):
    assert words in in_words(error)
