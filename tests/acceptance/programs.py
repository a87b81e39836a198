"""Processes beside a test; one that ends too early is a failure that shows its last words."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.processes import kill_group

#: How many of its last lines a failure shows.
LAST = 20


class Program:
    """A started process whose output goes into a file."""

    def __init__(self, command: Sequence[str | Path], log: Path, **options: Any) -> None:
        self._name = " ".join(Path(part).name for part in command[:2])
        self._log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **options,
            )

    def said(self) -> str:
        """All that it wrote."""
        return self._log.read_text(errors="replace")

    def check_alive(self) -> None:
        """Raises: AssertionError: it has ended; shows how, and its last words."""
        code = self.process.poll()
        last = "\n".join(self.said().splitlines()[-LAST:]) or "(nothing)"
        assert code is None, f"{self._name} ended early, with {code}. Its last words:\n{last}"


@contextmanager
def running(command: Sequence[str | Path], log: Path, **options: Any) -> Iterator[Program]:
    """Runs a program that has to outlive the block; it is killed at its end."""
    program = Program(command, log, **options)
    try:
        yield program
    finally:
        try:
            program.check_alive()
        finally:
            kill_group(program.process)
