"""Programs from npm that tests talk to: installed beside the virtual environment, run alone.

None is kept here (the licence of one is for evaluation); ``make clean`` removes them.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.missing import Missing
from tests.processes import Processes, running

#: The oldest Node that runs all of them.
NODE = 20
_ALONE = Path(__file__).with_name("alone.cjs")
_PLACE = Path(sys.prefix, "npm")


@dataclass(frozen=True)
class Package:
    """One version, and the hash that npm names it by."""

    name: str
    version: str
    integrity: str

    def install(self) -> Path:
        """Its program's script, installed at the first call.

        Raises:
            Missing: Node or npm is not there or too old, or npm cannot fetch it.
        """
        require_node()
        kept = _PLACE / f"{self.name.rpartition('/')[2]}-{self.version}"
        if not kept.exists():
            kept.parent.mkdir(exist_ok=True)
            with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
                made = Path(folder, "made")
                self._fetch(made)
                # Another test process may have been faster.
                with suppress(OSError):
                    made.rename(kept)
        package = kept / "node_modules" / self.name
        programs: dict[str, str] = json.loads((package / "package.json").read_text())["bin"]
        return package / next(iter(programs.values()))

    def _fetch(self, folder: Path) -> None:
        folder.mkdir()
        (folder / "package.json").write_text('{"private": true}')
        named = f"{self.name}@{self.version}"
        options = ("--ignore-scripts", "--fetch-retries=1", "--no-audit", "--no-fund", "--no-save")
        command = ("npm", "install", *options, "--cache", _PLACE / "cache", named)
        try:
            done = subprocess.run(
                command, cwd=folder, capture_output=True, text=True, timeout=180, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise Missing(f"npm could not fetch {named} in three minutes") from error
        if done.returncode:
            last = (done.stderr.strip() or "no word why").splitlines()[-1]
            raise Missing(f"npm cannot install {named}: {last}")
        lock = json.loads((folder / "node_modules" / ".package-lock.json").read_text())
        found = lock["packages"][f"node_modules/{self.name}"]["integrity"]
        assert found == self.integrity, f"{named} is not the package it was: {found}"


def require_node() -> None:
    """Raises: Missing: Node or npm is not there, or too old."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise Missing(f"needs Node {NODE} or newer, with npm (see nodejs.org)")
    told = subprocess.run(("node", "--version"), capture_output=True, text=True, check=True).stdout
    if int(told.strip().removeprefix("v").partition(".")[0]) < NODE:
        raise Missing(f"needs Node {NODE} or newer; {shutil.which('node')} is {told.strip()}")


@contextmanager
def running_alone(script: Path, *options: str, folder: Path) -> Iterator[Processes]:
    """Runs a script in ``folder``, on loopback only and without a browser."""
    command = ("node", "--require", _ALONE, script, *options)
    with running(folder, *command, cwd=folder, stdin=subprocess.DEVNULL) as program:
        yield program


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
