"""``make`` on a bare machine: what it takes, and what it says where something is missing."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.missing import Missing, needed

MAKEFILE = Path(__file__).parents[2] / "Makefile"
OLD = "exit 1"
NEW = "exit 0"
#: A Python whose system packages ``ensurepip`` apart: it leaves half an environment behind.
HALF = """case "$*" in
  *"-m venv"*) echo asked >> asked
    /bin/mkdir -p .venv/bin; echo '#!/bin/sh\nexit 1' > .venv/bin/python
    /bin/chmod +x .venv/bin/python; exit 1;;
esac"""

Make = Callable[..., subprocess.CompletedProcess[str]]


def make_found() -> str:
    if found := shutil.which("make"):
        return found
    raise Missing("needs make (Debian: apt install make)")


@pytest.fixture
def make(tmp_path) -> Make:
    """Runs it in a folder of its own, on a machine that has these programs and no other."""
    program = needed(make_found)
    shutil.copy(MAKEFILE, tmp_path)
    for name in ("requirements/dev.txt", "pyproject.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    def make(*arguments: str, **programs: str) -> subprocess.CompletedProcess[str]:
        path = tmp_path / "path"
        path.mkdir(exist_ok=True)
        for name, text in programs.items():
            script = path / name.replace("_", ".")
            script.write_text(f"#!/bin/sh\n{text}\n")
            script.chmod(0o755)
        return subprocess.run(
            [program, *arguments],
            cwd=tmp_path,
            env={"PATH": str(path)},
            capture_output=True,
            text=True,
            check=False,
        )

    return make


@pytest.mark.parametrize(
    ("programs", "taken"),
    [
        ({"python3": NEW, "python3_12": NEW}, "python3"),
        ({"python3": OLD, "python3_11": NEW}, "python3.11"),
        ({"python3_12": NEW}, "python3.12"),
    ],
)
def test_make_takes_the_first_python_that_is_new_enough(make, programs, taken):
    done = make("--eval", "told: ; $(info $(PYTHON))", "told", **programs)
    assert done.stdout.splitlines()[0] == taken


@pytest.mark.parametrize("programs", [{}, {"python3": OLD}], ids=["none", "old"])
def test_make_without_a_python_that_is_new_enough_says_what_to_install(make, programs):
    done = make("demo", **programs)
    assert done.returncode == 2
    (line,) = done.stdout.splitlines()
    assert line.startswith("nato-brief needs Python 3.11 or newer (Debian: apt install python3 ")


def test_make_says_what_an_environment_needs_and_begins_anew_once_it_is_there(make, tmp_path):
    for _ in range(2):
        done = make("demo", python3=HALF)
        assert done.returncode == 2
        assert "python3 cannot make .venv" in done.stdout
        assert "apt install python3-venv" in done.stdout
    assert (tmp_path / "asked").read_text() == "asked\n" * 2
