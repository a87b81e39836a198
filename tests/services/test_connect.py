"""Connecting says what is wrong, and never the password."""

from __future__ import annotations

import asyncio
import math
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.adapters.redis.connect import connect, redacted
from bot.adapters.redis_program import choose
from bot.bootstrap.server import reached
from bot.domain.errors import Unavailable
from tests.waiting import until


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://host:6379/0", "redis://host:6379/0"),
        ("redis://:s3cret@host:6379/0", "redis://host:6379/0"),
        ("rediss://user:s3/c@ret@host/0", "rediss://host/0"),
        ("unix:///a/b.sock?db=0&password=s3cret", "unix:///a/b.sock?db=0&password=***"),
    ],
)
def test_redacted_hides_the_password_wherever_it_stands(url, shown):
    assert redacted(url) == shown


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("redis://:s3cret@127.0.0.1:1/0", "at redis://127.0.0.1:1/0"),
        ("nonsense://:s3cret@host", "not a Redis URL: nonsense://host"),
        ("redis://:s3cret@host:port/0", "not a Redis URL: ***"),
    ],
)
async def test_connect_tells_the_place_and_not_the_password(url, place):
    with pytest.raises(Unavailable) as caught:
        await connect(url)
    assert place in str(caught.value)
    assert "s3cret" not in str(caught.value)


async def test_connect_reaches_the_server(server):
    client = await connect(server)
    assert await client.ping()
    await client.aclose()


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="nbt-") as name:
        yield Path(name)


@pytest.fixture
async def starting(folder):
    """Starts a server on a socket whose URL is known before; it is gone at the end."""
    at, processes = folder / "s", []

    def start(*options: str) -> None:
        command = [choose(folder, None).path, "--port", "0", "--unixsocket", str(at)]
        command += ["--dir", str(folder), "--appendonly", "yes", "--save", "", *options]
        processes.append(subprocess.Popen(command, stdout=subprocess.DEVNULL))

    def stop() -> None:
        # In order: under a busy disk a killed one may lack what it has acknowledged last.
        for process in processes:
            process.terminate()
            process.wait()

    yield f"unix://{at}", start, stop
    stop()


async def waited(caplog) -> None:
    """Return when somebody has said that the server is away."""
    await until(lambda: "redis.away" in caplog.text)


async def test_connect_waits_for_a_server_that_is_away(starting, caplog):
    url, start, _ = starting
    connecting = asyncio.create_task(connect(url, patience=math.inf))
    await waited(caplog)
    start()
    client = await connecting
    assert await client.ping()
    await client.aclose()
    assert [message.split()[0] for message in caplog.messages] == ["redis.away"]


async def test_connect_waits_for_a_server_that_loads_its_data(starting, caplog):
    url, start, stop = starting
    start()
    client = await connect(url, patience=math.inf)
    async with client.pipeline(transaction=False) as pipe:
        for number in range(3_000):
            pipe.set(f"key {number}", number)
        await pipe.execute()
    await client.aclose()
    stop()
    start("--key-load-delay", "300")  # microseconds
    client = await connect(url, patience=math.inf)
    assert await client.dbsize() == 3_000
    await client.aclose()
    assert "loading" in caplog.text.lower()


async def test_connect_waits_no_longer_than_it_says(folder):
    with pytest.raises(Unavailable, match=r"cannot reach Redis at unix:.* within 0.05 s: "):
        await connect(f"unix://{folder}/s", patience=0.05)


async def test_connections_that_a_server_closed_are_not_used_again(starting):
    _, start, stop = starting
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    url = f"redis://127.0.0.1:{port}/0"
    start("--bind", "127.0.0.1", "--port", port)
    client = await connect(url, patience=math.inf)
    await asyncio.gather(*(client.blpop(["nothing"], 0.1) for _ in range(8)))  # eight at once
    stop()
    start("--bind", "127.0.0.1", "--port", port)
    await (await connect(url, patience=math.inf)).aclose()
    assert await asyncio.gather(*(client.ping() for _ in range(8))) == [True] * 8
    await client.aclose()


async def test_connect_waits_for_no_password_to_become_right(starting, caplog):
    url, start, _ = starting
    start("--requirepass", "s3cret")
    await waited_for(url)
    for given, words in (("?password=wrong", "refuses the password"), ("", "wants a password")):
        with pytest.raises(Unavailable, match=rf"^Redis at \S+ it {words}"):
            await connect(f"{url}{given}", patience=math.inf)


async def waited_for(url: str) -> None:
    await until(Path(url.removeprefix("unix://")).exists)


async def test_a_role_that_waits_can_be_stopped(folder, caplog):
    stop = asyncio.Event()
    reaching = asyncio.create_task(reached(f"unix://{folder}/s", stop))
    await waited(caplog)
    stop.set()
    assert await reaching is False


async def test_a_role_goes_on_when_its_server_is_there(starting, caplog):
    url, start, _ = starting
    reaching = asyncio.create_task(reached(url, asyncio.Event()))
    await waited(caplog)
    start()
    assert await reaching is True
