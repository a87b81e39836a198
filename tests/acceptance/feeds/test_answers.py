"""Cases 13 and 14: answers that are no feed are trouble, never "no news"."""

from __future__ import annotations

import pytest

from bot.domain.feeds import FeedStatus
from tests.acceptance.feeds.documents import named
from tests.acceptance.feeds.feed_server import Answer
from tests.acceptance.feeds.polling import LONG

CHALLENGE = (
    b"<!DOCTYPE html><html><head><title>Just a moment...</title></head>"
    b"<body>Checking your browser</body></html>"
)


@pytest.mark.parametrize(
    "answer",
    [Answer(body=CHALLENGE, status=403), Answer(body=CHALLENGE)],
    ids=["403", "200"],
)
async def test_case_13_a_challenge_page_is_blocked_not_empty(start, site, feed, answer):
    site.answers["/feed"] = answer
    polling = await start(walled := feed())
    await polling.poll()
    state = await polling.state(walled)
    assert (state.status, state.failures) == (FeedStatus.BLOCKED, 1)


@pytest.mark.parametrize(
    "body", [b"", b" \n\t ", b"<rss/>"], ids=["an empty body", "blanks", "no items"]
)
async def test_case_14_an_emptied_feed_is_trouble_and_forgets_nothing(start, site, feed, body):
    site.answers["/feed"] = named("a", "b")
    polling = await start(emptied := feed())
    await polling.poll()
    site.answers["/feed"] = body
    for failures in (1, 2):
        await polling.poll(after=LONG)
        state = await polling.state(emptied)
        assert (state.failures, state.blind) == (failures, True)
    site.answers["/feed"] = named("c", "b", "a")
    await polling.next_poll(emptied)
    assert (await polling.titles())[2:] == ["Report c"]
    assert (await polling.state(emptied)).problem is None
