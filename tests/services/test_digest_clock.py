"""Digests on the real server: each falls due once, whoever asks."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.adapters.redis.digest_clock import RedisDigestClock
from bot.adapters.redis.streams import ARTICLES, record, stored_at
from bot.domain.channels import CONSOLE, Destination
from bot.domain.stories import DigestDue
from tests.builders import NOW

MORNING = DigestDue(destination=CONSOLE, slot="07:30", local_date="2025-04-04")
EVENING = DigestDue(
    destination=Destination.parse("slack:T1/#nato|desk"), slot="17:00", local_date="2025-04-04"
)
PAST, LATER = NOW - timedelta(hours=4), NOW + timedelta(hours=5)


@pytest.fixture
def digests(redis, keys, clock) -> RedisDigestClock:
    return RedisDigestClock(redis, keys, clock)


async def test_fire_due_puts_a_control_record_on_articles(digests, clock, redis, keys):
    await digests.schedule({MORNING: PAST, EVENING: LATER})
    assert await digests.fire_due() == (MORNING,)
    clock.advance(5 * 3600)
    assert await digests.fire_due() == (EVENING,)

    log = await redis.xrange(keys.stream(ARTICLES))
    assert [record(position.decode(), fields) for position, fields in log] == [MORNING, EVENING]
    assert stored_at(log[1][0].decode()) >= LATER


async def test_fire_due_fires_each_digest_once(digests, redis, keys):
    await digests.schedule({MORNING: PAST})
    fired = await asyncio.gather(*(digests.fire_due() for _ in range(5)))
    await digests.schedule({MORNING: PAST})
    assert [*fired, await digests.fire_due()].count((MORNING,)) == 1
    assert await redis.xlen(keys.stream(ARTICLES)) == 1


async def test_schedule_leaves_the_time_of_a_digest_that_is_there(digests):
    await digests.schedule({MORNING: LATER})
    await digests.schedule({MORNING: PAST})
    assert await digests.fire_due() == ()


async def test_schedule_takes_the_same_slot_on_the_next_day(digests, clock):
    await digests.schedule({MORNING: PAST})
    await digests.fire_due()
    tomorrow = DigestDue(destination=CONSOLE, slot="07:30", local_date="2025-04-05")
    await digests.schedule({tomorrow: PAST + timedelta(days=1)})
    clock.advance(86_400)
    assert await digests.fire_due() == (tomorrow,)


async def test_fired_digests_are_forgotten_after_a_month(digests, clock, redis, keys):
    await digests.schedule({MORNING: PAST})
    await digests.fire_due()
    clock.advance(31 * 86_400)
    await digests.fire_due()
    assert await redis.zcard(keys.digests_fired) == 0


async def test_schedule_of_nothing_does_nothing(digests):
    await digests.schedule({})
    assert await digests.fire_due() == ()


async def test_forget_unplanned_leaves_what_is_due_planned_or_asked_for(digests, clock):
    moved = DigestDue(destination=CONSOLE, slot="18:00", local_date="2025-04-04")
    asked = DigestDue(destination=CONSOLE, slot="now:r1", local_date="2025-04-04")
    await digests.schedule({MORNING: PAST, EVENING: LATER, moved: LATER, asked: LATER})
    await digests.forget_unplanned({EVENING})
    clock.advance(6 * 3600)
    assert set(await digests.fire_due()) == {MORNING, EVENING, asked}
