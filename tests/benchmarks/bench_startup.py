"""Start-up: CPU seconds of whole commands, worker processes and embedded server included.

Each is run three times, the best counts, and none may cost more than its target.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

COMMAND = str(Path(sys.executable).with_name("nato-brief"))
SILENT = '{"id": "1", "text": "Snow fell on the pier."}'
SPOKEN = '{"id": "1", "text": "“We sail at dawn,” said the NATO chief, Mark Rutte."}'
CALM = '{"id": "1", "text": "Russia and Ukraine agreed a ceasefire, the Kremlin said."}'
RUNS = 3
#: Of a ``run`` on its way up.
PATIENCE = 120.0


def spent(process: subprocess.Popen[bytes]) -> float:
    """CPU seconds of a process and of those it waited for, once it has ended."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_utime + usage.ru_stime


def told(name: str, seconds: list[float], target: float) -> None:
    print(f"\n{name:22}{min(seconds):6.2f} CPU s, target {target}, load {os.getloadavg()[0]:.1f}")
    assert min(seconds) <= target


@pytest.mark.parametrize(
    ("name", "arguments", "given", "target"),
    [
        ("--help", ["--help"], "", 0.3),
        ("check", ["check"], "", 1.5),
        ("quotes", ["quotes"], SPOKEN, 1.5),
        ("match, nothing hits", ["match"], SILENT, 1.5),
        ("match, something does", ["match"], CALM, 3.0),
    ],
)
def test_command_costs_no_more_than_its_target(name, arguments, given, target, tmp_path):
    document = tmp_path / "doc.jsonl"
    document.write_text(given)
    seconds = []
    for _ in range(RUNS):
        with document.open() as stdin:
            process = subprocess.Popen(
                [COMMAND, *arguments], stdin=stdin, stdout=subprocess.DEVNULL
            )
            seconds.append(spent(process))
    told(name, seconds, target)


def test_run_listens_within_its_target(tmp_path):
    config = tmp_path / "config"
    subprocess.run([COMMAND, "init", config], check=True, stdout=subprocess.DEVNULL)
    feeds = 'format: 1\nfeeds: [{url: "http://127.0.0.1:9/a.xml", name: Gone}]\n'
    (config / "feeds.yaml").write_text(feeds)
    seconds = []
    for number in range(RUNS):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{probe.getsockname()[1]}"
        process = subprocess.Popen(
            [COMMAND, "--config", config, "--data-dir", tmp_path / str(number), "run"],
            env={**os.environ, "NATO_BRIEF_LISTEN": address},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until_it_answers(f"http://{address}/", process)
        process.send_signal(signal.SIGTERM)
        seconds.append(spent(process))
    told("run, until it listens", seconds, 4.0)


def until_it_answers(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        assert process.poll() is None
        try:
            urlopen(url, timeout=10).close()
        except (URLError, OSError):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        else:
            return
