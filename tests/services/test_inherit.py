"""What dead processes had in hand is taken over at once by one that knows it is alone."""

from __future__ import annotations

import asyncio

import pytest

from bot.adapters.redis.bus import Group, publish
from bot.adapters.redis.desk import RedisDesk
from bot.adapters.redis.feed_store import RedisFeedStore
from bot.adapters.redis.inherit import Inherited, inherit
from bot.adapters.redis.looks import RedisLooks
from bot.adapters.redis.outbox import RedisOutbox
from bot.adapters.redis.page_store import RedisPageStore
from bot.adapters.redis.streams import DELIVERIES, ENTRIES, GROUPS
from bot.domain.channels import CONSOLE
from bot.domain.posts import ClaimAction, DesiredPost, PostKey, PostKind
from tests.builders import make_brief, make_entry, make_feed

POST = PostKey(kind=PostKind.STORY, destination=CONSOLE, subject=("s1",))
NOTHING = Inherited(entries=0, posts=0, feeds=0, looks=0)


@pytest.fixture
def take_over(redis, keys, clock):
    """As the first thing of a new process; the lease of an entry is a minute."""

    def start(grace: float = 0.2):
        return inherit(redis, keys, clock, idle=60, grace=grace)

    return start


@pytest.fixture
def group(redis, keys, clock):
    def make(consumer: str, stream: str = ENTRIES) -> Group:
        return Group(redis, keys, clock, stream, consumer=consumer)

    return make


async def test_on_an_empty_server_there_is_nothing_to_inherit(take_over):
    assert await take_over() == NOTHING


async def test_entries_of_every_stream_are_taken_at_once(take_over, group, scripts, keys):
    for stream in GROUPS:
        dead = group("dead", stream)
        await dead.ensure()
        await publish(scripts, keys, stream, {"k": "a", "d": "x"})
        assert len(await dead.read(1)) == 1
        assert await group("heir", stream).claim_stale(5) == (False, ())
    assert (await take_over()).entries == len(GROUPS)
    for stream in GROUPS:
        _, [delivery] = await group("heir", stream).claim_stale(5)
        assert delivery.crashes == 1  # it is not known to be innocent


async def test_a_suspect_does_not_end_one_start_after_another(take_over, group, scripts, keys):
    """One that ended this process, too, waits: honest work comes first."""
    await group("w0").ensure()
    await publish(scripts, keys, ENTRIES, {"d": "x"})
    assert len(await group("w0").read(1)) == 1
    taken = []
    for number in range(1, 8):
        await take_over()
        heir = group(f"w{number}")
        suspect, found = await heir.claim_stale(5)
        alone = await heir.claim_suspect() if suspect else ()
        taken.append(len(found) + len(alone))
    assert taken == [1, 1, 1, 0, 0, 0, 0]


async def test_the_desk_is_taken_at_once(take_over, redis, keys, clock):
    desk = RedisDesk(redis, keys, clock, lease=60)
    before = await desk.lease("dead")
    assert await desk.lease("heir") == 0
    await take_over()
    assert await desk.lease("heir") > before


async def test_feeds_and_turns_at_hosts_are_free_at_once(take_over, redis, keys, clock):
    feeds = RedisFeedStore(redis, keys, clock, per_host=2)
    pages = RedisPageStore(redis, keys, clock)
    mine = [make_feed(id=name, url=f"https://wire.example/{name}") for name in "ab"]
    await feeds.subscribe(mine, first_due={})
    assert len(await feeds.claim_due(5)) == 2
    for name in ("p1", "p2"):
        assert await pages.enter("post.example", name, spacing=0, at_once=2, patience=9) == 0
    clock.advance(5)
    assert await feeds.claim_due(5) == ()

    assert await take_over() == NOTHING._replace(feeds=2)
    assert {claim.feed_id for claim in await feeds.claim_due(5)} == {"a", "b"}
    assert await pages.enter("post.example", "p3", spacing=0, at_once=2, patience=9) == 0


async def test_a_feed_that_nobody_polls_keeps_its_time(take_over, redis, keys, clock):
    feeds = RedisFeedStore(redis, keys, clock)
    due = clock.now().replace(year=2030)
    await feeds.subscribe([make_feed(id="a")], first_due={"a": due})
    assert await take_over() == NOTHING
    [(_, known)] = (await feeds.states()).values()
    assert known == due


async def test_looks_under_way_are_due_at_once_and_others_keep_their_time(
    take_over, redis, keys, clock
):
    looks = RedisLooks(redis, keys, clock)
    for name in ("under way", "done"):
        await looks.plan(make_entry(article_id=name), after=0)
    await looks.plan(make_entry(article_id="planned"), after=60)
    claimed = {look.entry.article_id: look for look in await looks.claim(5)}
    await looks.settle(claimed["done"], again=60)
    assert await looks.claim(5) == ()
    assert await take_over() == NOTHING._replace(looks=1)
    assert [look.entry.article_id for look in await looks.claim(5)] == ["under way"]


@pytest.fixture
async def being_sent(redis, keys, clock, scripts, group):
    """A post in the hands of a process that died, and the outbox of the next one."""
    outbox = RedisOutbox(redis, keys, clock, lease=60, grace=60)
    await outbox.want(DesiredPost(key=POST, revision=1, brief=make_brief()))
    dead = group("dead", DELIVERIES)
    await dead.ensure()
    assert len(await dead.read(1)) == 1
    claim = await outbox.claim(POST)
    assert claim.action is ClaimAction.SEND
    return outbox, claim


async def test_a_post_that_never_left_is_sent_at_once(take_over, being_sent):
    outbox, _ = being_sent
    assert (await outbox.claim(POST)).action is ClaimAction.BUSY
    assert (await take_over()).posts == 1
    assert (await outbox.claim(POST)).action is ClaimAction.SEND


async def test_a_post_that_may_be_out_is_looked_up_once_it_must_have_landed(take_over, being_sent):
    outbox, claim = being_sent
    assert await outbox.begin(POST, claim.token)
    assert (await take_over(grace=0.2)).posts == 1
    assert (await outbox.claim(POST)).action is ClaimAction.BUSY
    while (again := await outbox.claim(POST)).action is ClaimAction.BUSY:
        await asyncio.sleep(0.01)
    assert again.action is ClaimAction.RECONCILE


async def test_a_lease_that_ends_sooner_is_not_made_longer(take_over, being_sent):
    outbox, claim = being_sent
    await outbox.begin(POST, claim.token)
    await take_over(grace=0.05)
    await take_over(grace=3600)
    while (await outbox.claim(POST)).action is ClaimAction.BUSY:
        await asyncio.sleep(0.01)
