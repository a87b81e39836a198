"""Feeds on the real server: one poll at a time, settled whole or not at all."""

from __future__ import annotations

import asyncio
import gc
from dataclasses import replace
from datetime import timedelta

import pytest
from redis.asyncio import Redis
from redis.exceptions import OutOfMemoryError

from bot.adapters.clock import Clock
from bot.adapters.redis.connect import connect
from bot.adapters.redis.feed_store import RedisFeedStore
from bot.adapters.redis.keys import Keys
from bot.adapters.redis.page_store import RedisPageStore
from bot.adapters.redis.streams import ENTRIES, entry
from bot.domain.feeds import FeedClaim, FeedState, FeedStatus, FeedUpdate
from bot.domain.news import Entry
from tests.builders import NOW, make_entry, make_feed

SOON = NOW + timedelta(minutes=5)
STATE = FeedState(etag='W/"1"', polls=1, last_success=NOW)


@pytest.fixture
def store(redis, keys, clock) -> RedisFeedStore:
    return RedisFeedStore(redis, keys, clock, per_host=1000)


async def claim(store: RedisFeedStore, clock, feed_id: str = "f1") -> FeedClaim:
    """A claim on the only feed, which is made if need be."""
    if not await store.states():
        await store.subscribe([make_feed(id=feed_id)], first_due={})
    clock.advance(3600)
    [claimed] = await store.claim_due(1)
    return claimed


def update(*entries: Entry, seen: tuple[tuple[str, str], ...] = (), **changes) -> FeedUpdate:
    shown = seen or tuple((one.key, f"{one.article_id} {one.fingerprint}") for one in entries)
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
    stores = [RedisFeedStore(client, keys, clock, per_host=1000) for client in clients]
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


async def test_settle_tells_a_failure_of_the_server_to_who_waits_and_to_nobody_else(
    store, clock, monkeypatch
):
    claimed = await claim(store, clock)
    told = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, about: told.append(about))

    async def refused(*args):
        raise OutOfMemoryError

    with monkeypatch.context() as full:
        full.setattr(store._scripts, "run", refused)
        with pytest.raises(OutOfMemoryError):
            await store.settle(claimed, update(seen=()))
    await asyncio.sleep(0)
    gc.collect()
    assert not told
    assert await store.settle(claimed, update())


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
    assert await store.fingerprints("f1", ["guid-1"]) == {"guid-1": "a1 fp1"}


async def test_settle_keeps_the_last_document_and_two_hundred_more_for_good(
    store, clock, redis, keys
):
    old = tuple((f"old{number:03}", f"a{number} fp") for number in range(300))
    await store.settle(
        await claim(store, clock), update(make_entry(key="old000", article_id="a0"), seen=old)
    )
    clock.advance(31 * 86_400)
    await store.settle(
        await claim(store, clock),
        update(make_entry(key="new000", article_id="a2"), seen=(("new000", "a2 fp"),)),
    )
    clock.advance(31 * 86_400)
    new = tuple((f"new{number:03}", "a2 fp") for number in range(250))
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
        crowd = tuple((f"{number}-{one}", "- fp") for one in range(300))
        await store.settle(await claim(store, clock), update(seen=(("k", "a1 fp1"), *crowd)))
    await store.settle(await claim(store, clock), update(make_entry(key="k", fingerprint="fp2")))
    assert [one.revision for one in await stored(redis, keys)] == [1, 2]


async def test_settle_bounds_the_life_of_everything_it_writes(store, clock, redis, keys):
    await store.settle(await claim(store, clock), update(make_entry()))
    lives = [
        await redis.pttl(key)
        for key in (keys.feed("f1"), keys.seen("f1"), keys.prints("f1"), keys.revisions("f1"))
    ]
    assert all(0 < life <= 60 * 86_400_000 for life in lives)


async def test_settle_of_a_poll_that_found_nothing_renews_what_is_remembered(
    store, clock, redis, keys
):
    await store.settle(await claim(store, clock), update(make_entry()))
    remembered = (keys.feed("f1"), keys.seen("f1"), keys.prints("f1"), keys.revisions("f1"))
    for key in remembered:
        await redis.pexpire(key, 58 * 86_400_000)
    await store.settle(await claim(store, clock), update())
    assert [round(await redis.pttl(key) / 86_400_000) for key in remembered] == [60] * 4


async def test_states_of_no_feed_is_empty(store):
    assert await store.states() == {}


HOST = "wire.example"


def many(count: int, **changes) -> list:
    return [make_feed(id=f"f{n}", url=f"https://{HOST}/{n}", **changes) for n in range(count)]


async def test_claim_due_takes_no_more_of_a_host_than_it_bears(redis, keys, clock):
    store = RedisFeedStore(redis, keys, clock, per_host=2)
    other = make_feed(id="other", url="https://other.example/rss")
    await store.subscribe([*many(50), other], first_due={})
    claims = await store.claim_due(20)
    assert sorted(one.host for one in claims) == ["other.example", HOST, HOST]
    # Those that wait hold no slot, and are looked at again within seconds.
    assert await store.claim_due(20) == ()
    assert await store.settle(claims[0], update(feed_id=claims[0].feed_id))
    clock.advance(5)
    assert len(await store.claim_due(20)) == 1


async def test_claim_due_counts_pages_of_the_host_too(redis, keys, clock):
    store = RedisFeedStore(redis, keys, clock, per_host=2)
    await store.subscribe(many(5), first_due={})
    pages = RedisPageStore(redis, keys, clock)
    assert await pages.enter(HOST, "page", spacing=0, at_once=2, patience=1) == 0
    assert len(await store.claim_due(5)) == 1


async def test_claim_due_frees_the_place_of_a_poll_that_died(redis, keys, clock):
    store = RedisFeedStore(redis, keys, clock, per_host=1)
    await store.subscribe(many(2), first_due={})
    assert len(await store.claim_due(5)) == 1
    clock.advance(60)
    assert await store.claim_due(5) == ()
    clock.advance(61)
    assert len(await store.claim_due(5)) == 1


async def test_case_06_feeds_of_a_host_that_asked_for_quiet_do_not_come_back_together(
    redis, keys, clock
):
    store = RedisFeedStore(redis, keys, clock, per_host=1000, lease=9999)
    await store.subscribe(many(200), first_due={})
    [first] = await store.claim_due(1)
    await store.settle(first, update(feed_id=first.feed_id, hold_host=3600.0))
    assert await store.claim_due(100) == ()
    clock.advance(3600)
    back = []
    for _ in range(16):
        clock.advance(60)
        back.append(len(await store.claim_due(300)))
    assert sum(back) == 200
    assert max(back) < 40


async def test_case_07_a_bridge_is_left_alone_feed_by_feed(store, clock):
    await store.subscribe(many(3, bridge=True), first_due={})
    [first] = await store.claim_due(1)
    await store.settle(first, update(feed_id=first.feed_id, hold_host=3600.0))
    assert len(await store.claim_due(5)) == 2


async def test_settle_polls_a_feed_that_moved_at_its_new_host(store, clock):
    await store.subscribe([make_feed()], first_due={})
    moved = replace(STATE, moved_to="https://new.example/rss")
    await store.settle(await claim(store, clock), update(state=moved))
    assert (await claim(store, clock)).host == "new.example"


async def test_settle_parks_a_flood_until_it_is_released(store, clock, redis, keys):
    flood = tuple(make_entry(key=f"k{n}", article_id=f"a{n}") for n in range(30))
    await store.settle(await claim(store, clock), update(held=flood))
    assert (await stored(redis, keys), await store.held("f1")) == ([], flood)
    (state, _), *_ = (await store.states()).values()
    assert (state.status, state.held) == (FeedStatus.HELD, 30)
    # A poll that comes between changes nothing of that.
    again = await claim(store, clock)
    assert again.state.status is FeedStatus.HELD
    await store.settle(again, update(state=again.state))
    assert await store.release_held("f1", accept=True) == 30
    assert await stored(redis, keys) == list(flood)
    (state, _), *_ = (await store.states()).values()
    assert (state.status, state.held, await store.held("f1")) == (FeedStatus.OK, 0, ())
    assert await store.release_held("f1", accept=True) == 0


async def test_release_held_can_drop_them(store, clock, redis, keys):
    await store.settle(await claim(store, clock), update(held=(make_entry(),)))
    assert await store.release_held("f1", accept=False) == 1
    assert (await stored(redis, keys), await store.held("f1")) == ([], ())


class Wrong(Clock):
    """The clock of a machine that is so many minutes off the server's."""

    minutes = 0

    def now(self):
        return super().now() + timedelta(minutes=self.minutes)


@pytest.mark.parametrize("minutes", [-600, -10, 10, 600])
async def test_a_machine_whose_clock_is_wrong_keeps_intervals(redis, keys, clock, minutes):
    wrong = Wrong(NOW)
    wrong.minutes = minutes
    store = RedisFeedStore(redis, keys, wrong)
    await store.subscribe([make_feed()], first_due={"f1": wrong.now() + timedelta(minutes=1)})
    (_, due), *_ = (await store.states()).values()
    assert abs(due - NOW - timedelta(minutes=1)) < timedelta(seconds=2)
    for span in (wrong, clock):
        span.advance(61)
    (claimed,) = await store.claim_due(1)
    soon = wrong.now() + timedelta(minutes=5)
    assert await store.settle(claimed, update(next_due=soon))
    (_, due), *_ = (await store.states()).values()
    assert abs(due - clock.now() - timedelta(minutes=5)) < timedelta(seconds=2)


async def test_network_counts_hosts_not_feeds(store, clock):
    names = [make_feed(id=f"f{n}", url=f"https://h{n % 4}.example/{n}") for n in range(12)]
    await store.subscribe(names, first_due={})
    first, *others = await store.claim_due(12)
    await store.settle(first, update(feed_id=first.feed_id, answered=True))
    clock.advance(1)
    for one in others:
        if one.host == first.host:
            continue
        await store.network(one.host)
        await store.settle(one, update(feed_id=one.feed_id, answered=False))
    now = await store.network()
    assert (now.hosts, now.silent, now.reached, now.unreached) == (4, 3, 1, 3)
    assert timedelta(0) <= now.answered - NOW < timedelta(seconds=1)
    clock.advance(600)  # nobody was asked meanwhile, so nobody can have answered
    later = await store.network()
    assert (later.silent, later.reached, later.unreached) == (3, 0, 0)
    [one, *_] = await store.claim_due(12)
    await store.settle(one, update(feed_id=one.feed_id, answered=True))
    assert (await store.network()).silent == 0


async def test_network_notes_no_more_hosts_than_it_takes_to_know(store, redis, keys):
    await store.subscribe(many(300), first_due={})
    for n in range(300):
        await store.network(f"h{n}.example")
    assert (await store.network()).silent == 50
    assert await redis.hlen(keys.network) < 60


async def test_network_has_others_asked_early_but_none_that_is_being_polled(store, clock):
    names = [make_feed(id=f"f{n}", url=f"https://h{n}.example/") for n in range(6)]
    soon = {feed.id: NOW + timedelta(minutes=1 + n) for n, feed in enumerate(names)}
    await store.subscribe(names, first_due=soon)
    clock.advance(61)
    [polled] = await store.claim_due(6)  # f0
    clock.advance(60)
    [failed] = await store.claim_due(6)  # f1; f0's lease ends first of all that are due later
    await store.network(failed.host, ask=True)
    assert {one.feed_id for one in await store.claim_due(6)} == {"f2", "f3"}
    assert await store.settle(polled, update(feed_id="f0"))


async def test_settle_ends_many_polls_in_few_round_trips(store, clock):
    await store.subscribe(many(150), first_due={})
    claims = await store.claim_due(150)
    done = await asyncio.gather(*(store.settle(c, update(feed_id=c.feed_id)) for c in claims))
    assert done == [True] * 150
    assert {due for _, due in (await store.states()).values()} == {SOON}


async def test_a_state_that_cannot_be_read_keeps_no_feed_from_being_polled(
    store, clock, redis, keys
):
    await store.subscribe([make_feed(id="f1"), make_feed(id="f2")], first_due={})
    await redis.hset(keys.feed("f1"), "state", b"garbage")
    clock.advance(3600)
    claims = await store.claim_due(9)
    assert {claim.feed_id: claim.state for claim in claims} == {
        "f1": FeedState(),
        "f2": FeedState(),
    }
    assert set(await store.states()) == {"f1", "f2"}
