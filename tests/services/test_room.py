"""The server's memory: measured, trimmed to budgets, and told when it is short."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.adapters.embedded_redis import EmbeddedRedis
from bot.adapters.redis import streams
from bot.adapters.redis.article_log import RedisArticleLog
from bot.adapters.redis.bus import Group, PutOff
from bot.adapters.redis.connect import connect
from bot.adapters.redis.outbox import RedisOutbox
from bot.adapters.redis.room import RedisRoom
from bot.bootstrap import loops
from bot.bootstrap.loading import Loader
from bot.domain.channels import CONSOLE, Configuration
from bot.domain.errors import Unavailable
from bot.domain.posts import PostKey, PostKind
from bot.domain.room import Extent, Room, Shortage
from bot.domain.times import to_ms
from bot.domain.watch import Match
from bot.services.make_room import MakeRoom
from tests.builders import NOW, make_article
from tests.services.claiming import Entries
from tests.services.newsroom import Newsroom

DAY = 86_400
MB = 1024**2


@pytest.fixture
def room(redis, keys, clock):
    return RedisRoom(redis, keys, clock)


@pytest.fixture
def log(redis, keys, clock):
    return RedisArticleLog(redis, keys, clock)


@pytest.fixture
def entries(redis, keys, clock):
    return Entries(redis, keys, clock)


@pytest.fixture
def app(redis, server, tag, clock, tmp_path):
    return Newsroom(redis, server, tag, clock, tmp_path).app


@pytest.fixture
def store(log, entries):
    """Stores articles that match, and so stand in both streams."""

    async def stored(*ids, **changes):
        values = {"matches": (Match(topic="NATO", score=3),), **changes}
        return [
            await log.append(await entries.claim("entries"), make_article(id=name, **values))
            for name in ids
        ]

    return stored


async def fold_all(redis, keys, clock):
    """The desk has finished all there is."""
    group = Group(redis, keys, clock, streams.ARTICLES, consumer="desk")
    await group.ensure()
    for delivery in await group.read(1_000):
        await group.ack(delivery.claimed)


async def ids_in(redis, keys, stream):
    return [
        streams.record(i.decode(), f).article.id for i, f in await redis.xrange(keys.stream(stream))
    ]


async def test_measure_weighs_both_streams(room, store, clock):
    assert (await room.measure()).articles == Extent()
    await store(*"abc", text="word " * 2_000)
    await store("d", matches=())
    found = await room.measure()
    assert (found.articles.records, found.kept.records) == (4, 3)
    assert found.articles.since is not None
    assert abs(found.articles.since - clock.now()) < timedelta(seconds=5)
    assert 0 < found.kept.bytes < found.used <= found.cap


async def test_a_server_that_does_not_say_is_guessed_at(redis, keys, clock, store, entries):
    await store(*map(str, range(20)), text="".join(map(chr, range(0x4E00, 0x4E00 + 4_000))))
    said = (await RedisRoom(redis, keys, clock).measure()).articles.bytes
    await redis.acl_setuser(
        "guest",
        enabled=True,
        nopass=True,
        keys=["*"],
        commands=["+@all", "-memory|usage"],
    )
    guest = redis.client()
    try:
        await guest.execute_command("AUTH", "guest", "")
        guessed = (await RedisRoom(guest, keys, clock).measure()).articles.bytes
        claimed = await entries.claim(streams.JOBS)
        group = Group(guest, keys, clock, streams.JOBS, consumer="first")
        assert await group.dead_letter(claimed, "for ever wrong") is PutOff.DEAD
    finally:
        await guest.aclose()
        await redis.acl_deluser("guest")
    assert 0.7 * said < guessed < 1.3 * said


async def test_a_cap_of_ours_counts_where_the_server_has_none_that_is_lower(redis, keys, clock):
    ours = await RedisRoom(redis, keys, clock, cap=100 * MB).measure()
    the_servers = await RedisRoom(redis, keys, clock, cap=1024**4).measure()
    assert (ours.cap, the_servers.cap) == (100 * MB, 512 * MB)


async def test_kept_is_trimmed_by_age(room, store, redis, keys, clock):
    """70 weekly records over 490 days: those of the last 400 days are left."""
    for week in range(70):
        await store(f"a{week}")
        clock.advance(7 * DAY)
    await fold_all(redis, keys, clock)
    await room.trim(articles=None, kept=None)
    assert await ids_in(redis, keys, "kept") == [f"a{week}" for week in range(13, 70)]


async def test_housekeeping_trims_kept(app, redis):
    await redis.xadd(app.keys.stream("kept"), {"t": "a", "d": b""}, id="1-0")
    await loops.make_room(app)
    assert await redis.xlen(app.keys.stream("kept")) == 0


async def test_the_oldest_go_and_only_as_many_as_do_not_fit(room, store, redis, keys, clock):
    await store(*"abcdef")
    await fold_all(redis, keys, clock)
    assert await room.trim(articles=2, kept=5) == 5
    assert await ids_in(redis, keys, "articles") == ["e", "f"]
    assert await ids_in(redis, keys, "kept") == ["b", "c", "d", "e", "f"]


async def test_what_the_desk_has_not_finished_stays(room, store, redis, keys):
    await store(*"abc")
    assert await room.trim(articles=0, kept=3) == 0  # before any desk has come
    assert await ids_in(redis, keys, "articles") == ["a", "b", "c"]


async def test_where_a_record_stood_is_forgotten_with_it(room, store, log, redis, keys, clock):
    await store("old", "edited")
    clock.advance(370 * DAY)
    await store("edited", revision=2, matches=())
    clock.advance(31 * DAY)
    await store("new")
    await fold_all(redis, keys, clock)
    await room.trim(articles=None, kept=None)

    assert await redis.zrange(keys.kept_ids, 0, -1) == [b"new|1"]
    assert await redis.zcard(keys.kept_copies) == 1
    assert not await redis.exists(keys.where("old"), keys.where("edited"))
    assert (await log.latest("new")).article.id == "new"


async def test_what_is_left_of_an_article_is_known_where_it_stands(
    room, store, log, redis, keys, clock
):
    await store("a")
    clock.advance(60 * DAY)
    await store("a", revision=2, matches=())
    await store("b")
    await fold_all(redis, keys, clock)
    await room.trim(articles=None, kept=1)

    assert await ids_in(redis, keys, "kept") == ["b"]
    assert (await log.latest("a")).article.revision == 2
    assert not await redis.hexists(keys.where("a"), "kept")
    assert 0 < await redis.pttl(keys.where("a")) <= 30 * DAY * 1000


async def test_a_record_kept_late_outlives_the_time_of_its_original(
    room, store, log, redis, keys, clock
):
    await store("a", matches=())
    record = await log.latest("a")
    clock.advance(29 * DAY)
    await log.keep(record)
    clock.advance(380 * DAY)
    await store("b")
    await fold_all(redis, keys, clock)
    await room.trim(articles=None, kept=None)
    assert await log.at(record.position) == record
    assert await log.latest("a") == record


class SmallRoom:
    """A server's memory as a test says."""

    def __init__(self) -> None:
        self.used = 10 * MB
        self.articles = Extent()
        self.noted = {}
        self.kept_lengths = []
        self.now = NOW

    async def measure(self):
        return Room(
            now=self.now, used=self.used, cap=100 * MB, articles=self.articles, since=self.noted
        )

    async def trim(self, *, articles, kept):
        self.kept_lengths.append(articles)
        if articles is None:
            return 0
        freed = self.articles.bytes * (1 - articles / self.articles.records)
        gone = self.articles.records - articles
        self.articles = Extent(
            records=articles, bytes=round(self.articles.bytes - freed), since=self.articles.since
        )
        self.used -= round(freed)
        return gone

    async def note(self, shortages):
        for shortage in shortages:
            self.noted.setdefault(shortage, self.now)
        return dict(self.noted)

    async def eased(self, shortage):
        del self.noted[shortage]


@pytest.fixture
def small():
    return SmallRoom()


@pytest.fixture
def outbox(redis, keys, clock):
    return RedisOutbox(redis, keys, clock)


@pytest.fixture
def make_room(small, outbox):
    return MakeRoom(room=small, outbox=outbox, config=Configuration)


def notice(shortage, since=NOW):
    subject = ("room", shortage, str(to_ms(since)))
    return PostKey(kind=PostKind.NOTICE, destination=CONSOLE, subject=subject)


async def test_a_full_server_is_told_once_and_again_when_it_has_room(make_room, small, outbox):
    small.used = 85 * MB
    for _ in range(3):
        await make_room.look()
        small.now += timedelta(minutes=1)
    assert make_room.full
    (post,) = await outbox.recent(limit=10)
    assert (post.key, post.desired) == (notice(Shortage.FULL), 1)
    assert "85% full" in post.brief.headline

    small.used = 77 * MB
    await make_room.look()
    assert make_room.full
    small.used = 70 * MB
    await make_room.look()
    assert not make_room.full
    (post,) = await outbox.recent(limit=10)
    assert (post.desired, post.brief.headline) == (2, "The server has room again: feeds are polled")

    small.now += timedelta(days=1)
    small.used = 90 * MB
    await make_room.look()
    assert len(await outbox.recent(limit=10)) == 2


async def test_a_notice_that_was_noted_and_not_wanted_is_wanted_with_the_next_look(
    make_room, small, outbox
):
    small.used = 85 * MB
    await small.note({Shortage.FULL})  # and the process died
    await make_room.look()
    assert [post.desired for post in await outbox.recent(limit=10)] == [1]


async def test_articles_give_way_before_intake_waits(make_room, small, outbox):
    small.used, small.articles = 90 * MB, Extent(records=1_000, bytes=80 * MB, since=NOW)
    await make_room.look()
    assert not make_room.full
    assert small.used == 70 * MB
    (post,) = await outbox.recent(limit=10)
    assert post.key == notice(Shortage.SHORT)


async def test_no_feed_is_claimed_while_the_server_is_full(app, monkeypatch):
    polled = []

    async def tick():
        polled.append(1)

    monkeypatch.setattr(app.poll, "tick", tick)
    app.make_room.full = True
    await loops.poll(app)
    assert polled == []
    app.make_room.full = False
    await loops.poll(app)
    assert polled == [1]


@pytest.fixture
async def small_server(tmp_path):
    """A client of a server of its own, whose memory a test may fill."""
    with EmbeddedRedis(tmp_path, maxmemory=16 * MB) as embedded:
        client = await connect(embedded.start())
        yield client
        await client.aclose()


async def test_a_server_that_takes_nothing_more_is_trimmed_and_takes_the_notice(
    small_server, keys, clock
):
    log, entries = (kind(small_server, keys, clock) for kind in (RedisArticleLog, Entries))
    room, outbox = (kind(small_server, keys, clock) for kind in (RedisRoom, RedisOutbox))
    words = "".join(map(chr, range(0x4E00, 0x4E00 + 16_000)))
    for number in range(300):
        claimed = await entries.claim("entries")
        await log.append(claimed, make_article(id=str(number), text=words))
    await fold_all(small_server, keys, clock)
    used = (await room.measure()).used
    await small_server.config_set("maxmemory", used - 1)

    left = await MakeRoom(room=room, outbox=outbox, config=Configuration).look()

    assert 0 < left.articles.records < 300
    assert [post.key.subject[1] for post in await outbox.recent(limit=5)] == ["short"]


async def test_loading_stops_before_the_server_is_full(app, monkeypatch):
    async def measure():
        return Room(now=NOW, used=81 * MB, cap=100 * MB)

    monkeypatch.setattr(app.room, "measure", measure)
    loader = Loader(app, failed=print)
    with pytest.raises(Unavailable, match=r"81 of 100 MB in use.*NATO_BRIEF_MEMORY"):
        await loader.add(name="d", title="", text="x", outlet="", url="", published=None)
