"""A watchlist edited while articles flow: in force in every process, none lost or twice.

A scheduler, two workers and a web host on one server; the file is saved in the middle of a steady
stream of entries. Each is read once, by the version whose name it carries; the desk changes to it
at one place of the stream.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.adapters.clock import Clock
from bot.adapters.redis import streams
from bot.adapters.redis.article_log import RedisArticleLog
from bot.adapters.redis.bus import publish
from bot.adapters.redis.codec import encode
from bot.adapters.redis.desk import RedisDesk
from bot.adapters.redis.scripts import Scripts
from bot.adapters.redis.versions import RedisVersions
from bot.domain.channels import PAGE
from tests.builders import make_entry
from tests.services.configuring import FEEDS, watchlist

COMMAND = Path(sys.executable).with_name("nato-brief")
ROLES = ("scheduler", "worker", "worker", "web")
TEXT = "The ministers of {n} states met.\n\n" + "Nothing that matters here was said. " * 40


@pytest.mark.slow
async def test_watchlist_edited_while_articles_flow_loses_and_doubles_none(
    server, redis, keys, tag, tmp_path, processes
):
    config = tmp_path / "config"
    (config / "watchlists").mkdir(parents=True)
    (config / "feeds.yaml").write_text(FEEDS.replace("https://wire.example", "http://127.0.0.1:9"))
    file = config / "watchlists/security.yaml"
    file.write_text(watchlist("nobody says this"))
    clock = Clock()
    scripts, articles = Scripts(redis, clock), RedisArticleLog(redis, keys, clock)
    versions, desk = RedisVersions(redis, keys, clock), RedisDesk(redis, keys, clock)
    environment = {
        **os.environ,
        "REDIS_URL": server,
        "NATO_BRIEF_TAG": tag.strip("{}"),
        "NATO_BRIEF_LISTEN": "127.0.0.1:0",
        "NATO_BRIEF_READERS": "1",
    }
    started = [
        processes.start(
            *(COMMAND, "--config", config, "--data-dir", tmp_path / str(number), role),
            env=environment,
            stdout=subprocess.DEVNULL,
        )
        for number, role in enumerate(ROLES)
    ]
    put: list[str] = []
    flowing = True

    def follow(version: int) -> bool:
        said = f"configuration.current version={version} "
        return all(said in processes.said(process) for process in started)

    async def flow() -> None:
        while flowing:
            name = f"a{len(put)}"
            entry = make_entry(
                article_id=name,
                key=name,
                url=f"https://wire.example/{name}",
                title=f"Meeting number {name}",
                text=TEXT.format(n=name),
                published=clock.now(),
                first_seen=clock.now(),
            )
            data = {"d": encode(entry), "rev": "1"}
            await publish(scripts, keys, streams.ENTRIES, data)
            put.append(name)
            await asyncio.sleep(0.1)

    async def stored() -> list:
        return [record.article for record in (await articles.tail({}, limit=10_000))[1]]

    async def all_at_work() -> bool:
        return follow(1) and len({a.id for a in await stored()}) > 10

    async def matched() -> bool:
        return any(article.matches for article in await stored())

    async def all_read() -> bool:
        return len({article.id for article in await stored()}) == len(put)

    async def all_decided() -> bool:
        last = [a.id for a in await stored() if a.matches][-1]
        return bool(await desk.decisions(last))

    flow_task = asyncio.create_task(flow())
    await processes.until(all_at_work, every=0.1)
    file.write_text(watchlist("ministers"))
    await processes.until(lambda: follow(2), every=0.1)
    await processes.until(matched, every=0.1)
    more = len(put) + 10
    await processes.until(lambda: len(put) >= more)
    flowing = False
    await flow_task
    await processes.until(all_read, every=0.1)
    await processes.until(all_decided, every=0.1)
    for process in started:
        process.terminate()
    assert [process.wait() for process in started] == [0] * len(ROLES)
    on_articles = await redis.xrange(keys.stream(streams.ARTICLES))
    read = [fields for _, fields in on_articles if fields[b"t"] == b"a"]
    assert len(read) == len(put), "an article was lost or doubled"
    by_hash = {version.watchlists: version.number for version in await versions.history()}
    for article in await stored():
        number = by_hash[article.watchlist_version]
        assert (number == 2) == bool(article.matches), article.id
        told = [d for d in await desk.decisions(article.id) if d.destination == PAGE]
        assert len(told) == (1 if article.matches else 0), told
    assert "Traceback" not in processes.said()
