"""poll on the real server: one feed's way from due to ENTRIES."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from bot.adapters.pool import ProcessPool
from bot.adapters.redis import streams
from bot.adapters.redis.feed_store import RedisFeedStore
from bot.domain.news import EntryReason, Fetched
from bot.services.poll import Poll
from tests.builders import make_feed
from tests.recorders import RecordedFetcher

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
    await tick(3600)
    await tick(3600)
    assert [entry.key for entry in await entries()] == ["a", "b"]


async def test_poll_counts_an_edit_as_the_next_revision(tick, fetcher, entries):
    fetcher.answers[FEED.url] = rss("a")
    await tick()
    fetcher.answers[FEED.url] = rss("a", more="<description>Corrected.</description>")
    await tick(3600)
    seen = [(entry.key, entry.revision, entry.reason) for entry in await entries()]
    assert seen == [("a", 1, EntryReason.NEW), ("a", 2, EntryReason.EDITED)]


async def test_poll_sends_the_validators_back_as_they_came(tick, fetcher):
    fetcher.answers[FEED.url] = Fetched(
        status=200, url=FEED.url, body=rss("a"), etag='W/"x"', last_modified="yesterday, roughly"
    )
    await tick()
    await tick(3600)
    assert fetcher.asked[-1] == (FEED.url, 'W/"x"', "yesterday, roughly")


async def test_poll_is_not_due_again_before_its_time(tick, fetcher):
    fetcher.answers[FEED.url] = rss("a")
    assert [await tick(), await tick(60), await tick(3600)] == [1, 0, 1]


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
    await tick(3600)
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
