"""read as a service: the page is fetched when needed, the hop ends in one record."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial

import pytest

from bot.adapters.pool import ProcessPool
from bot.adapters.redis import streams
from bot.adapters.redis.article_log import RedisArticleLog
from bot.adapters.redis.bus import Group
from bot.adapters.redis.feed_log import RedisFeedLog
from bot.adapters.redis.feed_store import RedisFeedStore
from bot.adapters.redis.page_store import RedisPageStore
from bot.core.articles.read import ReadingRules
from bot.core.articles.seconded import read_with
from bot.core.quotes.pipeline import prepare
from bot.domain.errors import LostOwnership, Permanent, Recoverable, UsageError
from bot.domain.feeds import FeedState, FeedUpdate
from bot.domain.news import TextState
from bot.domain.watch import Phrase, Topic, Watchlists
from bot.services.pages import Pages
from bot.services.read import Read
from tests.builders import make_entry, make_feed
from tests.recorders import RecordedFetcher
from tests.small_parser import SAID, write_small_parser

RULES = ReadingRules(
    version="rules of the service tests",
    watchlists=Watchlists(
        topics=(Topic(name="Spending", any=(Phrase(text="defence spending"),)),), version="w1"
    ),
)
PAGE = (
    "<html><body><article>"
    + "".join(f"<p>Paragraph {n} is about defence spending in the north.</p>" for n in range(20))
    + "</article></body></html>"
).encode()


@pytest.fixture(scope="module")
def pool() -> Iterator[ProcessPool]:
    pool = ProcessPool(workers=1, cpu=30, wall=300)
    yield pool
    asyncio.run(pool.close())


@pytest.fixture
def articles(redis, keys, clock):
    return RedisArticleLog(redis, keys, clock)


class FussyPool:
    """Reads in this process, and dies of what it cannot bear."""

    def __init__(self, unbearable):
        self._unbearable = unbearable

    async def run(self, function, entry, page, rules):
        if self._unbearable in (page or b"") + entry.summary.encode():
            raise Permanent("used more than 60 CPU seconds and was stopped")
        return function(entry, page, rules)


@pytest.fixture
def reading(articles, pool, redis, keys, clock):
    """Reads with a fetcher of ours."""

    def reading(fetcher, pool=pool):
        pages = Pages(fetcher=fetcher, store=RedisPageStore(redis, keys, clock))
        return Read(
            articles=articles,
            feeds=RedisFeedLog(redis, keys, clock),
            pages=pages,
            pool=pool,
            rules=RULES,
        )

    return reading


@pytest.fixture
def take(redis, keys, clock):
    """Puts an entry on ENTRIES the way a poll does, and takes it as a consumer does."""

    async def take(entry):
        store = RedisFeedStore(redis, keys, clock)
        await store.subscribe([make_feed()], first_due={"f1": clock.now()})
        (claim,) = await store.claim_due(1)
        update = FeedUpdate(
            feed_id="f1",
            state=FeedState(polls=1),
            next_due=clock.now(),
            entries=(entry,),
            seen=((entry.key, entry.fingerprint),),
        )
        assert await store.settle(claim, update)
        group = Group(redis, keys, clock, streams.ENTRIES, consumer="w1")
        await group.ensure()
        (delivery,) = await group.read(1)
        return delivery.claimed, streams.entry(delivery.claimed.id, delivery.fields)

    return take


async def test_read_ends_in_one_record_that_can_be_found(articles, reading, take):
    read = reading(RecordedFetcher({"https://wire.example/a1": PAGE}))
    claimed, entry = await take(make_entry(summary="Short."))
    await read(claimed, entry)
    record = await articles.latest("a1")
    assert record.article.state is TextState.FULL
    assert [match.topic for match in record.article.matches] == ["Spending"]
    assert await articles.at(record.position) == record
    with pytest.raises(LostOwnership):  # it was acknowledged with the record
        await read(claimed, entry)


async def test_a_page_is_kept_until_its_entry_is_read(reading, take, redis, keys):
    async def kept() -> int:
        return await redis.exists(keys.page_text("a1:1"))

    class Dying:
        async def run(self, *args):
            assert await kept()
            raise Recoverable("the worker is being replaced", after=1)

    fetcher = RecordedFetcher({"https://wire.example/a1": PAGE})
    claimed, entry = await take(make_entry(summary="Short."))
    with pytest.raises(Recoverable):
        await reading(fetcher, Dying())(claimed, entry)
    assert await kept()
    await reading(fetcher)(claimed, entry)
    assert not await kept()


async def test_read_goes_on_with_the_summary_when_the_page_is_not_to_be_had(
    articles, reading, take
):
    read = reading(RecordedFetcher())
    await read(*await take(make_entry(summary="Short, about defence spending.")))
    record = await articles.latest("a1")
    assert (record.article.text, record.article.state) == (
        "Short, about defence spending.",
        TextState.SUMMARY,
    )


@pytest.mark.parametrize(
    ("unbearable", "state"),
    [(b"Paragraph", TextState.SUMMARY), (b"short", TextState.HEADLINE)],
    ids=["page", "summary"],
)
async def test_read_goes_on_with_less_when_reading_it_all_kills_the_worker(
    articles, reading, take, unbearable, state
):
    fetcher = RecordedFetcher({"https://wire.example/a1": PAGE.replace(b"north", b"short")})
    read = reading(fetcher, FussyPool(unbearable))
    entry = make_entry(title="On defence spending", summary="In short, it rises.")
    await read(*await take(entry))
    record = await articles.latest("a1")
    assert record.article.state is state
    assert [match.topic for match in record.article.matches] == ["Spending"]


async def test_a_reader_loads_the_quote_model_and_asks_it(pool, tmp_path):
    model = write_small_parser(tmp_path / "model")
    await pool.run(prepare, model)
    entry = make_entry(text=SAID)
    article = await pool.run(partial(read_with, model=model), entry, None, RULES)
    assert [quote.rule for quote in article.quotes] == ["quote, name said; parser agrees"]
    with pytest.raises(UsageError, match="python -m spacy download no_such_model"):
        await pool.run(prepare, "no_such_model")
