"""Two worker processes given two copies of one wire at the same instant: one story, one post."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot.adapters.clock import Clock
from bot.adapters.redis.feed_store import RedisFeedStore
from bot.adapters.redis.outbox import RedisOutbox
from bot.domain.channels import CONSOLE
from bot.domain.feeds import FeedState, FeedUpdate
from bot.domain.posts import PostKind
from tests.builders import make_entry, make_feed

COMMAND = Path(sys.executable).with_name("nato-brief")
WIRE = "\n\n".join(
    f"Part {n}: NATO allies argued in Brussels over defence spending of {n}.5 percent and about"
    f" who pays for air defence number {n} of the alliance, a diplomat of state {n} explained."
    for n in range(1, 16)
)


@pytest.mark.slow
async def test_two_copies_at_once_make_one_story_and_one_post(
    server, redis, keys, tag, tmp_path, processes
):
    clock = Clock()
    store = RedisFeedStore(redis, keys, clock)
    feeds = [make_feed(id=f"f{n}", url=f"https://{n}.example/rss") for n in (1, 2)]
    await store.subscribe(feeds, first_due={feed.id: clock.now() for feed in feeds})
    environment = {**os.environ, "REDIS_URL": server, "NATO_BRIEF_TAG": tag.strip("{}")}
    arguments = [COMMAND, "--data-dir", str(tmp_path), "worker"]
    workers = [processes.start(*arguments, env=environment) for _ in range(2)]
    entry = make_entry(text=WIRE, title="Allies argue over defence spending", published=clock.now())
    for claim in await store.claim_due(2):
        copy = replace(
            entry,
            feed_id=claim.feed_id,
            outlet=f"Outlet {claim.feed_id}",
            article_id=f"article {claim.feed_id}",
            url=f"https://{claim.feed_id}.example/wire",
            first_seen=clock.now(),
        )
        update = FeedUpdate(
            feed_id=claim.feed_id,
            state=FeedState(polls=1),
            next_due=clock.now(),
            entries=(copy,),
            seen=(("guid-1", "fp1"),),
        )
        assert await store.settle(claim, update)
    outbox = RedisOutbox(redis, keys, clock)
    await processes.until(lambda: told_of_both(outbox), every=0.05)
    for worker in workers:
        worker.terminate()
    assert [worker.wait() for worker in workers] == [0, 0]
    stories = [post for post in await outbox.recent(limit=10) if post.key.destination == CONSOLE]
    assert [post.key.kind for post in stories] == [PostKind.STORY]
    assert (len(stories[0].brief.items[0].coverage), stories[0].brief.items[0].origins) == (2, 1)
    assert processes.said().count(" ALERT ") == 1


async def told_of_both(outbox: RedisOutbox) -> bool:
    posts = [post for post in await outbox.recent(limit=10) if post.key.destination == CONSOLE]
    return any(
        post.sent == post.desired and len(post.brief.items[0].coverage) == 2 for post in posts
    )
