"""What feeds brought lately, on the real server: small samples with a bound."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.adapters.redis.article_log import RedisArticleLog
from bot.adapters.redis.feed_log import RedisFeedLog
from bot.domain.channels import CONSOLE
from bot.domain.incidents import Passage
from bot.domain.news import EntryReason
from bot.domain.posts import PostKey, PostKind
from bot.domain.watch import Match
from bot.services.freshness import Freshness
from tests.builders import NOW, make_article

HOUR = timedelta(hours=1)


@pytest.fixture
def log(redis, keys, clock):
    return RedisFeedLog(redis, keys, clock)


async def test_feed_log_knows_the_hours_and_the_way_of_new_entries(log):
    await log.was_read(make_article(published=NOW - HOUR))
    await log.was_read(make_article(reason=EntryReason.BACKFILL, first_seen=NOW + 5 * HOUR))
    assert (await log.rhythms(["f1", "f2"]))["f1"].hours == (NOW,)
    read, posted = (await log.passages(["f1"]))["f1"]
    assert (read, posted) == ((Passage(published=NOW - HOUR, seen=NOW),), ())


async def test_feed_log_takes_the_time_of_seeing_for_no_date(log):
    await log.was_read(make_article(published=NOW, first_seen=NOW))
    assert (await log.passages(["f1"]))["f1"][0] == (Passage(published=None, seen=NOW),)


async def test_feed_log_knows_the_topics_of_the_last_month(log, clock):
    await log.was_read(make_article(matches=(Match(topic="Ships", score=1.0, evidence=()),)))
    clock.advance(20 * 86_400)
    late = make_article(
        reason=EntryReason.LATE, matches=(Match(topic="Ice", score=1, evidence=()),)
    )
    await log.was_read(late)
    since = clock.now() - timedelta(days=30)
    assert await log.topics(["f1", "f2"], since=since) == {"f1": ("Ice", "Ships"), "f2": ()}
    clock.advance(11 * 86_400)
    since = clock.now() - timedelta(days=30)
    assert (await log.topics(["f1"], since=since))["f1"] == ("Ice",)


async def test_feed_log_is_bounded(log, redis, keys):
    for number in range(250):
        await log.was_read(make_article(first_seen=NOW + number * HOUR))
    assert await redis.zcard(keys.hours("f1")) == 200
    assert await redis.llen(keys.passages("f1")) == 100
    assert (await log.rhythms(["f1"]))["f1"].hours[-1] == NOW + 249 * HOUR
    for key in (keys.hours("f1"), keys.passages("f1")):
        assert await redis.ttl(key) > 0


async def test_freshness_measures_the_first_post_of_a_story(log, redis, keys, clock):
    articles = RedisArticleLog(redis, keys, clock)
    await articles.load(make_article(published=NOW - HOUR))
    posted = Freshness(articles=articles, feeds=log).posted
    story = PostKey(kind=PostKind.STORY, destination=CONSOLE, subject=("a1",))
    await posted(story, NOW + HOUR)
    await posted(PostKey(kind=PostKind.DIGEST, destination=CONSOLE, subject=("07:30", "d")), NOW)
    await posted(PostKey(kind=PostKind.STORY, destination=CONSOLE, subject=("gone",)), NOW)
    assert (await log.passages(["f1"]))["f1"][1] == (
        Passage(published=NOW - HOUR, seen=NOW, posted=NOW + HOUR),
    )
