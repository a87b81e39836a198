"""A test that fails, in its set-up too, or that hangs leaves no process behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: Each starts a process that starts another, both of which would sleep for an hour.
CASES = """
import subprocess
import sys

import pytest

SLEEPER = "import time; time.sleep(3600)"
STARTER = f"import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', {SLEEPER!r}]); "
STARTER += "print('started', flush=True); p.wait()"


@pytest.fixture
def started(processes):
    process = processes.start(sys.executable, "-c", STARTER, stdout=subprocess.PIPE, stderr=None)
    assert process.stdout.readline() == "started\\n"


@pytest.fixture
def broken(started):
    raise ValueError


def test_fails(started):
    raise ValueError


def test_fails_in_its_setup(broken):
    pass


@pytest.mark.timeout(0.5)
def test_hangs(started):
    subprocess.run([sys.executable, "-c", SLEEPER])
"""


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", ["test_fails", "test_fails_in_its_setup", "test_hangs"])
def test_what_a_failing_test_started_ends_with_it(tmp_path, name):
    file = tmp_path / "test_failing.py"
    file.write_text(CASES)
    command = [sys.executable, "-m", "pytest", "-s", "-p", "tests.processes", f"{file}::{name}"]
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
    # Standard error is at its end as soon as no process holds it any more.
    done = subprocess.run(command, cwd=ROOT, env=kept, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "1 failed" in done.stdout or "1 error" in done.stdout
