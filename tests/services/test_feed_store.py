"""Feeds on the real server: one poll at a time, settled whole or not at all."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from redis.asyncio import Redis

from bot.adapters.redis.connect import connect
from bot.adapters.redis.feed_store import RedisFeedStore
from bot.adapters.redis.keys import Keys
from bot.adapters.redis.streams import ENTRIES, entry
from bot.domain.news import Entry, FeedClaim, FeedState, FeedUpdate
from tests.builders import NOW, make_entry, make_feed

SOON = NOW + timedelta(minutes=5)
STATE = FeedState(etag='W/"1"', polls=1, last_success=NOW)


@pytest.fixture
def store(redis, keys, clock) -> RedisFeedStore:
    return RedisFeedStore(redis, keys, clock)


async def claim(store: RedisFeedStore, clock, feed_id: str = "f1") -> FeedClaim:
    """A claim on the only feed, which is made if need be."""
    if not await store.states():
        await store.subscribe([make_feed(id=feed_id)], first_due={})
    clock.advance(3600)
    [claimed] = await store.claim_due(1)
    return claimed


def update(*entries: Entry, seen: tuple[tuple[str, str], ...] = (), **changes) -> FeedUpdate:
    shown = seen or tuple((one.key, one.fingerprint) for one in entries)
    values = {"feed_id": "f1", "state": STATE, "next_due": SOON, "entries": entries, "seen": shown}
    return FeedUpdate(**{**values, **changes})


async def stored(redis: Redis, keys: Keys) -> list[Entry]:
    return [
        entry(position.decode(), fields)
        for position, fields in await redis.xrange(keys.stream(ENTRIES))
    ]


async def test_subscribe_makes_exactly_these_feeds_the_polled_ones(store):
    await store.subscribe([make_feed(id="a"), make_feed(id="b")], first_due={})
    await store.subscribe([make_feed(id="b"), make_feed(id="c")], first_due={})
    assert set(await store.states()) == {"b", "c"}


async def test_subscribe_leaves_state_and_due_time_of_a_known_feed(store, clock):
    await store.settle(await claim(store, clock), update())
    await store.subscribe([make_feed()], first_due={"f1": NOW + timedelta(days=1)})
    assert await store.states() == {"f1": (STATE, SOON)}


async def test_subscribe_remembers_a_feed_that_was_away(store, clock):
    await store.settle(await claim(store, clock), update())
    await store.subscribe([], first_due={})
    await store.subscribe([make_feed()], first_due={"f1": SOON})
    assert await store.states() == {"f1": (STATE, SOON)}


async def test_claim_due_takes_only_what_is_due_the_earliest_first(store, clock):
    first_due = {
        name: NOW + timedelta(seconds=seconds)
        for name, seconds in (("late", -5), ("later", -9), ("not yet", 3600))
    }
    await store.subscribe([make_feed(id=name) for name in first_due], first_due=first_due)
    assert [one.feed_id for one in await store.claim_due(10)] == ["later", "late"]
    clock.advance(3600)
    assert {"later", "late", "not yet"} == {one.feed_id for one in await store.claim_due(10)}


async def test_claim_due_never_gives_a_feed_to_two_schedulers(server, keys, clock):
    clients = [await connect(server) for _ in range(4)]
    stores = [RedisFeedStore(client, keys, clock) for client in clients]
    names = {f"f{number}" for number in range(100)}
    await stores[0].subscribe([make_feed(id=name) for name in names], first_due={})

    async def scheduler(store: RedisFeedStore) -> list[str]:
        found: list[str] = []
        while claims := await store.claim_due(7):
            found += [one.feed_id for one in claims]
        return found

    found = await asyncio.gather(*map(scheduler, stores))
    for client in clients:
        await client.aclose()
    assert sorted(name for share in found for name in share) == sorted(names)


async def test_claim_due_gives_a_feed_again_when_its_lease_lapsed(store, clock):
    first = await claim(store, clock)
    assert await store.claim_due(1) == ()
    clock.advance(121)
    [second] = await store.claim_due(1)
    assert (second.feed_id, second.token > first.token) == ("f1", True)


async def test_settle_writes_state_due_time_and_entries(store, clock, redis, keys):
    claimed = await claim(store, clock)
    assert claimed.state == FeedState()
    one, two = make_entry(key="k1"), make_entry(key="k2", article_id="a2", text="Text.")
    assert await store.settle(claimed, update(one, two)) is True
    assert await store.states() == {"f1": (STATE, SOON)}
    assert await stored(redis, keys) == [one, two]


async def test_settle_refuses_a_lapsed_lease_and_writes_nothing(store, clock, redis, keys):
    slow = await claim(store, clock)
    clock.advance(121)
    [heir] = await store.claim_due(1)

    assert await store.settle(slow, update(make_entry())) is False
    assert await stored(redis, keys) == []
    assert await store.fingerprints("f1", ["guid-1"]) == {}
    assert await store.settle(heir, update(make_entry())) is True


async def test_settle_takes_a_claim_once(store, clock, redis, keys):
    claimed = await claim(store, clock)
    results = [await store.settle(claimed, update(make_entry())) for _ in range(2)]
    assert (results, len(await stored(redis, keys))) == ([True, False], 1)


async def test_settle_writes_nothing_for_a_feed_that_is_polled_no_more(store, clock, redis, keys):
    claimed = await claim(store, clock)
    await store.subscribe([], first_due={})
    assert await store.settle(claimed, update(make_entry())) is False
    assert await stored(redis, keys) == []


async def test_settle_counts_revisions_per_article(store, clock, redis, keys):
    for entries in (
        (make_entry(key="k1"), make_entry(key="k2", article_id="a2")),
        (make_entry(key="k1", fingerprint="fp2"),),
        (make_entry(key="k3", fingerprint="fp3"),),  # the same article under another key
    ):
        await store.settle(await claim(store, clock), update(*entries))
    assert [(one.article_id, one.revision) for one in await stored(redis, keys)] == [
        ("a1", 1),
        ("a2", 1),
        ("a1", 2),
        ("a1", 3),
    ]


async def test_fingerprints_knows_what_the_feed_showed_last(store, clock):
    await store.settle(await claim(store, clock), update(seen=(("k1", "one"), ("k2", "two"))))
    await store.settle(await claim(store, clock), update(seen=(("k1", "new"),)))
    assert await store.fingerprints("f1", ["k1", "k2", "k3"]) == {"k1": "new", "k2": "two"}
    assert await store.fingerprints("f1", []) == {}


async def test_settle_without_a_document_forgets_nothing(store, clock):
    await store.settle(await claim(store, clock), update(make_entry()))
    await store.settle(await claim(store, clock), update())
    assert await store.fingerprints("f1", ["guid-1"]) == {"guid-1": "fp1"}


async def test_settle_keeps_the_last_document_and_two_hundred_more(store, clock, redis, keys):
    old = tuple((f"old{number:03}", "fp") for number in range(300))
    await store.settle(await claim(store, clock), update(make_entry(key="old000"), seen=old))
    new = tuple((f"new{number:03}", "fp") for number in range(250))
    await store.settle(
        await claim(store, clock), update(make_entry(key="new000", article_id="a2"), seen=new)
    )
    known = await store.fingerprints("f1", [key for key, _ in (*old, *new)])
    assert list(known) == [key for key, _ in (*old[100:], *new)]
    assert await redis.zcard(keys.seen("f1")) == await redis.hlen(keys.prints("f1")) == 450
    # The counter of a forgotten article goes with its key.
    assert await redis.hkeys(keys.revisions("f1")) == [b"a2"]


async def test_settle_keeps_counting_an_article_whose_key_is_still_listed(
    store, clock, redis, keys
):
    await store.settle(await claim(store, clock), update(make_entry(key="k")))
    for number in range(2):
        crowd = tuple((f"{number}-{one}", "fp") for one in range(300))
        await store.settle(await claim(store, clock), update(seen=(("k", "fp1"), *crowd)))
    await store.settle(await claim(store, clock), update(make_entry(key="k", fingerprint="fp2")))
    assert [one.revision for one in await stored(redis, keys)] == [1, 2]


async def test_settle_bounds_the_life_of_everything_it_writes(store, clock, redis, keys):
    await store.settle(await claim(store, clock), update(make_entry()))
    lives = [
        await redis.pttl(key)
        for key in (keys.feed("f1"), keys.seen("f1"), keys.prints("f1"), keys.revisions("f1"))
    ]
    assert all(0 < life <= 60 * 86_400_000 for life in lives)


async def test_states_of_no_feed_is_empty(store):
    assert await store.states() == {}
