"""Who types."""

from __future__ import annotations

import getpass
import os


def who() -> str:
    """The user's name; ``uid 1234`` where the system has none for it, as in a container."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # KeyError before Python 3.13
        return f"uid {os.getuid()}"
