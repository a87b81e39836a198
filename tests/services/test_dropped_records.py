"""What is shown and kept when the records that posts quote go before the posts do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.channels import CONSOLE
from bot.domain.posts import DesiredPost, PostKey, PostKind
from tests.services.newsroom import Newsroom, printed

KEY = PostKey(kind=PostKind.STORY, destination=CONSOLE, subject=("a1",))
WORDS = "We will open the bridge before the winter and close the ferry"
OTHER = "Nobody asked the towns on the river what the bridge will cost them"


@pytest.fixture
def room(redis, server, tag, clock, tmp_path):
    return Newsroom(redis, server, tag, clock, tmp_path)


def shown(brief):
    return [quote.text for item in brief.items for quote in item.quotes]


async def posted(room):
    await room.read(printed(WORDS))
    await room.fold()
    await room.deliver()
    return await room.app.outbox.post(KEY)


async def drop_all(room):
    await room.app.room.trim(articles=0, kept=0)
    assert await room.app.articles.latest("a1") is None


async def again(room, post):
    """Want what is shown once more, as any change of the story does."""
    await room.app.outbox.want(DesiredPost(key=KEY, revision=post.desired + 1, brief=post.brief))
    await room.deliver()


async def test_an_edit_keeps_the_quotes_of_a_record_that_was_dropped(room):
    post = await posted(room)
    assert shown(room.sender.sent[-1][1]) == [WORDS]
    await drop_all(room)
    await again(room, post)
    assert shown(room.sender.edited[-1][1]) == [WORDS]
    assert await room.app.tally.counts() == {}


async def test_the_pages_keep_them_too(room):
    await posted(room)
    await drop_all(room)
    found = {post.key: post for post in await room.app.shown.recent(limit=5)}
    assert shown(found[KEY].brief) == [WORDS]


async def test_a_first_post_shows_no_quote_that_cannot_be_checked_any_more(room):
    await room.read(printed(WORDS))
    await room.fold()
    await drop_all(room)
    await room.deliver()
    assert shown(room.sender.sent[-1][1]) == []
    assert await room.app.tally.counts() == {"deliver": 2}  # on the terminal and on the page


async def test_an_edit_shows_no_quote_of_a_record_that_never_was(room):
    post = await posted(room)
    newer = "9" * 13 + "-0"
    items = tuple(
        replace(item, quotes=tuple(replace(q, position=newer) for q in item.quotes))
        for item in post.brief.items
    )
    await again(room, replace(post, brief=replace(post.brief, items=items)))
    assert shown(room.sender.edited[-1][1]) == []


async def test_the_desk_keeps_what_posts_quote_of_articles_that_match_nothing(room):
    await room.read(printed(WORDS), printed(OTHER, id="a2", outlet="Post", matches=()))
    await room.fold()
    _, brief = await room.wanted()
    assert OTHER in shown(brief)
    await room.app.room.trim(articles=0, kept=None)
    assert (await room.app.articles.latest("a2")).article.id == "a2"


async def test_a_record_is_kept_on_a_server_that_takes_nothing_more(room, redis):
    await room.read(printed(WORDS, matches=()))
    record = await room.app.articles.latest("a1")
    await redis.config_set("maxmemory", 1)
    try:
        await room.app.articles.keep(record)
    finally:
        await redis.config_set("maxmemory", 512 * 1024 * 1024)
    assert await redis.xlen(room.app.keys.stream("kept")) == 1


async def test_the_index_forgets_what_was_dropped_for_room(room):
    await room.read(*(printed(WORDS, id=name, matches=()) for name in ("a1", "a2", "a3")))
    await room.run()
    assert room.app.index.extent().articles == 3
    await room.app.room.trim(articles=1, kept=0)
    await room.app.tail.forget()
    assert room.app.index.extent().articles == 1
    room.app.index.close()
