"""Worker processes that really run, die and are replaced."""

from __future__ import annotations

import asyncio
import errno
import json
import math
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from bot.adapters.pool import ProcessPool
from bot.bootstrap.parser import lone_parser
from bot.domain.errors import ConfigError, Permanent, Recoverable, Unavailable
from tests.waiting import until

pytestmark = pytest.mark.slow


@asynccontextmanager
async def opened(**options):
    pool = ProcessPool(workers=1, **{"wall": 300} | options)
    try:
        yield pool
    finally:
        await pool.close()


def is_running(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


async def test_pool_runs_functions_and_lets_their_errors_through():
    async with opened() as pool:
        assert await pool.run(math.gcd, 12, 18) == 6
        assert await pool.run(int, "ff", base=16) == 255
        with pytest.raises(json.JSONDecodeError):
            await pool.run(json.loads, "{")
        with pytest.raises(Permanent, match="Picky"):
            await pool.run(raises_what_does_not_travel)
        assert await pool.run(os.nice, 0) >= 10
        assert await pool.run(signal.getsignal, signal.SIGINT) == signal.SIG_IGN


def test_pool_on_a_machine_without_shared_memory_says_what_to_mount(monkeypatch):
    def refused(*_: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr("_multiprocessing.SemLock", refused)
    with pytest.raises(Unavailable, match="/dev/shm: Read-only file system; mount it"):
        ProcessPool()


def raises_what_does_not_travel():
    """Its own ``__init__`` refuses what unpickling gives it."""
    raise Picky(problems=())


class Picky(ConfigError):
    def __init__(self, *, problems):
        super().__init__(problems)


def work(seconds: float) -> None:
    """Use ``seconds`` of CPU time."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


#: Work without end: in Python, in C, in a regular expression.
ENDLESS = {
    "Python": (work, 1e9),
    "C": (math.factorial, 3_000_000),
    "regular expression": (re.fullmatch, r"(a+)+b", "a" * 40),
}


def dies_once(marker: Path) -> str:
    if not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


async def test_a_job_whose_worker_was_killed_is_done_again(tmp_path):
    async with opened() as pool:
        assert await pool.run(dies_once, tmp_path / "died") == "done"


def dies_each_time(log: Path) -> None:
    with log.open("a") as file:
        file.write("died\n")
    os._exit(3)


async def test_a_job_that_ends_its_worker_each_time_is_given_up(tmp_path):
    log = tmp_path / "log"
    async with opened() as pool:
        with pytest.raises(Permanent, match="exit code 3"):
            await pool.run(dies_each_time, log)
    assert log.read_text() == "died\n" * 2


@pytest.mark.parametrize("job", ENDLESS.values(), ids=ENDLESS)
async def test_pool_kills_a_job_that_works_too_long_and_goes_on(job):
    async with opened(cpu=0.3) as pool:
        before = await pool.run(os.getpid)
        with pytest.raises(Permanent, match=r"used more than 0\.3 CPU seconds"):
            await pool.run(*job)
        assert not is_running(before)
        assert await pool.run(os.getpid) != before


async def test_pool_leaves_a_job_alone_that_waits_for_its_turn():
    async with opened(cpu=0.2) as pool:
        await pool.run(time.sleep, 0.4)


async def test_pool_counts_each_job_for_itself():
    async with opened(cpu=0.5) as pool:
        pids = {await pool.run(os.getpid)}
        for _ in range(3):
            await pool.run(work, 0.3)
        assert pids == {await pool.run(os.getpid)}


async def test_pool_stops_a_job_that_sleeps_and_asks_for_another_try():
    async with opened(cpu=0.3, wall=0.5) as pool:
        before = await pool.run(os.getpid)
        with pytest.raises(Recoverable, match=r"took longer than 0\.5 s without using 0\.3 CPU"):
            await pool.run(time.sleep, 3600)
        assert not is_running(before)
        assert await pool.run(os.getpid) != before


async def test_pool_allows_ten_seconds_on_the_clock_for_one_of_work():
    async with opened(cpu=0.05, wall=None) as pool:
        await pool.run(os.getpid)
        with pytest.raises(Recoverable, match=r"took longer than 0\.5 s"):
            await pool.run(time.sleep, 3600)


async def test_pool_replaces_a_worker_that_dies():
    async with opened() as pool:
        with pytest.raises(Permanent, match="exit code 3"):
            await pool.run(os._exit, 3)
        assert await pool.run(math.gcd, 4, 6) == 2
        with pytest.raises(Permanent, match="SIGSEGV"):
            await pool.run(signal.raise_signal, signal.SIGSEGV)
        assert await pool.run(math.gcd, 4, 6) == 2


async def test_pool_survives_the_death_of_an_idle_worker():
    async with opened() as pool:
        for _ in range(2):
            os.kill(await pool.run(os.getpid), signal.SIGKILL)
            assert await pool.run(math.gcd, 4, 6) == 2


async def test_pool_limits_memory():
    async with opened(memory=600_000_000) as pool:
        with pytest.raises(Permanent, match="memory"):
            await pool.run(bytes, 2_000_000_000)
        assert await pool.run(len, b"x" * 5_000_000) == 5_000_000


async def test_files_are_parsed_within_a_limit_of_memory():
    async with lone_parser() as pool:
        with pytest.raises(Permanent, match="memory"):
            await pool.run(bytes, 2_000_000_000)


async def test_pool_warms_every_worker_and_replaces_it_after_its_share():
    pool = ProcessPool(workers=1, max_tasks=2)
    try:
        pool.warm(os.getcwd)
        pids = {await pool.run(os.getpid) for _ in range(4)}
        assert len(pids) == 2
    finally:
        await pool.close()


async def test_pool_starts_although_warming_fails():
    pool = ProcessPool(workers=1)
    try:
        pool.warm(raises_what_does_not_travel)
        assert await pool.run(math.gcd, 4, 6) == 2
    finally:
        await pool.close()


async def test_pool_closes_while_jobs_run_and_asks_for_another_try():
    pool = ProcessPool(workers=2)
    pid = await pool.run(os.getpid)
    job = asyncio.create_task(pool.run(time.sleep, 3600))
    waiting = asyncio.create_task(pool.run(time.sleep, 3601))
    third = asyncio.create_task(pool.run(time.sleep, 3602))
    await asyncio.sleep(0)
    await pool.close()
    for task in (job, waiting, third):
        with pytest.raises(Recoverable):
            await task
    assert not is_running(pid)
    with pytest.raises(Recoverable):
        await pool.run(math.gcd, 4, 6)


async def test_pool_stops_a_job_nobody_waits_for_any_more():
    async with opened() as pool:
        before = await pool.run(os.getpid)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await pool.run(time.sleep, 3600)
        assert await pool.run(os.getpid) != before


ORPHANED = """
import asyncio, os
from bot.adapters.pool import ProcessPool

async def main():
    print(await ProcessPool(workers=1).run(os.getpid), flush=True)
    os._exit(0)

if __name__ == "__main__":
    asyncio.run(main())
"""


async def test_pool_workers_end_with_their_parent(tmp_path):
    script = tmp_path / "orphaned.py"
    script.write_text(ORPHANED)
    ended = await asyncio.to_thread(
        subprocess.run, [sys.executable, script], stdout=subprocess.PIPE, check=True
    )
    await until(lambda: not is_running(int(ended.stdout)))
