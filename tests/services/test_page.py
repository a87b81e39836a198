"""The page as a destination on a real server."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.redis.page import PageSender, page_path
from bot.domain.channels import PAGE
from bot.domain.posts import Brief, BriefKind, PostKey, PostKind, Receipt
from tests.builders import NOW
from tests.recorders import begin

KEY = PostKey(kind=PostKind.STORY, destination=PAGE, subject=("a1",))
BRIEF = Brief(kind=BriefKind.ALERT, headline="NATO chief urges more", made=NOW)


@pytest.fixture
def page(redis, keys, clock):
    return PageSender(redis, keys, clock)


async def test_page_lists_what_was_sent_the_newest_first(page, clock):
    keys = [replace(KEY, subject=(name,)) for name in ("one", "two", "three")]
    for key in keys:
        await page.send(key, BRIEF, begin)
        clock.advance(1)
    assert await page.published(2) == (keys[2], keys[1])
    assert await page.published(0) == ()


async def test_page_lists_a_post_once_however_often_it_is_sent(page):
    receipts = [await page.send(KEY, BRIEF, begin) for _ in range(2)]
    assert await page.published(9) == (KEY,)
    assert receipts[0].handle == receipts[1].handle == page_path(KEY)


async def test_page_path_is_short_and_of_one_key():
    assert re.fullmatch("/posts/[0-9a-f]{16}", page_path(KEY))
    assert page_path(KEY) != page_path(replace(KEY, subject=("a2",)))


async def test_page_finds_exactly_what_was_sent(page, clock):
    assert await page.find(KEY, since=NOW - timedelta(days=1)) is None
    sent = await page.send(KEY, BRIEF, begin)
    assert await page.find(KEY, since=NOW - timedelta(days=1)) == sent
    assert sent == Receipt(handle=page_path(KEY), at=sent.at)


async def test_page_moves_an_edited_post_up(page, clock):
    other = replace(KEY, subject=("other",))
    for key in (KEY, other):
        await page.send(key, BRIEF, begin)
        clock.advance(1)
    await page.edit(KEY, page_path(KEY), BRIEF, begin)
    assert await page.published(9) == (KEY, other)


async def test_page_edit_of_what_is_not_listed_lists_nothing(page):
    await page.edit(KEY, page_path(KEY), BRIEF, begin)
    assert await page.published(9) == ()


async def test_page_forgets_after_thirty_days(page, clock):
    await page.send(KEY, BRIEF, begin)
    clock.advance(31 * 24 * 3600)
    other = replace(KEY, subject=("other",))
    await page.send(other, BRIEF, begin)
    assert await page.published(9) == (other,)
