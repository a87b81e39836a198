"""poll on the real server: one feed's way from due to ENTRIES."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from bot.adapters.pool import ProcessPool
from bot.adapters.redis import streams
from bot.adapters.redis.attempt import of_the_server
from bot.adapters.redis.feed_store import RedisFeedStore
from bot.domain.feeds import FeedStatus
from bot.domain.fetches import Fetched, FetchFailure, Hop
from bot.domain.news import EntryReason
from bot.services.poll import Poll
from tests.builders import make_feed
from tests.recorders import BusyPool, RecordedFetcher

FEED = make_feed(url="https://wire.example/rss")
ITEM = (
    "<item><guid>{0}</guid><title>{0}</title><link>https://wire.example/{0}</link>"
    "<pubDate>Fri, 04 Apr 2025 11:00:00 GMT</pubDate>{1}</item>"
)


def rss(*guids: str, more: str = "") -> bytes:
    items = "".join(ITEM.format(guid, more) for guid in guids)
    return f'<rss version="2.0"><channel><title>Wire</title>{items}</channel></rss>'.encode()


@pytest.fixture(scope="module")
def pool() -> Iterator[ProcessPool]:
    pool = ProcessPool(workers=1)
    yield pool
    asyncio.run(pool.close())


@pytest.fixture
def store(redis, keys, clock):
    return RedisFeedStore(redis, keys, clock)


@pytest.fixture
def fetcher():
    return RecordedFetcher()


@pytest.fixture
async def poll(store, fetcher, pool, clock):
    await store.subscribe([FEED], first_due={FEED.id: clock.now()})
    return Poll(
        feeds={FEED.id: FEED},
        store=store,
        fetcher=fetcher,
        pool=pool,
        clock=clock.now,
        jitter=lambda: 0.0,
    )


@pytest.fixture
def tick(poll, clock):
    async def tick(seconds: float = 0) -> int:
        clock.advance(seconds)
        started = await poll.tick()
        await poll.drain()
        return started

    return tick


@pytest.fixture
def entries(redis, keys):
    async def entries():
        found = await redis.xrange(keys.stream(streams.ENTRIES))
        return [streams.entry(position.decode(), fields) for position, fields in found]

    return entries


async def test_poll_passes_on_at_most_three_fresh_entries_of_a_first_fetch(tick, fetcher, entries):
    fetcher.answers[FEED.url] = rss("a", "b", "c", "d", "e")
    await tick()
    reasons = sorted(entry.reason for entry in await entries())
    assert reasons == [EntryReason.BACKFILL] * 2 + [EntryReason.NEW] * 3


async def test_poll_passes_an_entry_on_once(tick, fetcher, entries):
    fetcher.answers[FEED.url] = rss("a")
    await tick()
    fetcher.answers[FEED.url] = rss("b", "a")
    await tick(7 * 3600)
    await tick(7 * 3600)
    assert [entry.key for entry in await entries()] == ["a", "b"]


async def test_poll_counts_an_edit_as_the_next_revision(tick, fetcher, entries):
    fetcher.answers[FEED.url] = rss("a")
    await tick()
    fetcher.answers[FEED.url] = rss("a", more="<description>Corrected.</description>")
    await tick(7 * 3600)
    seen = [(entry.key, entry.revision, entry.reason) for entry in await entries()]
    assert seen == [("a", 1, EntryReason.NEW), ("a", 2, EntryReason.EDITED)]


async def test_poll_sends_the_validators_back_as_they_came(tick, fetcher):
    fetcher.answers[FEED.url] = Fetched(
        status=200, url=FEED.url, body=rss("a"), etag='W/"x"', last_modified="yesterday, roughly"
    )
    await tick()
    await tick(7 * 3600)
    assert fetcher.asked[-1] == (FEED.url, 'W/"x"', "yesterday, roughly")


async def test_poll_is_not_due_again_before_its_time(tick, fetcher):
    fetcher.answers[FEED.url] = rss("a")
    assert [await tick(), await tick(60), await tick(7 * 3600)] == [1, 0, 1]


async def test_poll_keeps_a_failure_as_one_line_and_tries_again(tick, store, fetcher, entries):
    await tick()
    (state, _), *_ = (await store.states()).values()
    assert (state.failures, state.problem) == (1, "HTTP 404")
    fetcher.answers[FEED.url] = rss("a")
    await tick(24 * 3600)
    (state, _), *_ = (await store.states()).values()
    assert (state.failures, state.problem) == (0, None)
    assert len(await entries()) == 1


async def test_poll_takes_an_emptied_feed_for_a_problem_not_for_no_news(tick, store, fetcher):
    fetcher.answers[FEED.url] = rss("a")
    await tick()
    fetcher.answers[FEED.url] = rss()
    await tick(7 * 3600)
    (state, _), *_ = (await store.states()).values()
    assert state.problem is not None


async def test_poll_that_lost_its_lease_writes_nothing(poll, store, fetcher, entries, clock):
    fetcher.answers[FEED.url] = rss("a")
    (late,) = await store.claim_due(1)
    clock.advance(600)
    (again,) = await store.claim_due(1)
    await poll.poll(late)
    assert await entries() == []
    await poll.poll(again)
    assert [entry.key for entry in await entries()] == ["a"]


async def state_of(store):
    (state, _), *_ = (await store.states()).values()
    return state


def answer(*guids: str, **changes) -> Fetched:
    return Fetched(**{"status": 200, "url": FEED.url, "body": rss(*guids), **changes})


FROZEN = {"etag": '"frozen"', "last_modified": "Tue, 01 Jan 2041 00:00:00 GMT"}


class LyingFetcher(RecordedFetcher):
    """Answers 304 to whoever sends a validator, whatever has changed."""

    async def fetch(self, url, *, etag=None, last_modified=None, **_):
        found = await super().fetch(url, etag=etag, last_modified=last_modified)
        return Fetched(status=304, url=url) if etag or last_modified else found


async def test_case_01_a_server_that_answers_304_for_ever_is_found_out(store, pool, clock, entries):
    lying = LyingFetcher({FEED.url: answer("a", **FROZEN)})
    await store.subscribe([FEED], first_due={FEED.id: clock.now()})
    poll = Poll(
        feeds={FEED.id: FEED},
        store=store,
        fetcher=lying,
        pool=pool,
        clock=clock.now,
        jitter=lambda: 0.0,
    )
    for hour in range(25):
        await poll.tick()
        await poll.drain()
        lying.answers[FEED.url] = answer("b", "a", **FROZEN)
        clock.advance(3600 * 1.2)
        if hour < 10:
            assert [entry.key for entry in await entries()] == ["a"]
    assert [entry.key for entry in await entries()] == ["a", "b"]
    state = await state_of(store)
    assert (state.validators_bad, lying.asked[-1]) == (True, (FEED.url, None, None))
    assert state.notice is not None


async def test_case_02_a_new_body_under_a_constant_etag_is_parsed(tick, fetcher, entries):
    for guids in (("a",), ("b", "a")):
        fetcher.answers[FEED.url] = answer(*guids, etag='"constant"')
        await tick(7 * 3600)
    assert [entry.key for entry in await entries()] == ["a", "b"]


async def test_case_05_an_identical_body_is_not_parsed(tick, fetcher, pool, store, monkeypatch):
    fetcher.answers[FEED.url] = rss("a")
    await tick()
    parsed = []
    monkeypatch.setattr(pool, "run", parsed.append)
    await tick(7 * 3600)
    assert (parsed, (await state_of(store)).polls) == ([], 2)


async def test_case_06_a_429_keeps_us_from_the_whole_host(redis, keys, clock, fetcher, pool):
    store = RedisFeedStore(redis, keys, clock, per_host=1)
    feeds = [make_feed(id=f"f{n}", url=f"https://wire.example/{n}") for n in range(20)]
    await store.subscribe(feeds, first_due={})
    for feed in feeds:
        fetcher.answers[feed.url] = FetchFailure(
            url=feed.url, problem="HTTP 429", status=429, retry_after=3600.0
        )
    poll = Poll(
        feeds={feed.id: feed for feed in feeds},
        store=store,
        fetcher=fetcher,
        pool=pool,
        clock=clock.now,
        jitter=lambda: 0.0,
    )
    for _ in range(60):
        await poll.tick()
        await poll.drain()
        clock.advance(59)
    assert len(fetcher.asked) == 1
    for _ in range(4):
        clock.advance(300)
        await poll.tick()
        await poll.drain()
    assert len(fetcher.asked) > 1


async def test_case_08_nothing_is_disabled_by_an_outage_of_our_own(
    redis, keys, clock, fetcher, pool
):
    store = RedisFeedStore(redis, keys, clock)
    feeds = [make_feed(id=f"f{n}", url=f"https://h{n}.example/") for n in range(40)]
    await store.subscribe(feeds, first_due={})
    down = {feed.url: FetchFailure(url=feed.url, problem="no route") for feed in feeds}
    up = {feed.url: answer("a", url=feed.url) for feed in feeds}
    poll = Poll(
        feeds={feed.id: feed for feed in feeds},
        store=store,
        fetcher=fetcher,
        pool=pool,
        clock=clock.now,
        jitter=lambda: 0.0,
        slots=5,
    )

    async def pass_by(minutes: int) -> None:
        for _ in range(minutes):
            await poll.tick()
            await poll.drain()
            clock.advance(60)

    fetcher.answers.update(up)
    await pass_by(30)
    fetcher.answers.update(down)
    await pass_by(120)
    states = [state for state, _ in (await store.states()).values()]
    assert max(state.failures for state in states) <= 1  # until it was noticed
    assert sum(state.failures for state in states) < 25
    fetcher.answers.update(up)
    await pass_by(40)
    assert {state.failures for state, _ in (await store.states()).values()} == {0}


async def test_case_10_a_feed_that_moved_is_polled_at_its_new_address(tick, store, fetcher):
    new = "https://new.example/rss"
    moved = answer("a", url=new, hops=(Hop(status=308, url=new),))
    fetcher.answers[FEED.url] = moved
    for _ in range(40):
        await tick(6 * 3600)
        fetcher.answers[FEED.url] = replace(moved, body=rss("a", more=f"<!-- {_} -->"))
        fetcher.answers[new] = answer("a", url=new)
    assert (await state_of(store)).moved_to == new
    assert fetcher.asked[-1][0] == new


async def test_a_flood_waits_for_the_admin(tick, store, fetcher, entries):
    fetcher.answers[FEED.url] = rss(*(f"a{n}" for n in range(10)))
    await tick()
    fetcher.answers[FEED.url] = rss(*(f"b{n}" for n in range(10)))
    await tick(7 * 3600)
    assert len(await entries()) == 10
    assert (await state_of(store)).status is FeedStatus.HELD
    assert await store.release_held(FEED.id, accept=True) == 10
    assert len(await entries()) == 20
    await tick(7 * 3600)
    assert (await state_of(store)).status is FeedStatus.OK
    assert len(await entries()) == 20


async def test_poll_goes_on_claiming_while_more_is_due_than_fits(redis, keys, clock, fetcher, pool):
    store = RedisFeedStore(redis, keys, clock)
    feeds = [make_feed(id=f"f{n}", url=f"https://h{n}.example/") for n in range(100)]
    await store.subscribe(feeds, first_due={})
    poll = Poll(
        feeds={feed.id: feed for feed in feeds},
        store=store,
        fetcher=fetcher,
        pool=pool,
        clock=clock.now,
        jitter=lambda: 0.0,
        slots=10,
    )
    assert await poll.tick() == 10
    await poll.drain()
    assert len(fetcher.asked) == 100


async def test_poll_says_in_a_line_that_the_server_went_away_under_it(
    store, fetcher, pool, clock, caplog, monkeypatch
):
    await store.subscribe([FEED], first_due={FEED.id: clock.now()})
    fetcher.answers[FEED.url] = rss("a")
    poll = Poll(
        feeds={FEED.id: FEED},
        store=store,
        fetcher=fetcher,
        pool=pool,
        clock=clock.now,
        jitter=lambda: 0.0,
        of_the_server=of_the_server,
    )

    async def settle(claim, update):
        raise RedisConnectionError("Error 111 connecting to db:6379.")

    monkeypatch.setattr(store, "settle", settle)
    await poll.tick()
    await poll.drain()
    assert "Error 111 connecting to db:6379." in caplog.text
    assert not [said for said in caplog.records if said.exc_info]


async def test_poll_holds_a_busy_machine_against_no_feed(
    store, fetcher, pool, clock, entries, caplog
):
    await store.subscribe([FEED], first_due={FEED.id: clock.now()})
    fetcher.answers[FEED.url] = rss("a")
    poll = Poll(
        feeds={FEED.id: FEED},
        store=store,
        fetcher=fetcher,
        pool=BusyPool(pool, times=1),
        clock=clock.now,
        jitter=lambda: 0.0,
    )
    for waited in (0, 120):  # its lease lapses
        clock.advance(waited)
        assert await poll.tick() == 1
        await poll.drain()
    assert [entry.key for entry in await entries()] == ["a"]
    ((state, _),) = (await store.states()).values()
    assert (state.polls, state.failures) == (1, 0)
    assert "poll.put_off" in caplog.text
    assert not [said for said in caplog.records if said.exc_info]
