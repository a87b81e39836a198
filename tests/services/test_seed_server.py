"""The seed server on real loopback."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import aiohttp
import pytest
import trafilatura
from yarl import URL

from bot.adapters.seed_server import SeedServer

SEEDS = Path(__file__).parents[2] / "seeds"
LEDGER = "/feeds/capital-ledger.json"


@pytest.fixture
async def seeds() -> AsyncIterator[SeedServer]:
    server = SeedServer(SEEDS)
    yield server
    await server.stop()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def get(
    http: aiohttp.ClientSession, url: str | URL, **headers: str
) -> tuple[int, Mapping[str, str], bytes]:
    """Status, headers and body of one answer, not following redirects."""
    async with http.get(url, headers=headers, allow_redirects=False) as answer:
        return answer.status, answer.headers, await answer.read()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("continental-wire.xml", "application/rss+xml"),
        ("harbour-post.xml", "application/rss+xml"),
        ("the-meridian.xml", "application/atom+xml"),
        ("weekend-almanac.xml", "application/atom+xml"),
        ("baltic-courier.xml", "application/rdf+xml"),
        ("capital-ledger.json", "application/feed+json"),
    ],
)
async def test_seed_server_serves_each_feed_under_its_content_type(seeds, http, name, kind):
    base = await seeds.start()
    status, headers, body = await get(http, f"{base}/feeds/{name}")
    assert (status, headers["Content-Type"]) == (200, kind)
    written = (SEEDS / "before" / name).read_bytes()
    assert body == written.replace(b"http://seeds.invalid", base.encode())


async def test_seed_server_shows_the_stages_in_turn(seeds, http):
    base = await seeds.start()
    bodies = []
    for stage in ("before", "after", "later"):
        seeds.show(stage)
        _, _, body = await get(http, base + LEDGER)
        bodies.append(body.decode())
    assert ["finland-defense-goal" in body for body in bodies] == [False, True, True]
    assert ["goal of 3.5%" in body for body in bodies] == [False, True, False]
    assert ["goal of 3%" in body for body in bodies] == [False, False, True]


async def test_seed_server_keeps_a_feed_that_a_stage_does_not_change(seeds, http):
    base = await seeds.start()
    seeds.show("after")
    after = await get(http, f"{base}/feeds/the-meridian.xml")
    seeds.show("later")
    later = await get(http, f"{base}/feeds/the-meridian.xml")
    assert (after[1]["ETag"], after[2]) == (later[1]["ETag"], later[2])


async def test_seed_server_corrects_the_page_with_the_feed(seeds, http):
    base = await seeds.start()
    url = f"{base}/capital-ledger/finland-defense-goal.html"
    seeds.show("after")
    assert b"Correction:" not in (await get(http, url))[2]
    seeds.show("later")
    assert b"Correction:" in (await get(http, url))[2]


async def test_seed_server_says_not_modified_until_the_feed_changes(seeds, http):
    base = await seeds.start()
    _, headers, _ = await get(http, base + LEDGER)
    for held in (headers["ETag"], f"W/{headers['ETag']}", f'"other", {headers["ETag"]}', "*"):
        status, again, body = await get(http, base + LEDGER, **{"If-None-Match": held})
        assert (status, again["ETag"], body) == (304, headers["ETag"], b"")
    seeds.show("after")
    status, changed, _ = await get(http, base + LEDGER, **{"If-None-Match": headers["ETag"]})
    assert status == 200
    assert changed["ETag"] != headers["ETag"]


async def test_seed_server_serves_every_page_the_feeds_link_to(seeds, http):
    base = await seeds.start()
    seeds.show("after")
    _, _, body = await get(http, f"{base}/feeds/harbour-post.xml")
    links = re.findall(r"<link>([^<]+\.html[^<]*)</link>", body.decode("cp1252"))
    assert len(links) == 3
    for link in links:
        status, headers, _ = await get(http, link.replace("&amp;", "&"))
        assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")


@pytest.mark.parametrize("path", sorted(p.parent.name for p in SEEDS.glob("pages/*/")))
async def test_seed_server_pages_give_up_their_text_and_not_their_clutter(seeds, http, path):
    base = await seeds.start()
    for file in sorted((SEEDS / "pages" / path).glob("*.html")):
        _, _, body = await get(http, f"{base}/{path}/{file.name}")
        text = trafilatura.extract(body, fast=True, include_comments=False)
        assert text is not None
        assert len(text.split()) >= 250
        assert not re.search(r"[Cc]ookie|biscuit in your|Sign up|Read (also|next)|Log in", text)


async def test_seed_server_allows_robots(seeds, http):
    base = await seeds.start()
    status, _, body = await get(http, f"{base}/robots.txt")
    assert (status, body) == (200, b"User-agent: *\nAllow: /\n")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/feeds/",
        "/feeds/nothing.xml",
        "/README.md",
        "/config/feeds.yaml",
        "/feeds/../README.md",
        "/feeds/%2e%2e/README.md",
        "/feeds/..%2fREADME.md",
        "/%2e%2e/pyproject.toml",
        "/pages/the-meridian/rutte-russia-article-5.html",
    ],
)
async def test_seed_server_has_nothing_else(seeds, http, path):
    base = await seeds.start()
    status, _, _ = await get(http, URL(base + path, encoded=True))
    assert status == 404


async def test_seed_server_refuses_other_methods(seeds, http):
    base = await seeds.start()
    async with http.post(base + LEDGER, data=b"x") as answer:
        assert answer.status == 405


def test_seed_server_refuses_an_unknown_stage():
    with pytest.raises(ValueError, match="before, after, later"):
        SeedServer(SEEDS).show("tomorrow")


async def test_seed_server_refuses_a_folder_without_feeds(tmp_path):
    with pytest.raises(FileNotFoundError):
        await SeedServer(tmp_path).start()


async def test_seed_server_stops_twice_and_starts_again(seeds, http):
    first = await seeds.start()
    await seeds.stop()
    await seeds.stop()
    with pytest.raises(aiohttp.ClientConnectionError):
        await get(http, first + LEDGER)
    again = await seeds.start()
    assert (await get(http, again + LEDGER))[0] == 200


async def test_seed_server_turns_links_into_those_of_its_files(seeds):
    base = await seeds.start()
    corrected, other = (
        "capital-ledger/finland-defense-goal.html",
        "harbour-post/harbour-row-oven.html",
    )
    lasting = seeds.lasting(f"{base}/{corrected} {base}/{other} https://elsewhere.example/a.html")
    files = [SEEDS / "later/pages" / corrected, SEEDS / "pages" / other]
    assert lasting.split() == [*(f.as_uri() for f in files), "https://elsewhere.example/a.html"]
