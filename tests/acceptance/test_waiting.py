"""A role that starts before its server waits for it, says so, and can be stopped meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.adapters.redis_program import choose

COMMAND = Path(sys.executable).with_name("nato-brief")

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(server) -> Iterator[Path]:
    """A folder with a short path; where there is no server program, no test either."""
    with tempfile.TemporaryDirectory(prefix="nbt-") as name:
        yield Path(name)


@pytest.fixture
def begin(processes, folder):
    """Starts a role whose server is away, and returns when it has said so."""

    def start(role: str) -> subprocess.Popen[str]:
        environment = {**os.environ, "REDIS_URL": f"unix://{folder}/s"}
        process = processes.start(COMMAND, "--data-dir", folder, role, env=environment)
        processes.wait_until(lambda: "redis.away" in processes.said(process))
        return process

    return start


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_role_that_waits_stops_in_order(begin, processes, number):
    process = begin("web")
    process.send_signal(number)
    assert process.wait() == 0
    said = processes.said(process)
    assert "roles.stopping" in said
    assert "Traceback" not in said


def test_a_role_goes_on_as_soon_as_its_server_is_there(begin, processes, folder):
    process = begin("scheduler")
    processes.start(
        *(choose(folder, None).path, "--port", "0", "--unixsocket", folder / "s"),
        *("--dir", folder, "--save", ""),
    )
    processes.wait_until(lambda: "roles.started" in processes.said(process))
    process.terminate()
    assert process.wait() == 0, processes.said(process)
    assert "roles.started" in processes.said(process)
