"""A configuration folder that is watched and written back to: stamps, reads, atomic writes.

A write goes to a file beside the target and is renamed over it, so that nobody ever reads half
of one. What an editor or ``git`` wrote in between is never overwritten.
"""

from __future__ import annotations

import os
import socket
import tempfile
from contextlib import suppress
from pathlib import Path

from bot.adapters.files import FILES, WATCHLISTS, read_folder
from bot.domain.errors import Unavailable

#: New files are readable by everybody, as an editor would make them.
_MODE = 0o644


class ConfigFolder:
    """Implements ``Folder``."""

    def __init__(self, path: Path, *, shipped: bool = False) -> None:
        """``shipped``: it came with the package; it is read and never written."""
        self.path = path.absolute()
        self.place = f"{socket.gethostname()}:{self.path}"
        self.shipped = shipped

    def stamp(self) -> object:
        """Equal as long as no file was touched: names, sizes, times and inodes."""
        found = []
        for name in FILES:
            with suppress(OSError):
                found.append((name, *_stamp((self.path / name).stat())))
        with suppress(OSError), os.scandir(self.path / WATCHLISTS) as entries:
            for entry in entries:
                with suppress(OSError):
                    found.append((f"{WATCHLISTS}/{entry.name}", *_stamp(entry.stat())))
        return tuple(sorted(found))

    def read(self) -> dict[str, bytes]:
        """Name → content; raises Unavailable when the folder or its feeds are missing."""
        return read_folder(self.path)

    def write(self, name: str, content: bytes | None, *, known: bytes | None) -> bool:
        """Replace a file whole, or delete it for None.

        Returns False, and writes nothing, when it does not hold ``known`` any more. Raises
        Unavailable when the folder cannot be written.
        """
        target = self.path / name
        if self.shipped:
            raise Unavailable(f"{self.path} came with the package and is not written to")
        try:
            if content is None:
                if _content(target) != known:
                    return False
                target.unlink(missing_ok=True)
                return True
            target.parent.mkdir(parents=True, exist_ok=True)
            mode = target.stat().st_mode & 0o777 if target.exists() else _MODE
            # Hidden, so that a watcher never takes it for a watchlist.
            number, beside = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
            try:
                with os.fdopen(number, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(number)
                Path(beside).chmod(mode)
                if _content(target) != known:
                    return False
                Path(beside).replace(target)
            finally:
                Path(beside).unlink(missing_ok=True)
        except OSError as error:
            raise Unavailable(f"cannot write {target}: {error.strerror}") from error
        return True

    def keep_aside(self, name: str, content: bytes) -> Path:
        """Write ``content`` beside a file, under a name that is no configuration."""
        for number in range(1, 1000):
            aside = self.path / f"{name}.mine-{number}"
            try:
                with aside.open("xb") as file:
                    file.write(content)
            except FileExistsError:
                continue
            except OSError as error:
                raise Unavailable(f"cannot write {aside}: {error.strerror}") from error
            return aside
        raise Unavailable(f"too many copies beside {self.path / name}: remove some")


def _stamp(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_size, found.st_mtime_ns, found.st_ino


def _content(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None
