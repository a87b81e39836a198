"""The data directory, for its owner's eyes only: articles, posts and questions lie there."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

#: What we and the embedded server put there; an admin may keep other things beside it.
_OURS: Final = (
    *("appendonlydir", "index", "engine.json", "lock", "*.lock", "redis.log*", "*.rdb", "*.aof"),
)
#: For ``os.umask``: what a process makes is its owner's.
UMASK: Final = 0o077


def make_private(folder: Path) -> None:
    """Take from others what rights they have to ``folder``, if it is there, and our files in it."""
    with suppress(OSError):  # none yet, or somebody else's who lets us in
        folder.chmod(0o700)
    for pattern in _OURS:
        for top in folder.glob(pattern):
            for path in (top, *top.rglob("*")) if top.is_dir() else (top,):
                with suppress(OSError):  # gone again, or somebody else's
                    mode = path.lstat().st_mode
                    if mode & UMASK and not path.is_symlink():
                        path.chmod(mode & 0o700)
