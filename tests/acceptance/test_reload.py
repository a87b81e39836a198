"""A watchlist edited while articles flow: in force within 3 s in every process, none lost or twice.

A scheduler, two workers and a web host on one server; the file is saved in the middle of a steady
stream of entries. Each is read once, by the version whose name it carries; the desk changes to it
at one place of the stream.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
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
#: Seconds after which a process that was just started is ready to check files at once.
WARM = 15
ROLES = ("scheduler", "worker", "worker", "web")
TEXT = "The ministers of {n} states met.\n\n" + "Nothing that matters here was said. " * 40


class Processes:
    """The roles as processes, and what each of them logged."""

    def __init__(self, folder: Path, config: Path, environment: dict[str, str]) -> None:
        self._logs = [folder / f"{number}.log" for number in range(len(ROLES))]
        self._started = []
        for number, (role, log) in enumerate(zip(ROLES, self._logs, strict=True)):
            command = [COMMAND, "--config", config, "--data-dir", folder / str(number), role]
            with log.open("w") as opened:
                self._started.append(
                    subprocess.Popen(
                        command, env=environment, stdout=subprocess.DEVNULL, stderr=opened
                    )
                )

    def follow(self, version: int) -> bool:
        """Whether each of them uses ``version``."""
        said = f"configuration.current version={version} "
        return all(said in log.read_text() for log in self._logs)

    def said(self) -> str:
        return "\n".join(log.read_text() for log in self._logs)

    def stop(self) -> list[int]:
        for process in self._started:
            process.terminate()
        return [process.wait(timeout=30) for process in self._started]


async def until(holds, *, within: float, told) -> float:
    """Seconds until ``holds``."""
    began = time.monotonic()
    while not await holds():
        assert time.monotonic() - began < within, told()
        await asyncio.sleep(0.1)
    return time.monotonic() - began


@pytest.mark.slow
async def test_watchlist_edited_while_articles_flow_loses_and_doubles_none(
    server, redis, keys, tag, tmp_path
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
    processes = Processes(tmp_path, config, environment)
    put: list[str] = []
    flowing = True

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

    try:

        async def all_at_work() -> bool:
            return processes.follow(1) and len({a.id for a in await stored()}) > 10

        flow_task = asyncio.create_task(flow())
        await until(all_at_work, within=240, told=processes.said)
        await asyncio.sleep(WARM)
        file.write_text(watchlist("ministers"))

        async def followed() -> bool:
            return processes.follow(2)

        took = await until(followed, within=30, told=processes.said)

        async def matched() -> bool:
            return any(article.matches for article in await stored())

        matched_after = took + await until(matched, within=20, told=processes.said)
        await asyncio.sleep(1)
        flowing = False
        await flow_task

        async def all_read() -> bool:
            return len({article.id for article in await stored()}) == len(put)

        await until(all_read, within=240, told=processes.said)

        async def all_decided() -> bool:
            last = [a.id for a in await stored() if a.matches][-1]
            return bool(await desk.decisions(last))

        await until(all_decided, within=240, told=processes.said)
    finally:
        codes = processes.stop()
    sys.stderr.write(
        f"\nin force everywhere after {took:.2f} s, matched after {matched_after:.2f}\n"
    )
    assert took < 3
    assert codes == [0] * len(ROLES)
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
