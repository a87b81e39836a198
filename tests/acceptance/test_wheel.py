"""The wheel as a stranger installs it: unpinned, by the oldest pip, with no checkout near."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.missing import Missing, needed

CHECKOUT = Path(__file__).parents[2]
#: The pip that the oldest Python in support came with; a later Python runs the one it brought.
OLDEST_PIP = "22.3"
#: Folder of the checkout → where the wheel has it.
SHIPPED = {"bot": "bot", "handlers": "handlers", "config": "bot/_data/config"}
SHIPPED |= {"seeds": "bot/_data/seeds"}
#: What may lie in a checkout and is nobody else's.
PRIVATE = {"config/.env", "my-desk/.env", "my-desk/feeds.yaml", ".uv_cache/large"}

pytestmark = pytest.mark.slow


def run(*command: str | Path, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs a command with nothing of ours in its environment; its registry is the desk's."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("NATO_BRIEF", "REDIS", "PYTHON", "VIRTUAL_ENV"))
    }
    return subprocess.run(
        command, cwd=cwd, env=kept | variables, capture_output=True, text=True, check=False
    )


def built(kind: str, source: Path, folder: Path) -> Path:
    done = run(sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", folder, cwd=source)
    assert done.returncode == 0, done.stderr
    (made,) = folder.iterdir()
    return made


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Path:
    """The source distribution, unpacked, with what a desk keeps in its checkout besides."""
    folder = tmp_path_factory.mktemp("source")
    packed = built("sdist", CHECKOUT, folder / "packed")
    assert run(sys.executable, "-m", "tarfile", "-e", packed, folder, cwd=folder).returncode == 0
    (unpacked,) = folder.glob("nato_brief-*")
    for name in PRIVATE:
        (unpacked / name).parent.mkdir(exist_ok=True)
        (unpacked / name).write_text("a desk's own")
    return unpacked


def test_source_distribution_holds_nothing_that_is_a_desks_own(source, tmp_path):
    with tarfile.open(built("sdist", source, tmp_path)) as packed:
        held = {name.partition("/")[2] for name in packed.getnames()}
    assert held
    assert not held & PRIVATE


@pytest.fixture(scope="module")
def wheel(source, tmp_path_factory) -> Path:
    """Built from the source distribution, so that this one is whole as well."""
    return built("wheel", source, tmp_path_factory.mktemp("wheel"))


def test_wheel_holds_every_file_of_the_product_and_no_other(wheel):
    expected = {
        f"{inside}/{file.relative_to(CHECKOUT / folder)}": file.read_bytes()
        for folder, inside in SHIPPED.items()
        for file in (CHECKOUT / folder).rglob("*")
        if file.is_file() and not {"__pycache__", ".env"} & {*file.parts}
    }
    expected["bot/_data/.env.example"] = (CHECKOUT / ".env.example").read_bytes()
    with ZipFile(wheel) as archive:
        held = {
            name: archive.read(name) for name in archive.namelist() if ".dist-info/" not in name
        }
    assert held == expected


def pip_installed(folder: Path) -> Path:
    """The Python of a new environment with the oldest pip.

    Raises:
        Missing: no environment can be made, or no registry can be reached.
    """
    made = run(sys.executable, "-m", "venv", "venv", cwd=folder)
    if made.returncode:
        raise Missing("needs the modules venv and ensurepip (Debian: apt install python3-venv)")
    python = folder / "venv/bin/python"
    if sys.version_info < (3, 12):
        pip = (python, "-m", "pip", "--retries=1", "--timeout=15", "install", f"pip=={OLDEST_PIP}")
        if run(*pip, cwd=folder).returncode:
            raise Missing(
                f"needs a package registry that pip reaches and that has pip {OLDEST_PIP}"
            )
    return python


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Callable[..., str]:
    """What ``nato-brief``, installed from the wheel, prints; it ends without an error."""
    folder = tmp_path_factory.mktemp("stranger")
    python = needed(lambda: pip_installed(folder))
    done = run(python, "-m", "pip", "install", "--no-input", wheel, cwd=folder)
    assert done.returncode == 0, done.stderr

    def installed(*arguments: str) -> str:
        command = python.with_name("nato-brief")
        done = run(command, *arguments, cwd=folder, HOME=str(folder))
        assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
        return done.stdout

    return installed


def test_wheel_installed_by_the_oldest_pip_helps_inits_checks_and_demonstrates(installed):
    assert "demo" in installed("--help")
    assert ".env" in installed("init", "desk")
    assert "No problems" in installed("check", "desk")
    assert "DIGEST" in installed("demo", "--out", "demo.html")
