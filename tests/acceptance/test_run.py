"""``run`` without any token: keeps going while feeds fail, answers beside it, stops cleanly."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import redis

COMMAND = Path(sys.executable).with_name("nato-brief")
FEEDS = """format: 1
feeds:
  - {url: "http://127.0.0.1:9/a.xml", name: Gone}
  - {url: "http://feeds.invalid/b.xml", name: Nowhere}
"""

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def bot(processes, tmp_path):
    """A started ``run``, its log, and a way to run other commands on the same data."""
    config = tmp_path / "config"
    config.mkdir()
    (config / "feeds.yaml").write_text(FEEDS)
    (tmp_path / "data" / "index").mkdir(mode=0o755, parents=True)
    (tmp_path / "data" / "redis.log").touch(0o644)
    environment = {**os.environ, "NATO_BRIEF_LISTEN": f"127.0.0.1:{free_port()}"}
    base = [COMMAND, "--config", config, "--data-dir", tmp_path / "data"]
    process = processes.start(*base, "run", env=environment)

    def command(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*base, *arguments], env=environment, capture_output=True, text=True, check=False
        )

    processes.wait_until(lambda: processes.said(process).count("poll.problem") == 2)
    return process, command, processes.said


def server_of(folder) -> redis.Redis:
    return redis.Redis(unix_socket_path=str(folder / "data" / "redis.sock"))


def test_run_tells_each_failure_in_one_line_and_is_answered_beside_it(bot):
    _, command, said = bot
    problems = [line for line in said().splitlines() if "poll.problem" in line]
    assert len(problems) == 2
    assert any("127.0.0.1:9" in line for line in problems)
    asked = command("ask", "what did anybody say?")
    assert "Nothing found in 0 articles" in asked.stdout
    second = command("run")
    assert (second.returncode, "already running" in second.stderr) == (2, True)
    assert "Traceback" not in said()


def test_run_keeps_its_data_from_other_users_of_the_machine(bot, tmp_path):
    data = tmp_path / "data"
    found = [data, *data.rglob("*")]
    assert {"redis.log", "run.lock", "appendonlydir", "index"} <= {path.name for path in found}
    assert [path for path in found if path.stat().st_mode & 0o077] == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_run_stops_cleanly_and_leaves_no_process(bot, tmp_path, number):
    process, _, said = bot
    with server_of(tmp_path) as server:
        leader = server.info("server")["process_id"]
    process.send_signal(number)
    assert process.wait() == 0
    assert "Traceback" not in said()
    with server_of(tmp_path) as server, pytest.raises(redis.ConnectionError):
        server.ping()
    for group in (process.pid, leader):
        with pytest.raises(ProcessLookupError):
            os.killpg(group, 0)


def test_run_ends_with_an_error_when_its_server_dies(bot, tmp_path):
    process, _, said = bot
    with server_of(tmp_path) as server:
        os.kill(server.info("server")["process_id"], signal.SIGKILL)
    assert process.wait() == 1
    assert "the embedded server died (SIGKILL; its log is" in said()
    assert "Traceback" not in said()


def test_run_that_cannot_listen_says_so_and_ends(bot, tmp_path):
    _, command, said = bot
    address = next(line for line in said().splitlines() if "web.listening" in line)
    port = address.rsplit(":", 1)[1].strip("/")
    done = command("--data-dir", str(tmp_path / "other"), "run")
    assert (done.returncode, f"127.0.0.1:{port}" in done.stderr) == (1, True)
    assert "NATO_BRIEF_LISTEN" in done.stderr
    assert "Traceback" not in done.stderr
