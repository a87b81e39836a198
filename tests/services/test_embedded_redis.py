"""One server a data directory: started, attached to, and its data never opened by a wrong one."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis as redis_py

from bot.adapters import embedded_redis
from bot.adapters.embedded_redis import EmbeddedRedis, RunLock
from bot.adapters.redis_program import choose, probe, read_record
from bot.domain.errors import Unavailable, UsageError

#: Starts a server, writes, says so, and waits to be killed.
OWNER = """
import signal, sys
import redis
from bot.adapters.embedded_redis import EmbeddedRedis
url = EmbeddedRedis(sys.argv[1]).start()
with redis.Redis.from_url(url) as client:
    client.set("written", "before the kill")
    print(client.info("server")["process_id"], flush=True)
signal.pause()
"""


@pytest.fixture
def folder(server) -> Iterator[Path]:
    """A data directory with a short path; where there is no server program, no test either."""
    with tempfile.TemporaryDirectory(prefix="nbt-") as name:
        yield Path(name) / "data"


@pytest.fixture
def embedded(folder) -> Iterator[EmbeddedRedis]:
    with EmbeddedRedis(folder) as one:
        yield one


def put(url: str, value: str) -> None:
    with redis_py.Redis.from_url(url) as client:
        client.set("written", value)


def got(url: str) -> str | None:
    with redis_py.Redis.from_url(url) as client:
        value = client.get("written")
    return value.decode() if isinstance(value, bytes) else None


def rewrite(folder: Path, **changes: object) -> None:
    """Pretend that another program wrote the directory."""
    path = folder / "engine.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_start_keeps_the_data_of_the_last_time(folder):
    for before, now in ((None, "first"), ("first", "second")):
        with EmbeddedRedis(folder) as embedded:
            url = embedded.start()
            assert got(url) == before
            put(url, now)


def test_start_opens_directory_and_socket_to_nobody_else(embedded, folder):
    socket = Path(embedded.start().removeprefix("unix://"))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(socket.stat().st_mode) == 0o700


def test_start_attaches_to_the_server_that_is_there(embedded, folder):
    put(embedded.start(), "seen by both")
    with EmbeddedRedis(folder) as guest:
        assert got(guest.start()) == "seen by both"
        assert (embedded.started, guest.started) == (True, False)


def test_stop_of_one_who_attached_leaves_the_server_alone(embedded, folder):
    url = embedded.start()
    put(url, "still here")
    guest = EmbeddedRedis(folder)
    guest.start()
    guest.stop()
    assert got(url) == "still here"


def test_stop_waits_for_those_who_attached(folder):
    owner, guest = EmbeddedRedis(folder), EmbeddedRedis(folder)
    url = owner.start()
    guest.start()
    stopping = threading.Thread(target=owner.stop)
    stopping.start()
    put(url, "in time")
    assert (got(url), stopping.is_alive()) == ("in time", True)
    guest.stop()
    stopping.join()


def test_stop_waits_no_longer_than_its_patience(folder):
    owner, guest = EmbeddedRedis(folder, patience=0.5), EmbeddedRedis(folder)
    owner.start()
    guest.start()
    owner.stop()
    guest.stop()
    with EmbeddedRedis(folder) as next_one:
        next_one.start()
        assert next_one.started


def test_start_for_a_run_waits_until_a_commands_server_is_gone(folder):
    command, run = EmbeddedRedis(folder), EmbeddedRedis(folder)
    put(command.start(), "by the command")
    ending = threading.Timer(0.2, command.stop)
    ending.start()
    with run:
        assert got(run.start(own=True)) == "by the command"
        assert run.started
    ending.join()


def test_start_says_so_when_the_lock_is_held_and_nothing_answers(folder):
    folder.mkdir()
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(lock, fcntl.LOCK_EX)
    with pytest.raises(Unavailable, match="holds the server"):
        EmbeddedRedis(folder, patience=0.1).start()
    os.close(lock)


@pytest.fixture
def owner(folder) -> Iterator[subprocess.Popen[str]]:
    """Another process that started the server."""
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(folder)], stdout=subprocess.PIPE, text=True
    )
    with process:
        yield process
        process.kill()


def test_kill_of_the_owner_ends_the_server_and_loses_nothing(embedded, folder, owner):
    owner.stdout.readline()
    os.kill(owner.pid, signal.SIGKILL)
    owner.wait()
    assert got(embedded.start()) == "before the kill"
    assert embedded.started  # so the lock, which the old server held as well, was free


def test_kill_of_the_server_loses_nothing_that_was_acknowledged(embedded, owner):
    pid = int(owner.stdout.readline())
    os.kill(pid, signal.SIGKILL)
    os.kill(owner.pid, signal.SIGKILL)
    owner.wait()
    assert got(embedded.start()) == "before the kill"


def test_start_moves_the_socket_where_the_path_is_too_long(folder):
    with EmbeddedRedis(folder / ("long" * 30)) as embedded:
        url = embedded.start()
        put(url, "x")
        place = Path(url.removeprefix("unix://")).parent
        assert len(url) < 100
    assert not place.exists()


def test_start_takes_a_directory_with_blanks_and_quotes_in_its_name(folder):
    with EmbeddedRedis(folder / 'a "b" \\ č') as embedded:
        put(embedded.start(), "x")


def test_start_refuses_a_directory_of_a_newer_version(folder):
    with EmbeddedRedis(folder) as embedded:
        embedded.start()
    name = read_record(folder).name
    rewrite(folder, version=[99, 1, 0])
    with pytest.raises(Unavailable, match=rf"written by {name} 99\.1\.0.*Install {name}"):
        EmbeddedRedis(folder).start()


def test_start_refuses_a_directory_of_another_engine(folder):
    program = choose(folder)
    with EmbeddedRedis(folder) as embedded:
        embedded.start()
    rewrite(folder, name="Other")
    with pytest.raises(Unavailable, match="written by Other"):
        EmbeddedRedis(folder, binary=program.path).start()
    rewrite(folder, name=program.name)
    with EmbeddedRedis(folder, binary=program.path) as embedded:
        embedded.start()


def test_start_tries_nothing_else_than_the_program_the_admin_named(folder):
    with pytest.raises(Unavailable, match=r"/bin/true.*NATO_BRIEF_REDIS_BIN"):
        EmbeddedRedis(folder, binary="/bin/true").start()


def test_start_shows_the_servers_own_words_when_it_does_not_come_up(folder):
    folder.mkdir()
    with pytest.raises(Unavailable, match="did not start"):
        EmbeddedRedis(folder, maxmemory="much").start()
    with EmbeddedRedis(folder) as embedded:
        embedded.start()


def test_start_says_that_the_disk_is_full_and_leaves_no_server_behind(folder, monkeypatch):
    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(embedded_redis, "record", full)
    monkeypatch.setattr(embedded_redis, "free_bytes", lambda folder: 4096)
    embedded = EmbeddedRedis(folder)
    with pytest.raises(Unavailable, match=rf"the disk of {folder} is full: make room"):
        embedded.start()
    assert not embedded.started


def test_start_is_refused_off_the_main_thread(folder):
    problems: list[Exception] = []

    def start() -> None:
        try:
            EmbeddedRedis(folder).start()
        except RuntimeError as problem:
            problems.append(problem)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert len(problems) == 1


def test_probe_knows_a_server_from_other_programs():
    assert probe("/bin/true") is None
    assert probe("/nonexistent") is None


def test_run_lock_refuses_a_second_run(folder):
    first, second = RunLock(folder), RunLock(folder)
    first.acquire()
    with pytest.raises(UsageError, match=str(folder)):
        second.acquire()
    first.release()
    second.acquire()
    second.release()


def test_start_waits_as_long_as_the_server_loads_its_data(folder, monkeypatch):
    """However long that takes: the patience is for a server that says nothing."""
    began = time.monotonic()

    def answer(socket: Path) -> bool | None:
        return True if time.monotonic() > began + 0.3 else None

    monkeypatch.setattr(embedded_redis, "_answer", answer)
    with EmbeddedRedis(folder, patience=0.05) as embedded:
        embedded.start()
        assert time.monotonic() > began + 0.3
