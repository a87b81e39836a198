"""The web host: pages, feed, health and metrics of one App."""

from __future__ import annotations

import asyncio
import re
import socket
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bot.adapters.embedded_redis import EmbeddedRedis
from bot.adapters.redis.connect import connect
from bot.adapters.redis.pulse import RedisPulse
from bot.adapters.redis.streams import GROUPS
from bot.bootstrap.app import open_app
from bot.bootstrap.loops import CONSUMERS, backlog
from bot.bootstrap.settings import Settings
from bot.domain.answers import Reply, ReplyOutcome, Searched
from bot.domain.channels import PAGE, Configuration
from bot.domain.errors import Unavailable
from bot.domain.jobs import ShareReply
from bot.domain.secrets import Secret
from handlers.web import asgi, serve_web
from tests.builders import NOW, make_article, make_feed, make_hit


@pytest.fixture
async def app(server, tag, tmp_path: Path, clock):
    settings = Settings(config_dir=tmp_path, data_dir=tmp_path, tag=tag.strip("{}"))
    async with open_app(settings, Configuration(), server, clock=clock) as app:
        yield app


@pytest.fixture
async def client(app):
    transport = httpx.ASGITransport(asgi(app))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield client


@pytest.fixture
async def posted(app):
    """Shares a reply with the page, through the queue and the consumers that a worker runs."""
    hit = replace(make_hit(), is_quote=False, text="Allies <b>argued</b> over money.")
    reply = Reply(
        question="what happened?",
        outcome=ReplyOutcome.ANSWER,
        answer=(hit,),
        searched=Searched(articles=1, since=NOW),
    )
    await app.jobs.submit(ShareReply(request_id="r1", destination=PAGE, reply=reply))
    stop = asyncio.Event()
    loops = [asyncio.create_task(CONSUMERS[name](app, stop)) for name in ("jobs", "deliver")]
    while any((await backlog(app)).values()):
        await asyncio.sleep(0.01)
    stop.set()
    await asyncio.gather(*loops)


async def test_page_without_posts_says_so(client):
    answer = await client.get("/")
    assert answer.status_code == 200
    assert "Nothing has been posted yet" in answer.text


async def test_page_shows_a_post_as_text_and_under_its_own_address(client, app, posted):
    front = await client.get("/")
    assert "Allies &lt;b&gt;argued&lt;/b&gt; over money." in front.text
    (post,) = await app.published(10)
    assert "what happened?" in (await client.get(post.handle)).text


async def test_feed_lists_the_posts(client, app, posted):
    (post,) = await app.published(10)
    entry = ET.fromstring((await client.get("/feed.atom")).text).find(
        "{http://www.w3.org/2005/Atom}entry"
    )
    assert entry.findtext("{http://www.w3.org/2005/Atom}id").endswith(post.handle)


async def test_feed_leads_a_reader_back_the_way_it_came(app, posted):
    app.settings = replace(app.settings, host="0.0.0.0", web_token=Secret("a-long-random-word-1"))
    web = asgi(app)
    (post,) = await app.published(10)
    atom = "{http://www.w3.org/2005/Atom}"
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(web), base_url="https://brief.example"
    ) as reader:
        token = {"Authorization": "Bearer a-long-random-word-1"}
        document = ET.fromstring((await reader.get("/feed.atom", headers=token)).text)
        again = document.find(f"{atom}link[@rel='self']").get("href")
        link = document.find(f"{atom}entry/{atom}link").get("href")
        assert link == f"https://brief.example{post.handle}"
        assert post.handle in (await reader.get(again)).text
        assert (await reader.get(link)).status_code == 401


async def test_health_gives_details_to_readers_only(app):
    app.settings = replace(app.settings, web_token=Secret("a-long-random-word-1"))
    transport = httpx.ASGITransport(asgi(app))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as monitor:
        for path in ("/healthz", "/readyz"):
            told = (await monitor.get(path)).json()
            assert told.keys() == {"ok"}
            token = {"Authorization": "Bearer a-long-random-word-1"}
            assert (await monitor.get(path, headers=token)).json().keys() == {"ok", "problems"}


async def test_an_unknown_post_is_not_found(client):
    assert (await client.get("/posts/nonsense")).status_code == 404


@pytest.fixture
async def well(app):
    """A deployment with all its roles."""
    for role in ("scheduler", "worker"):
        await app.pulse.beat(role)
    await app.desk_store.lease("somebody")


async def test_health_is_good_while_every_role_lives(client, well):
    answer = await client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"ok": True, "problems": []})


async def test_health_is_bad_while_nobody_works(client):
    answer = await client.get("/healthz")
    assert answer.status_code == 503
    said = " ".join(answer.json()["problems"])
    assert all(
        f"no {who}" in said for who in ("scheduler", "worker was", "worker has had the desk")
    )


async def test_health_is_bad_while_the_server_refuses_writes(client, app, well, tmp_path):
    with EmbeddedRedis(tmp_path / "full") as other:
        app.pulse = RedisPulse(await connect(other.start()), app.keys, app.clock, groups=GROUPS)
        await app.pulse.beat("scheduler")
        await app.pulse._redis.config_set("maxmemory", 1)
        answer = await client.get("/healthz")
        await app.pulse._redis.aclose()
    assert answer.status_code == 503
    assert "the server takes no writes: its memory is full" in answer.json()["problems"]


async def test_a_web_host_is_ready_once_it_has_a_configuration_and_its_index(client, app):
    answer = await client.get("/readyz")
    assert (answer.status_code, len(answer.json()["problems"])) == (503, 2)
    app.current.number = 1
    app.tail.caught_up = True
    assert (await client.get("/readyz")).status_code == 200


async def test_metrics_count_what_is_to_do(client):
    lines = (await client.get("/metrics")).text.splitlines()
    assert 'nato_brief_undone{group="read"} 0' in lines


async def test_metrics_call_a_feed_by_its_name(client, app):
    names = {"a": "The Wire", "b": "Twin", "c": "Twin", "d": "all"}
    feeds = tuple(make_feed(id=feed, name=name) for feed, name in names.items())
    app.current.config = replace(app.config, feeds=feeds)
    earlier = NOW - timedelta(minutes=1)
    for feed in names:
        await app.feed_log.was_read(make_article(feed_id=feed, published=earlier, first_seen=NOW))
    lines = (await client.get("/metrics")).text.splitlines()
    called = {found[1] for line in lines if (found := re.search('seen_seconds{feed="(.*?)"', line))}
    assert called == {"all", "The Wire", "Twin (b)", "Twin (c)", "all (d)"}


@pytest.mark.parametrize("path", ["/", "/feed.atom", "/healthz", "/metrics"])
async def test_pages_answer_a_monitor_that_asks_by_head(client, path, well):
    assert (await client.head(path)).status_code == 200


@pytest.mark.parametrize("path", ["/", "/posts/x", "/feed.atom", "/healthz", "/readyz", "/metrics"])
async def test_pages_say_so_while_the_server_is_away(client, app, path):
    await app.redis.connection_pool.disconnect()
    app.redis.connection_pool.reset()
    app.redis.connection_pool.connection_kwargs["path"] = "/nowhere/redis.sock"
    answer = await client.get(path)
    assert answer.status_code == 503
    assert "server" in answer.text


async def test_metrics_are_exact_and_count_what_was_given_up(client, app):
    await app.redis.xadd(app.keys.stream("entries"), {"d": "garbage"})
    stop = asyncio.Event()
    loop = asyncio.create_task(CONSUMERS["read"](app, stop))
    while not (await app.dead_letters.counts())["read"]:
        await asyncio.sleep(0.01)
    stop.set()
    await loop
    await app.tally.withheld("ask", 2)
    lines = (await client.get("/metrics")).text.splitlines()
    assert 'nato_brief_given_up{group="read"} 1' in lines
    withheld = [line for line in lines if line.startswith("nato_brief_quotes_withheld")]
    assert withheld == [
        'nato_brief_quotes_withheld{stage="deliver"} 0',
        'nato_brief_quotes_withheld{stage="ask"} 2',
        'nato_brief_quotes_withheld{stage="page"} 0',
    ]
    (letter,) = await app.dead_letters.newest(2)
    assert "unknown format" in letter.problem


@pytest.mark.parametrize("host", ["no.such.host.invalid", "192.0.2.1", "a b"])
async def test_an_address_that_is_not_ours_is_told(app, host):
    app.settings = replace(app.settings, host=host, port=0)
    with pytest.raises(Unavailable, match="NATO_BRIEF_LISTEN"):
        await serve_web(app, asyncio.Event())


async def test_an_address_that_is_taken_is_told_and_not_announced(app, caplog):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        app.settings = replace(app.settings, port=taken.getsockname()[1])
        with caplog.at_level("INFO"), pytest.raises(Unavailable, match="in use"):
            await serve_web(app, asyncio.Event())
    assert "web.listening" not in caplog.text


async def test_the_address_is_announced_once_it_is_bound(app, caplog):
    app.settings = replace(app.settings, port=0)
    stop = asyncio.Event()
    with caplog.at_level("INFO"):
        serving = asyncio.create_task(serve_web(app, stop))
        while "web.listening" not in caplog.text:
            await asyncio.sleep(0)
        url = re.search("web.listening url=(.*)", caplog.text)[1]
        async with httpx.AsyncClient() as browser:
            assert (await browser.get(url)).status_code == 200
        stop.set()
        await serving
