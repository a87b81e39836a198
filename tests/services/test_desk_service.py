"""desk as a service: one record's way from ARTICLES to DELIVERIES, behind the lease."""

from __future__ import annotations

import pytest

from bot.adapters.redis import streams
from bot.adapters.redis.article_log import RedisArticleLog
from bot.adapters.redis.bus import Group
from bot.adapters.redis.desk import RedisDesk
from bot.adapters.redis.outbox import RedisOutbox
from bot.domain.channels import CONSOLE, PAGE, Alerts, Channel, Configuration
from bot.domain.errors import LostOwnership
from bot.domain.news import EntryReason
from bot.domain.posts import PostKey, PostKind
from bot.domain.stories import Action, Reason
from bot.domain.watch import Match
from bot.services.current import Current
from bot.services.desk import DeskWorker
from tests.builders import make_article
from tests.services.claiming import Entries

CONFIG = Configuration(
    channels=(Channel(to=CONSOLE, topics=("Spending",), alerts=Alerts(from_score=3)),)
)
FLAGGED = make_article(matches=(Match(topic="Spending", score=5),))


@pytest.fixture
def store(redis, keys, clock):
    return RedisDesk(redis, keys, clock)


@pytest.fixture
def outbox(redis, keys, clock):
    return RedisOutbox(redis, keys, clock)


@pytest.fixture
def worker(redis, keys, clock):
    def worker(owner: str, *, lease: float = 30.0) -> DeskWorker:
        store = RedisDesk(redis, keys, clock, lease=lease)
        return DeskWorker(owner=owner, desk=store, current=Current(CONFIG), clock=clock.now)

    return worker


@pytest.fixture
def stored(redis, keys, clock):
    """Stores an article through the read hop and takes its record as the desk's consumer."""

    async def stored(article):
        entry = await Entries(redis, keys, clock).claim(streams.ENTRIES)
        await RedisArticleLog(redis, keys, clock).append(entry, article)
        group = Group(redis, keys, clock, streams.ARTICLES, consumer="w1")
        await group.ensure()
        (delivery,) = await group.read(1)
        return delivery.claimed, streams.record(delivery.claimed.id, delivery.fields)

    return stored


async def test_desk_wants_a_post_in_every_channel_that_watches_the_topic(worker, outbox, stored):
    desk = worker("a")
    assert await desk.take_over()
    await desk.handle(*await stored(FLAGGED))
    for destination in (CONSOLE, PAGE):
        key = PostKey(kind=PostKind.STORY, destination=destination, subject=("a1",))
        post = await outbox.post(key)
        assert (post.desired, post.brief.headline) == (1, FLAGGED.title)


async def test_desk_records_why(worker, store, stored):
    desk = worker("a")
    await desk.take_over()
    await desk.handle(*await stored(FLAGGED))
    decisions = {d.destination: (d.action, d.reason) for d in await store.decisions("a1")}
    assert decisions[CONSOLE] == (Action.ALERT, Reason.FIRST_REPORT)


async def test_only_one_desk_is_active(worker):
    first, second = worker("a"), worker("b")
    assert await first.take_over()
    assert not await second.take_over()
    await first.release()
    assert await second.take_over()


async def test_desk_that_lost_its_lease_writes_nothing_and_steps_back(worker, outbox, stored):
    first, second = worker("a", lease=0.0), worker("b")
    await first.take_over()
    assert await second.take_over()
    claimed, record = await stored(FLAGGED)
    with pytest.raises(LostOwnership):
        await first.handle(claimed, record)
    assert await outbox.recent(limit=5) == ()
    assert not await first.renew()


async def test_desk_goes_on_where_the_one_before_it_stopped(worker, outbox, stored):
    first, second = worker("a"), worker("b")
    await first.take_over()
    await first.handle(*await stored(FLAGGED))
    await first.release()
    await second.take_over()
    later = make_article(
        id="a1",
        revision=2,
        title="Another headline",
        matches=FLAGGED.matches,
        reason=EntryReason.EDITED,
    )
    await second.handle(*await stored(later))
    post = await outbox.post(PostKey(kind=PostKind.STORY, destination=CONSOLE, subject=("a1",)))
    assert (post.desired, post.brief.headline) == (2, "Another headline")
