"""Bounds of keys that no time to live ends, each with what would exceed it."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.redis import streams
from bot.adapters.redis.bus import Group
from bot.adapters.redis.codec import encode
from bot.adapters.redis.desk import RedisDesk
from bot.adapters.redis.feed_log import RedisIncidents
from bot.adapters.redis.feed_store import RedisFeedStore
from bot.adapters.redis.keys import DEAD_LETTERS_BYTES
from bot.adapters.redis.versions import RedisVersions
from bot.domain.channels import CONSOLE, Destination
from bot.domain.feeds import FeedState, FeedUpdate
from bot.domain.stories import ChannelState, Held, Posted, Reason
from bot.domain.versions import Origin, Version
from tests.builders import NOW, make_entry, make_feed
from tests.services.claiming import Entries
from tests.services.newsroom import Newsroom

LONG_AGO = NOW - timedelta(days=31)


async def test_dead_letters_are_bounded_in_bytes(redis, keys, clock):
    large = os.urandom(300_000)
    entries, group = (
        Entries(redis, keys, clock),
        Group(redis, keys, clock, streams.JOBS, consumer="first"),
    )
    for _ in range(40):
        claimed = await entries.claim(streams.JOBS, large=large)
        await group.dead_letter(claimed, "for ever wrong")
    dead = keys.dead_letters(streams.JOBS)
    assert await redis.memory_usage(dead, samples=0) <= DEAD_LETTERS_BYTES
    assert 20 <= await redis.xlen(dead) < 40


async def test_what_was_told_of_a_feed_goes_with_the_feed(
    redis, keys, server, tag, clock, tmp_path
):
    incidents = RedisIncidents(redis, keys)
    await incidents.tell("gone", "it moved")
    app = Newsroom(redis, server, tag, clock, tmp_path).app
    await app.watch_feeds.look()
    assert await incidents.told("gone") is None


async def test_what_was_told_of_a_polled_feed_stays(redis, keys):
    incidents = RedisIncidents(redis, keys)
    await incidents.tell("polled", "it moved")
    await incidents.forget_told(but={"polled"})
    assert await incidents.told("polled") == "it moved"


@pytest.mark.parametrize(
    ("state", "alive"),
    [
        (ChannelState(destination=CONSOLE), False),
        (ChannelState(destination=CONSOLE, last_digest=LONG_AGO), False),
        (ChannelState(destination=CONSOLE, last_digest=NOW), True),
        (
            ChannelState(
                destination=CONSOLE,
                posted=(Posted(story_id="s", revision=1, first=LONG_AGO, last=NOW),),
            ),
            True,
        ),
        (
            ChannelState(
                destination=CONSOLE,
                held=(
                    Held(
                        story_id="s",
                        topic="NATO",
                        score=3,
                        reason=Reason.LOW_SCORE,
                        since=NOW - timedelta(days=29),
                    ),
                ),
            ),
            True,
        ),
    ],
)
async def test_a_channel_is_remembered_while_it_holds_something_of_the_last_month(
    redis, keys, clock, state, alive
):
    other = replace(
        state,
        destination=Destination(platform="slack", workspace="T", channel="c"),
        last_digest=NOW,
    )
    for one in (state, other):
        await redis.hset(keys.channels, str(one.destination), encode(one))
    found = (await RedisDesk(redis, keys, clock).load(since=NOW)).channels
    assert found == ((state, other) if alive else (other,))
    assert await redis.hlen(keys.channels) == len(found)


async def test_versions_are_bounded_in_bytes_and_never_fewer_than_ten(redis, keys, clock):
    versions = RedisVersions(redis, keys, clock, most_bytes=4_000)

    async def publish(number: int, size: int) -> None:
        version = Version(number=number, author="ada", at=NOW, origin=Origin.FILE, base=number - 1)
        assert await versions.publish(version, {"feeds.yaml": os.urandom(size)})

    for number in range(1, 31):
        await publish(number, 200)
    assert [v.number for v in await versions.history()] == list(range(30, 12, -1))
    await publish(31, 5_000)
    assert [v.number for v in await versions.history()] == list(range(31, 21, -1))


async def test_a_flood_of_large_entries_is_parked_within_its_bytes(redis, keys, clock):
    store = RedisFeedStore(redis, keys, clock)
    await store.subscribe([make_feed()], first_due={})
    for number in range(6):
        (claim,) = await store.claim_due(1)
        large = (os.urandom(150_000).hex() for _ in range(15))
        held = tuple(make_entry(key=f"{number}-{n}", text=text) for n, text in enumerate(large))
        update = FeedUpdate(feed_id="f1", state=FeedState(), next_due=clock.now(), held=held)
        assert await store.settle(claim, update)
        clock.advance(60)
    found = await store.held("f1")
    assert found[-1].key == "5-14"
    assert 30 <= len(found) < 90
    ((state, _),) = (await store.states()).values()
    assert state.held == len(found)
    assert await redis.memory_usage(keys.held("f1"), samples=0) <= 8.1 * 1024**2
