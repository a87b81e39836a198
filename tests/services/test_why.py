"""why: what is stored about one article, gathered."""

from __future__ import annotations

import pytest

from bot.adapters.redis.article_log import RedisArticleLog
from bot.adapters.redis.desk import RedisDesk
from bot.adapters.redis.feed_store import RedisFeedStore
from bot.adapters.redis.outbox import RedisOutbox
from bot.core.feeds.identity import article_id
from bot.domain.channels import CONSOLE
from bot.domain.posts import BriefKind, DesiredPost, PostKey, PostKind
from bot.domain.stories import Action, Decision, Outcome, Reason
from bot.services.why import Why
from tests.builders import NOW, make_article, make_brief, make_item
from tests.services.claiming import Entries

URL = "https://wire.example/a1"
NAME = article_id(URL, title="", outlet="")
HELD = Decision(
    article_id=NAME,
    revision=1,
    story_id="s1",
    destination=CONSOLE,
    action=Action.DIGEST,
    reason=Reason.LOW_SCORE,
    at=NOW,
)


def digest(date: str, story_id: str) -> DesiredPost:
    return DesiredPost(
        key=PostKey(kind=PostKind.DIGEST, destination=CONSOLE, subject=("17:00", date)),
        revision=1,
        brief=make_brief(kind=BriefKind.DIGEST, items=(make_item(story_id=story_id),)),
    )


@pytest.fixture
def why(redis, keys, clock):
    return Why(
        feeds=RedisFeedStore(redis, keys, clock),
        articles=RedisArticleLog(redis, keys, clock),
        desk=RedisDesk(redis, keys, clock),
        outbox=RedisOutbox(redis, keys, clock),
    )


async def test_why_names_the_digest_that_showed_the_articles_story(why, redis, keys, clock):
    entries = Entries(redis, keys, clock)
    log, desk = RedisArticleLog(redis, keys, clock), RedisDesk(redis, keys, clock)
    await log.append(await entries.claim("entries"), make_article(id=NAME, url=URL))
    shown, other = digest("2025-04-04", "s1"), digest("2025-04-03", "s2")
    outcome = Outcome(posts=(shown, other), decisions=(HELD,))
    claimed = await entries.claim("articles", put=False)
    await desk.commit(await desk.lease("desk"), claimed, outcome)
    found = await why(f"{URL}?utm_source=x#top")
    assert found.record is not None
    assert found.decisions == (HELD,)
    assert [post.key for post in found.posts] == [shown.key]


async def test_why_finds_a_doc_that_was_loaded_by_its_id(why, redis, keys, clock):
    await RedisArticleLog(redis, keys, clock).load(make_article(id="doc-17", url=URL))
    found = await why("doc-17")
    assert (found.article_id, found.record.article.url) == ("doc-17", URL)


async def test_why_of_an_unknown_address_is_empty(why):
    found = await why("https://never.example/seen")
    assert (found.record, found.decisions, found.posts) == (None, (), ())
