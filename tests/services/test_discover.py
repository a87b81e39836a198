"""discover: from a site's address to the feeds that answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from bot.adapters.pool import ProcessPool
from bot.domain.errors import Permanent, UsageError
from bot.services.discover import Discover
from tests.recorders import RecordedFetcher

RSS = (
    b'<rss version="2.0"><channel><title>Coast</title>'
    b"<item><title>Ferry</title><link>https://coast.example/a</link></item></channel></rss>"
)
EMPTY = RSS.replace(b"Coast", b"Comments on Coast")
SITE = "https://coast.example/"
LINK = b'<link rel="alternate" type="application/rss+xml" href="%s">'


@pytest.fixture(scope="module")
def pool() -> Iterator[ProcessPool]:
    pool = ProcessPool(workers=1)
    yield pool
    asyncio.run(pool.close())


@pytest.fixture
def discover(pool):
    async def discover(url, **answers):
        fetcher = RecordedFetcher(
            {SITE + name.replace("__", "."): a for name, a in answers.items()}
        )
        found = await Discover(fetcher=fetcher, pool=pool)(url)
        return [feed.url for feed in found], [asked for asked, _, _ in fetcher.asked]

    return discover


async def test_discover_takes_a_feed_as_it_is(discover):
    assert await discover("coast.example/rss", rss=RSS) == ([SITE + "rss"], [SITE + "rss"])


async def test_discover_prefers_news_to_comments_and_passes_over_what_does_not_answer(discover):
    page = LINK % b"/comments/feed" + LINK % b"/gone" + LINK % b"/all"
    found, _ = await discover(SITE, **{"": page, "comments/feed": EMPTY, "all": RSS})
    assert found == [SITE + "all", SITE + "comments/feed"]


async def test_discover_tries_usual_addresses_where_nothing_is_announced(discover):
    found, _ = await discover(SITE, **{"": b"<html>Coast</html>", "rss.xml": RSS})
    assert found == [SITE + "rss.xml"]


async def test_discover_finds_a_news_sitemap_at_last(discover):
    sitemap = (
        b"<urlset xmlns:news='n'><url><loc>https://coast.example/a</loc><news:news>"
        b"<news:title>Ferry</news:title></news:news></url></urlset>"
    )
    robots = b"Sitemap: https://coast.example/news.xml"
    found, asked = await discover(
        SITE, **{"": b"<html></html>", "robots.txt": robots, "news.xml": sitemap}
    )
    assert found == [SITE + "news.xml"]
    assert len(asked) < 16


async def test_discover_finds_nothing_where_there_is_nothing(discover):
    assert (await discover(SITE, **{"": b"<html></html>"}))[0] == []


async def test_discover_says_why_a_site_cannot_be_reached(discover):
    with pytest.raises(UsageError, match="HTTP 404"):
        await discover("https://nowhere.example/")


async def test_discover_stops_once_there_is_enough_to_choose_from(discover):
    names = [f"f{n}" for n in range(9)]
    page = b"".join(LINK % f"/{name}".encode() for name in names)
    found, asked = await discover(SITE, **{"": page}, **dict.fromkeys(names, RSS))
    assert (len(found), len(asked)) == (5, 6)


async def test_discover_passes_over_what_kills_the_parser():
    class Killed:
        async def run(self, *_args, **_options):
            raise Permanent("took too long")

    fetcher = RecordedFetcher({SITE: LINK % b"/all", SITE + "all": RSS})
    assert await Discover(fetcher=fetcher, pool=Killed())(SITE) == ()
