"""kill -9 at any moment: nothing is lost, and nothing is posted twice."""

from __future__ import annotations

import asyncio
import json
import random
import shutil
import signal
import sys
from collections import Counter
from pathlib import Path

import pytest

from bot.adapters.clock import Clock
from bot.adapters.seed_server import BASE, SeedServer
from bot.bootstrap.settings import shipped
from bot.domain.times import to_ms
from tests.processes import Process, Processes

PROGRAM = Path(__file__).with_name("recorded_run.py")
START = "2025-04-04T14:20:00Z"
#: Stories of the seeds that a channel gets, at the first poll of the afternoon's feeds.
EXPECTED = {
    "defense-billions-five-percent.html",
    "moscow-pressed-for-answer.html",
    "rutte-russia-article-5.html",
    "finland-defense-goal.html",
    "kyiv-military-chiefs.html",
}


@pytest.fixture
async def config(tmp_path):
    """The demo's configuration, on a feed server of its own."""
    seeds = SeedServer(shipped("seeds"))
    base = await seeds.start()
    seeds.show("after")
    folder = tmp_path / "config"
    shutil.copytree(shipped("config"), folder)
    for file in (shipped("seeds") / "config").iterdir():
        (folder / file.name).write_text(file.read_text().replace(BASE, base))
    yield folder
    await seeds.stop()


@pytest.fixture
def start(config, processes, tmp_path):
    """Starts a recorded run."""
    real = to_ms(Clock().now())
    arguments = [config, tmp_path / "data", tmp_path / "record.jsonl", START, real]
    return lambda: processes.start(sys.executable, PROGRAM, *arguments)


async def killed_after(processes: Processes, process: Process, record: Path, lines: int) -> None:
    """Kill it as soon as the record has so many lines, and a random moment more."""

    def enough() -> bool:
        return record.exists() and len(record.read_bytes().splitlines()) >= lines

    await processes.until(enough)
    await asyncio.sleep(random.uniform(0, 0.05))
    process.send_signal(signal.SIGKILL)
    await asyncio.to_thread(process.wait)


@pytest.mark.slow
async def test_killed_three_times_every_story_is_posted_once(start, processes, tmp_path):
    record = tmp_path / "record.jsonl"
    for lines in (1, 3, 6):
        await killed_after(processes, start(), record, lines)
    assert await asyncio.to_thread(start().wait) == 0
    written = [json.loads(line) for line in record.read_text().splitlines()]
    sent = Counter(line["key"] for line in written if line["what"] == "send")
    assert set(sent.values()) == {1}
    on_console = {url for line in written if "|console" in line["key"] for url in line["urls"]}
    assert {url.rsplit("/", 1)[1] for url in on_console} >= EXPECTED
