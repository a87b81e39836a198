"""watch feeds on the real server: one living notice for each incident, never one a poll."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.redis.bus import Group
from bot.adapters.redis.feed_log import RedisFeedLog, RedisIncidents
from bot.adapters.redis.feed_store import RedisFeedStore
from bot.adapters.redis.outbox import RedisOutbox
from bot.adapters.redis.streams import DELIVERIES, delivery
from bot.core.feeds.network import is_down
from bot.domain.channels import CONSOLE, Configuration, Destination
from bot.domain.feeds import FeedState, FeedStatus, FeedUpdate
from bot.domain.posts import PostKind
from bot.domain.watch import Match
from bot.services.deliver import Deliver
from bot.services.watch_feeds import WatchFeeds
from tests.builders import NOW, make_article, make_entry, make_feed
from tests.recorders import RecordedSender

ADMINS = Destination(platform="slack", channel="#admins")
FEED = make_feed()
OTHER = make_feed(id="f2", url="https://coast.example/rss", name="Coast")
FINE = FeedState(polls=5, last_success=NOW)


class Room:
    """Feeds whose state we set, and the admin channel."""

    def __init__(self, redis, keys, clock):
        self.store = RedisFeedStore(redis, keys, clock)
        self.log = RedisFeedLog(redis, keys, clock)
        self.outbox = RedisOutbox(redis, keys, clock)
        self.sender = RecordedSender(clock)
        self.clock = clock
        self.config = Configuration(feeds=(FEED, OTHER), admin_channel=ADMINS)
        self._group = Group(redis, keys, clock, DELIVERIES, consumer="w1")
        self._deliver = Deliver(
            outbox=self.outbox, articles=None, senders=lambda _: self.sender, clock=clock.now
        )
        self.incidents = RedisIncidents(redis, keys)
        self.watch = WatchFeeds(
            config=lambda: self.config,
            store=self.store,
            log=self.log,
            incidents=self.incidents,
            outbox=self.outbox,
            clock=clock.now,
        )

    async def be(self, *, held=(), **states):
        """Settle a poll of each feed with the state given, and park ``held``."""
        await self.store.subscribe(self.config.feeds, first_due={})
        self.clock.advance(3600)
        claims = {claim.feed_id: claim for claim in await self.store.claim_due(9)}
        for feed_id, state in states.items():
            update = FeedUpdate(
                feed_id=feed_id, state=state, next_due=self.clock.now(), held=tuple(held)
            )
            assert await self.store.settle(claims[feed_id], update)

    async def look(self):
        """Look once, and deliver what is wanted; how many posts were delivered."""
        await self.incidents._redis.delete(self.incidents._keys.guard("watch feeds"))
        await self.watch.look()
        await self._group.ensure()
        found = await self._group.read(50)
        for one in found:
            key = delivery(one.claimed.id, one.fields)
            await self._deliver(one.claimed, key)
        return len(found)


@pytest.fixture
def room(redis, keys, clock):
    return Room(redis, keys, clock)


def failing(clock, hours=3, problem="HTTP 503"):
    return FeedState(
        polls=5,
        failures=4,
        problem=problem,
        status=FeedStatus.FAILING,
        failing_since=clock.now() - timedelta(hours=hours),
        last_success=NOW - timedelta(hours=hours),
    )


async def test_a_blind_feed_is_told_once_edited_and_said_to_be_well(room, clock):
    await room.log.was_read(make_article(matches=(Match(topic="Ships", score=1.0, evidence=()),)))
    state = failing(clock)
    await room.be(f1=state, f2=FINE)
    assert [await room.look() for _ in range(3)] == [1, 0, 0]
    ((_, brief),) = room.sender.sent
    assert brief.headline == "No news from Wire: HTTP 503"
    assert "Blind for: Ships" in brief.notes
    for failures in (5, 6):  # another poll that fails says nothing new
        await room.be(f1=replace(state, failures=failures))
        assert await room.look() == 0
    await room.be(f1=replace(state, problem="HTTP 403", failures=7))
    assert await room.look() == 1
    await room.be(f1=replace(FINE, last_success=clock.now()))
    assert [await room.look() for _ in range(2)] == [1, 0]
    assert len(room.sender.sent) == 1
    assert [brief.headline for _, brief in room.sender.edited] == [
        "No news from Wire: HTTP 403",
        "Wire is back",
    ]
    assert await room.incidents.load() == ()


async def test_a_second_failure_is_a_second_message(room, clock):
    for _ in range(2):
        await room.be(f1=failing(clock))
        await room.look()
        await room.be(f1=FINE)
        await room.look()
    assert [brief.headline for _, brief in room.sender.sent] == ["No news from Wire: HTTP 503"] * 2


async def test_feeds_that_fail_together_are_one_message(room, clock):
    await room.be(f1=failing(clock), f2=failing(clock, problem="no connection"))
    await room.look()
    ((_, brief),) = room.sender.sent
    assert brief.headline == "No news from 2 feeds: Coast, Wire"


async def test_the_notice_goes_to_the_admin_channel_or_to_the_fallback(room, clock):
    await room.be(f1=failing(clock))
    await room.look()
    room.config = replace(room.config, admin_channel=None)
    await room.be(f1=FINE)
    await room.look()
    await room.be(f2=failing(clock))
    await room.look()
    posts = await room.outbox.recent(limit=9)
    assert {post.key.kind for post in posts} == {PostKind.NOTICE}
    assert {post.key.destination for post in posts} == {ADMINS, CONSOLE}


async def test_held_entries_are_told_with_the_command(room):
    await room.be(f1=FINE, held=[make_entry(key=f"k{n}") for n in range(40)])
    await room.look()
    ((_, brief),) = room.sender.sent
    assert brief.headline == "Wire: 40 entries at once are held: accept or drop them"
    assert brief.notes[-1].startswith("`nato-brief feeds accept f1`")


async def test_what_a_working_feed_has_to_say_is_told_once(room, clock):
    moved = replace(FINE, notice="moved for good to https://wire.example/new")
    await room.be(f1=moved)
    assert [await room.look() for _ in range(2)] == [1, 0]
    await room.be(f1=replace(FINE, notice="its 304 hides entries; it is always fetched whole"))
    assert await room.look() == 1
    assert len(room.sender.sent) == 1  # one living note a feed


async def test_one_process_of_all_looks(room, redis, keys):
    incidents = RedisIncidents(redis, keys)
    assert [await incidents.take_turn(50) for _ in range(2)] == [True, False]


async def test_a_crash_before_the_post_is_wanted_is_made_good_by_the_next_look(room, clock):
    await room.be(f1=failing(clock))
    outbox, room.watch._outbox = room.watch._outbox, None
    with pytest.raises(AttributeError):
        await room.look()
    room.watch._outbox = outbox
    assert [await room.look() for _ in range(2)] == [1, 0]
    assert len(room.sender.sent) == 1


async def test_while_our_own_network_is_down_nothing_new_is_told(room, clock):
    await room.be(f1=failing(clock))
    await room.look()
    await room.be(f1=failing(clock, hours=4), f2=failing(clock))
    for number in range(8):  # nobody answers any more
        await room.store.network(f"host {number}")
    assert is_down(await room.store.network())
    await room.look()
    assert [brief.headline for _, brief in room.sender.sent] == ["No news from Wire: HTTP 503"]


async def test_a_look_that_another_process_does_is_left_to_it(room, clock):
    await room.be(f1=failing(clock))
    room.watch._incidents = RedisIncidents(room.store._redis, room.store._keys)
    assert [await room.watch.look() for _ in range(2)] == [1, 0]


async def test_an_outage_of_our_own_that_lasts_is_one_message_about_all_feeds(room, clock):
    await room.log.was_read(make_article(matches=(Match(topic="Ships", score=1.0, evidence=()),)))
    await room.be(f1=FINE, f2=FINE)
    claims = {claim.feed_id: claim for claim in await room.store.claim_due(9)}
    update = FeedUpdate(feed_id="f1", state=FINE, next_due=clock.now(), answered=True)
    assert await room.store.settle(claims["f1"], update)
    clock.advance(60)
    for host in ("wire.example", "coast.example"):
        await room.store.network(host)
    assert await room.look() == 0
    clock.advance(3600)
    assert await room.look() == 0
    clock.advance(3600)
    assert [await room.look() for _ in range(3)] == [1, 0, 0]
    ((_, brief),) = room.sender.sent
    assert brief.headline == "No news from 2 feeds: Coast, Wire"
    assert "nobody has answered since" in brief.notes[0]
    assert "Blind for: Ships" in brief.notes
    clock.advance(600)
    (claim,) = [c for c in await room.store.claim_due(9) if c.feed_id == "f1"]
    update = FeedUpdate(feed_id="f1", state=FINE, next_due=clock.now(), answered=True)
    assert await room.store.settle(claim, update)
    assert [await room.look() for _ in range(2)] == [1, 0]
    assert [brief.headline for _, brief in room.sender.edited] == ["Coast, Wire are back"]


async def test_an_outage_from_the_first_poll_on_is_told_too(room, clock):
    """As behind a proxy that was mistyped: nobody ever answered."""
    doubted = FeedState(doubted=clock.now() + timedelta(hours=1), doubt="no connection")
    await room.be(f1=doubted, f2=doubted)
    for host in ("wire.example", "coast.example"):
        await room.store.network(host)
    assert await room.look() == 0
    clock.advance(2 * 3600)
    assert [await room.look() for _ in range(2)] == [1, 0]
    ((_, brief),) = room.sender.sent
    assert brief.headline == "No news from 2 feeds: Coast, Wire"
