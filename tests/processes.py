"""Processes that a test starts. They end with it, whatever becomes of the test.

One that ends before the test expects it is a failure that shows its last words.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.waiting import until, wait_until

Process = subprocess.Popen[str]
#: Characters of a log that a failure shows.
LAST = 10_000


class Processes:
    """Starts processes, each the leader of a group of its own, and kills the groups at the end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.started: list[Process] = []
        self._logs: list[Path] = []

    def start(self, *command: Any, **options: Any) -> Process:
        """Start one; what it writes goes to its log unless ``options`` say otherwise."""
        self._logs.append(self._folder / f"process-{len(self._logs)}.log")
        with self._logs[-1].open("w") as log:
            places = {"stdout": log, "stderr": log} | options
            process = subprocess.Popen(
                [*map(str, command)],
                text=True,
                start_new_session=True,
                preexec_fn=_hear_signals,
                **places,
            )
        self.started.append(process)
        return process

    def said(self, process: Process | None = None) -> str:
        """What it wrote to its log, or what all of them did."""
        wanted = (process,) if process else self.started
        logs = zip(self.started, self._logs, strict=True)
        return "\n".join(log.read_text(errors="replace") for one, log in logs if one in wanted)

    def check_alive(self) -> None:
        """Raises: AssertionError: one has ended that the test has not waited for itself."""
        for process in self.started:
            if process.returncode is None and (code := process.poll()) is not None:
                said = self.said(process)[-LAST:]
                raise AssertionError(f"{process.args} ended early, with {code}. It said:\n{said}")

    async def until(self, holds: Callable[[], Any], *, every: float = 0.01) -> Any:
        """Wait as ``waiting.until`` does, as long as all of them live."""
        return await until(lambda: self.check_alive() or holds(), every=every)

    def wait_until(self, holds: Callable[[], Any], *, every: float = 0.02) -> Any:
        """The same where no loop runs."""
        return wait_until(lambda: self.check_alive() or holds(), every=every)

    def end(self) -> None:
        """Kill what still runs."""
        for process in self.started:
            kill_group(process)
            for pipe in (process.stdin, process.stdout, process.stderr):
                if pipe is not None:
                    pipe.close()


def _hear_signals() -> None:
    """Whoever runs the tests may ignore some (nohup does, and a shell's &); children inherit it."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def kill_group(process: subprocess.Popen[Any]) -> None:
    """Kill the leader of a group, and whatever it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def running(folder: Path, *command: Any, **options: Any) -> Iterator[Processes]:
    """Runs one that has to outlive the block."""
    started = Processes(folder)
    started.start(*command, **options)
    try:
        yield started
    finally:
        try:
            started.check_alive()
        finally:
            started.end()


@pytest.fixture
def processes(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Processes]:
    """Of this test; where it fails, what they said last is shown with it."""
    started = Processes(tmp_path)
    yield started
    started.end()
    request.node.add_report_section("teardown", "log", started.said()[-LAST:])
