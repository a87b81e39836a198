"""The index's folder: its name, the lock of whoever writes it, and the checkpoint beside it.

<directory>/<schema>-<tantivy major.minor>/        tantivy's files
                                          /checkpoint.json
<directory>/<schema>-<tantivy major.minor>.lock    held by the one process that writes
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path


class Folder:
    """One directory on this host that several processes share."""

    def __init__(self, directory: Path, name: str) -> None:
        self.path = directory / name
        self._lock_path = directory / f"{name}.lock"
        self._checkpoint_path = self.path / "checkpoint.json"
        self._lock: int | None = None

    def lock(self) -> bool:
        """Try to become the one who writes; never waits."""
        if self._lock is not None:
            return True
        self._lock_path.parent.mkdir(parents=True, exist_ok=True)
        opened = os.open(self._lock_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(opened)
            return False
        self._lock = opened
        return True

    def unlock(self) -> None:
        """Let somebody else write."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def empty(self) -> None:
        """Delete what is there, checkpoint included; only the writer may."""
        shutil.rmtree(self.path, ignore_errors=True)
        self.path.mkdir(parents=True, exist_ok=True)

    def checkpoint(self) -> dict[str, str]:
        """The positions last written; empty when there are none that can be read."""
        try:
            found = json.loads(self._checkpoint_path.read_bytes())
        except (OSError, ValueError):
            return {}
        if not isinstance(found, dict):
            return {}
        return {str(name): str(position) for name, position in found.items()}

    def write_checkpoint(self, positions: Mapping[str, str]) -> None:
        """Replace the checkpoint whole; a reader sees the old one or the new one."""
        fresh = self._checkpoint_path.with_suffix(".new")
        fresh.write_text(json.dumps(dict(positions)))
        fresh.replace(self._checkpoint_path)
