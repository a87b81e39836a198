"""Pages looked at again on the real server, by a clock that is moved."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.adapters.pool import ProcessPool
from bot.adapters.redis import streams
from bot.adapters.redis.article_log import RedisArticleLog
from bot.adapters.redis.bus import Group
from bot.adapters.redis.codec import encode
from bot.adapters.redis.feed_log import RedisFeedLog
from bot.adapters.redis.looks import RedisLooks
from bot.adapters.redis.page_store import RedisPageStore
from bot.core.articles.read import ReadingRules
from bot.domain.fetches import Fetched, FetchFailure
from bot.domain.news import EntryReason, TextState
from bot.domain.stories import Action, Decision, Reason
from bot.domain.watch import Phrase, Topic, Watchlists
from bot.services.look_again import LookAgain
from bot.services.pages import PageLimits, Pages
from bot.services.read import Read
from tests.builders import make_entry
from tests.recorders import BusyPool, RecordedFetcher

HOUR = 3600
URL = "https://wire.example/2025/ferry"
TOPIC = Topic(name="Ships", any=(Phrase(text="ferry"),))
RULES = ReadingRules(
    version="looked at again", watchlists=Watchlists(topics=(TOPIC,), version="w1")
)
ENTRY = make_entry(url=URL, title="The ferry waits for spring", summary="The ferry waits.")


def page(said: str, *, more: str = "") -> bytes:
    story = "".join(
        f"<p>Paragraph {n} of the story tells how the ferry lies in the ice of the bay.</p>"
        for n in range(8)
    )
    return (
        f"<html><body><article><h1>The ferry waits for spring</h1><p>{said}</p>{story}</article>"
        f"<aside>{more}</aside></body></html>"
    ).encode()


FIRST = page("“The ferry sails in May,” said Ann Holm, the harbour master of the bay.")
EDITED = page("“The ferry sails in June,” said Ann Holm, the harbour master of the bay.")


@pytest.fixture(scope="module")
def pool() -> Iterator[ProcessPool]:
    pool = ProcessPool(workers=1)
    yield pool
    asyncio.run(pool.close())


class Desk:
    """Everything between ENTRIES and ARTICLES."""

    def __init__(self, redis, keys, clock, pool, *, first=HOUR):
        self.redis, self.keys, self.clock = redis, keys, clock
        self.fetcher = RecordedFetcher({URL: FIRST})
        pages = Pages(
            fetcher=self.fetcher,
            store=RedisPageStore(redis, keys, clock),
            limits=PageLimits(spacing=0),
        )
        self.articles = RedisArticleLog(redis, keys, clock)
        self.looks = RedisLooks(redis, keys, clock)
        self.action = Action.ALERT
        self.again = LookAgain(
            looks=self.looks,
            articles=self.articles,
            decisions=self._decisions,
            pages=pages,
            pool=pool,
            first=first,
        )
        self._read = Read(
            articles=self.articles,
            feeds=RedisFeedLog(redis, keys, clock),
            pages=pages,
            pool=pool,
            rules=RULES,
            again=self.again.plan,
        )
        self.group = Group(redis, keys, clock, streams.ENTRIES, consumer="w1")

    async def _decisions(self, article_id):
        reason = Reason.FIRST_REPORT if self.action is Action.ALERT else Reason.LOW_SCORE
        return (
            Decision(
                article_id=article_id,
                revision=1,
                story_id=article_id,
                action=self.action,
                reason=reason,
                at=self.clock.now(),
            ),
        )

    async def publish(self, entry):
        """Put an entry on ENTRIES as a poll does, and read it."""

        revision = await self.redis.hincrby(self.keys.revisions(entry.feed_id), entry.article_id)
        fields = {"rev": revision, "d": encode(entry)}
        await self.redis.xadd(self.keys.stream(streams.ENTRIES), fields)
        await self.read()

    async def read(self) -> int:
        await self.group.ensure()
        found = await self.group.read(9)
        for one in found:
            await self._read(one.claimed, streams.entry(one.claimed.id, one.fields))
        return len(found)

    async def look(self, after: float) -> int:
        """Look when so many seconds have passed, and read what came of it; how many looks."""
        self.clock.advance(after)
        # Pages are kept for ten minutes of the server's own time.
        for kept in await self.redis.keys(self.keys.page_text("*")):
            await self.redis.delete(kept)
        looks = await self.again.look()
        await self.read()
        return looks

    async def latest(self):
        return (await self.articles.latest(ENTRY.article_id)).article

    def asked(self) -> int:
        return sum(url == URL for url, _, _ in self.fetcher.asked)


@pytest.fixture
def desk(redis, keys, clock, pool):
    return Desk(redis, keys, clock, pool)


async def test_a_page_is_looked_at_after_one_six_and_twenty_four_hours(desk):
    await desk.publish(ENTRY)
    looks = [await desk.look(HOUR / 2) for _ in range(60)]
    at = [n / 2 for n, many in enumerate(looks, start=1) if many]
    assert at == [1.0, 6.0, 24.0]
    assert desk.asked() == 4
    assert (await desk.latest()).revision == 1
    assert await desk.redis.exists(desk.keys.looks_due, desk.keys.look(ENTRY.article_id)) == 0


async def test_an_edited_page_is_the_next_revision_of_its_article(desk):
    await desk.publish(ENTRY)
    desk.fetcher.answers[URL] = EDITED
    await desk.look(HOUR)
    article = await desk.latest()
    assert (article.revision, article.reason) == (2, EntryReason.EDITED)
    assert [quote.text for quote in article.quotes] == ["The ferry sails in June,"]
    assert desk.asked() == 2  # what was found is not fetched once more to be read
    await desk.look(5 * HOUR)
    assert (await desk.latest()).revision == 2
    desk.fetcher.answers[URL] = page("“It never sails,” said Ann Holm, the harbour master there.")
    await desk.look(18 * HOUR)
    assert (await desk.latest()).revision == 3


@pytest.mark.parametrize(
    "now",
    [
        FIRST.replace(b"<aside>", b"<aside>Read by 1,204 people"),
        b"<html><body><p>Subscribe to read on.</p></body></html>",
        b"",
        FetchFailure(url=URL, problem="HTTP 404", status=404),
        FetchFailure(url=URL, problem="no answer"),
        Fetched(status=200, url=URL, body=b"\x00", content_type="video/mp4"),
    ],
    ids=["a counter", "a paywall", "nothing", "gone", "no answer", "a film"],
)
async def test_a_page_that_tells_nothing_new_is_no_edit(desk, now):
    await desk.publish(ENTRY)
    desk.fetcher.answers[URL] = now
    assert await desk.look(HOUR) == 1
    article = await desk.latest()
    assert (article.revision, article.state) == (1, TextState.FULL)
    desk.fetcher.answers[URL] = EDITED
    await desk.look(5 * HOUR)
    assert (await desk.latest()).revision == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "The bridge waits", "summary": "The bridge."},
        {"reason": EntryReason.BACKFILL},
        {"reason": EntryReason.LATE},
        {"text": "The ferry lies in the ice of the bay. " * 60},
    ],
    ids=["matches nothing", "announces nothing", "late", "whole in the feed"],
)
async def test_other_pages_are_not_looked_at_again(desk, changes):

    if "title" in changes:
        desk.fetcher.answers[URL] = b"<html><body><p>The bridge.</p></body></html>"
    await desk.publish(replace(ENTRY, **changes))
    assert await desk.look(HOUR) == 0


async def test_the_page_of_an_article_that_no_channel_got_is_not_asked_for(desk):
    desk.action = Action.NONE
    await desk.publish(ENTRY)
    desk.fetcher.answers[URL] = EDITED
    await desk.look(HOUR)
    assert (desk.asked(), await desk.look(48 * HOUR)) == (1, 0)


async def test_nothing_is_looked_at_again_where_that_is_switched_off(redis, keys, clock, pool):
    desk = Desk(redis, keys, clock, pool, first=0)
    await desk.publish(ENTRY)
    assert await desk.look(48 * HOUR) == 0


async def test_a_look_that_died_is_done_again_and_a_slow_one_tells_nothing(desk):
    await desk.publish(ENTRY)
    desk.clock.advance(HOUR)
    (slow,) = await desk.looks.claim(8)
    assert await desk.looks.claim(8) == ()
    desk.fetcher.answers[URL] = EDITED
    assert await desk.look(301) == 1
    assert (await desk.latest()).revision == 2
    assert await desk.looks.settle(slow, again=HOUR, edit=ENTRY) is None
    assert await desk.read() == 0


async def test_a_host_that_is_busy_is_asked_later(desk):
    await desk.publish(ENTRY)
    await RedisPageStore(desk.redis, desk.keys, desk.clock).hold("wire.example", HOUR + 300)
    desk.fetcher.answers[URL] = EDITED
    assert await desk.look(HOUR) == 1
    assert desk.asked() == 1
    assert await desk.look(301) == 1
    assert (await desk.latest()).revision == 2


async def test_so_many_pages_are_waiting_at_most(desk, monkeypatch):
    monkeypatch.setattr("bot.adapters.redis.looks._MOST", 2)
    entries = [make_entry(article_id=f"a{n}") for n in range(3)]
    assert [await desk.looks.plan(one, after=1.0) for one in entries] == [True, True, False]
    assert await desk.looks.plan(entries[0], after=1.0)


async def test_a_page_that_the_machine_was_too_busy_for_is_looked_at_again(desk, pool, caplog):
    busy = BusyPool(pool, times=0)
    desk.again._pool = busy
    await desk.publish(ENTRY)
    desk.fetcher.answers[URL] = EDITED
    busy.left = 1
    await desk.look(HOUR)
    assert (await desk.latest()).revision == 1
    assert "look.failed" not in caplog.text
    await desk.look(HOUR)
    assert (await desk.latest()).revision == 2
