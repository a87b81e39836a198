"""Cases 1 to 5: servers whose ETag and Last-Modified do not mean what they should."""

from __future__ import annotations

import pytest

from tests.acceptance.feeds.documents import named
from tests.acceptance.feeds.feed_server import Answer, validating
from tests.acceptance.feeds.polling import DAY, HOUR, LONG


@pytest.mark.parametrize(
    "last_modified", ["Thu, 01 Jan 1970 00:00:00 GMT", "Tue, 01 Jan 2041 00:00:00 GMT"]
)
async def test_case_01_304_for_ever_is_found_out_by_an_unconditional_get(
    start, site, feed, last_modified
):
    document = named("a")
    site.answers["/feed"] = validating(lambda: document, last_modified=last_modified)
    polling = await start(frozen := feed())
    await polling.poll()
    document = named("b", "a")
    await polling.poll(after=LONG)
    assert await polling.titles() == ["Report a"]
    await polling.poll_for(DAY, every=HOUR)
    assert await polling.titles() == ["Report a", "Report b"]
    assert (await polling.state(frozen)).validators_bad
    await polling.poll(after=LONG)
    assert not site.asked[-1].conditional


async def test_case_02_200_with_constant_etag_but_new_body_is_parsed(start, site, feed):
    site.answers["/feed"] = Answer(body=named("a"), headers={"ETag": '"same"'})
    polling = await start(feed())
    await polling.poll()
    site.answers["/feed"] = Answer(body=named("b", "a"), headers={"ETag": '"same"'})
    await polling.poll(after=LONG)
    assert site.asked[-1].headers["If-None-Match"] == '"same"'
    assert await polling.titles() == ["Report a", "Report b"]


async def test_case_03_new_etag_with_the_same_last_modified_is_stored(start, site, feed):
    same = {"Last-Modified": "Fri, 04 Apr 2025 10:00:00 GMT"}
    site.answers["/feed"] = Answer(body=named("a"), headers={"ETag": 'W/"1"', **same})
    polling = await start(feed())
    await polling.poll()
    site.answers["/feed"] = Answer(body=named("b", "a"), headers={"ETag": 'W/"2"', **same})
    await polling.poll(after=LONG)
    await polling.poll(after=LONG)
    asked = site.asked[-1].headers
    assert (asked["If-None-Match"], asked["If-Modified-Since"]) == ('W/"2"', same["Last-Modified"])


async def test_case_04_304_without_etag_keeps_the_stored_one(start, site, feed):
    site.answers["/feed"] = Answer(body=named("a"), headers={"ETag": '"kept"'})
    polling = await start(feed())
    await polling.poll()
    site.answers["/feed"] = Answer(status=304)
    await polling.poll(after=LONG)
    await polling.poll(after=LONG)
    assert [asked.headers.get("If-None-Match") for asked in site.asked] == [
        None,
        '"kept"',
        '"kept"',
    ]


async def test_case_05_200_with_identical_body_is_not_parsed_and_stays_known(start, site, feed):
    site.answers["/feed"] = named("a", "b")
    polling = await start(same := feed())
    await polling.poll()
    await polling.poll_for(40 * DAY, every=DAY)
    assert (polling.pool.jobs, site.times_asked("/feed")) == (1, 41)
    assert (await polling.state(same)).problem is None
    site.answers["/feed"] = named("c", "b", "a")
    await polling.poll(after=DAY)
    assert (await polling.titles())[2:] == ["Report c"]
