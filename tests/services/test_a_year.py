"""Every key after a simulated year: of a row of the table, within its bound, all within the cap."""

from __future__ import annotations

from collections import defaultdict

import pytest

from bot.adapters.embedded_redis import EmbeddedRedis
from bot.adapters.redis import streams
from bot.adapters.redis.connect import connect
from bot.adapters.redis.keys import TABLE
from bot.core.stories.place import WINDOW
from bot.domain.posts import PostKind
from bot.domain.room import Shortage
from tests.services.year import CONFIG, MATCHES, Year, row_of

DAYS, ARTICLES, WORDS = 365, 4, 150
#: Bytes: a little more than these articles' part of 512 MB for 1,000 a day, for four feeds take as
#: much in a small server as in a large one.
SHARE = 4 * 1024**2
FEEDS = len(CONFIG.feeds)
DESTINATIONS = 2

#: Row that has another bound than a time to live → how long its key may be after that year.
MOST = {
    "feeds:due": FEEDS,
    "feeds:hosts": FEEDS,
    "network": 2 + 50,
    "digests:due": 3 * DESTINATIONS,
    "digests:fired": 31 * DESTINATIONS,
    "entries": 0,
    "deliveries": 0,
    "jobs": 0,
    "articles": 31 * (ARTICLES + 3),
    "kept": 366 * ARTICLES / 3,
    "kept:ids": 366 * ARTICLES / 3,
    "kept:copies": 366 * ARTICLES / 3,
    "dlq:<stream>": 53,
    "stories": 31 * ARTICLES,
    "channels": DESTINATIONS,
    "desk": 5,
    "posts": 31 * (ARTICLES + 1) * DESTINATIONS,
    "page": 31 * (ARTICLES + 1),
    "versions": 1,
    "version:<number>": 2,
    "withheld": 3,
    "room": 2,
    "incidents": FEEDS,
    "told": FEEDS,
    "looks:due": ARTICLES,
}
SIZES = {"stream": "xlen", "zset": "zcard", "hash": "hlen", "string": "exists", "list": "llen"}


@pytest.fixture
async def live(tmp_path, clock):
    """Begins a deployment on a server of its own, with so many bytes for what it stores."""
    with EmbeddedRedis(tmp_path, maxmemory=64 * 1024**2) as embedded:
        url = embedded.start()
        redis = await connect(url)

        async def begin(share: int) -> Year:
            year = Year(redis, url, tmp_path, clock, words=WORDS, share=share)
            await year.begin()
            return year

        yield begin
        await redis.aclose()


async def walked(redis) -> dict[str, list[bytes]]:
    """Row → the keys that are there."""
    rows = defaultdict(list)
    async for key in redis.scan_iter(count=1_000):
        rows[row_of(key.decode())].append(key)
    return rows


async def beyond_their_bound(redis) -> list[str]:
    """Keys that neither end by themselves nor are as short as they have to be."""
    found = []
    for row, keys in (await walked(redis)).items():
        for key in keys:
            if (lives := TABLE[row].lives) is not None:
                if not 0 < await redis.pttl(key) <= lives:
                    found.append(f"{key!r} has no end")
                continue
            kind = (await redis.type(key)).decode()
            if (size := await getattr(redis, SIZES[kind])(key)) > MOST[row]:
                found.append(f"{key!r} holds {size}")
    return found


async def test_a_year_leaves_every_key_within_its_bound_and_all_within_the_cap(live):
    year = await live(SHARE)
    app, redis = year.app, year.redis
    for day in range(1, DAYS + 1):
        await year.day(ARTICLES)
        if day % 5 == 0:
            await year.age(5)

    assert await beyond_their_bound(redis) == []
    room = await app.room.measure()
    assert room.part < 0.7, room
    assert not app.make_room.full
    assert await redis.exists(app.keys.room) == 0
    # Nothing went for want of room: a month of articles, and every match of the year.
    assert room.articles.records >= 30 * ARTICLES
    assert await redis.xlen(app.keys.stream("kept")) >= DAYS * ARTICLES // MATCHES

    # The desk has all it needs: the stories of its window, and the record of each member.
    state = await app.desk_store.load(since=year.clock.now() - WINDOW)
    members = [member for story in state.stories for member in story.members]
    assert len({member.article_id for member in members}) >= 2 * ARTICLES
    for member in members:
        assert await app.articles.at(member.position) is not None
        assert member.packed_shingles
    # So have posts: every quote of the last month can be checked again.
    posts = [p for p in await app.outbox.recent(limit=500) if p.key.kind is PostKind.STORY]
    assert len(posts) >= 30 * ARTICLES // MATCHES
    quotes = [q for post in posts for item in post.brief.items for q in item.quotes]
    assert quotes
    assert await app.tally.counts() == {}


async def test_a_flood_holds_intake_is_told_once_and_loses_nothing_unread(live):
    year = await live(1024**2)
    app, redis = year.app, year.redis
    articles = app.keys.stream(streams.ARTICLES)
    passed = 0
    while not app.make_room.full:  # what stories, posts and decisions take cannot be trimmed
        await year.pass_on(4 * ARTICLES)
        passed += 4 * ARTICLES
        assert (await app.room.measure()).part < 0.95

    left = await redis.xlen(articles)
    assert 0 < left < passed  # the oldest went first
    await year.pass_on(ARTICLES)
    assert await redis.xlen(articles) <= left
    state = await app.desk_store.load(since=year.clock.now() - WINDOW)
    members = [member for story in state.stories for member in story.members]
    newest = max(members, key=lambda member: (member.stored, member.article_id))
    assert await app.articles.at(newest.position) is not None

    year.clock.advance(31 * 86_400)
    await year.age(31)
    for _ in range(2):
        await year.day(ARTICLES)
    assert not app.make_room.full
    assert await redis.xlen(articles) >= ARTICLES
    notices = [p for p in await app.outbox.recent(limit=500) if p.key.kind is PostKind.NOTICE]
    told = [post.desired for post in notices if post.key.subject[:2] == ("room", Shortage.FULL)]
    assert told == [2]
