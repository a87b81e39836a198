"""Processes that a test starts. They end with it, whatever becomes of the test."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

Process = subprocess.Popen[str]


class Processes:
    """Starts processes, each the leader of a group of its own, and kills the groups at the end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._started: list[Process] = []
        self._logs: list[Path] = []

    def start(self, *command: Any, **options: Any) -> Process:
        """Start one; what it writes goes to its log unless ``options`` say otherwise."""
        self._logs.append(self._folder / f"process-{len(self._logs)}.log")
        with self._logs[-1].open("w") as log:
            places = {"stdout": log, "stderr": log} | options
            process = subprocess.Popen(
                [*map(str, command)], text=True, start_new_session=True, **places
            )
        self._started.append(process)
        return process

    def said(self, process: Process | None = None) -> str:
        """What it wrote to its log, or what all of them did."""
        wanted = (process,) if process else self._started
        logs = zip(self._started, self._logs, strict=True)
        return "\n".join(log.read_text() for one, log in logs if one in wanted)

    def end(self) -> None:
        """Kill what still runs."""
        for process in self._started:
            kill_group(process)
            for pipe in (process.stdin, process.stdout, process.stderr):
                if pipe is not None:
                    pipe.close()


def kill_group(process: subprocess.Popen[Any]) -> None:
    """Kill the leader of a group, and whatever it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.fixture
def processes(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Processes]:
    """Of this test; where it fails, what they said last is shown with it."""
    started = Processes(tmp_path)
    yield started
    started.end()
    request.node.add_report_section("teardown", "log", started.said()[-10_000:])
