"""The environment as one mapping: the process's own variables over those of ``.env``."""

from __future__ import annotations

import os
from pathlib import Path

from dotenv import dotenv_values


def environment(folder: Path | None = None) -> dict[str, str]:
    """Variables of ``.env`` in ``folder`` (default: here), overridden by the real environment."""
    file = (folder or Path.cwd()) / ".env"
    written = dotenv_values(file) if file.is_file() else {}
    return {**{k: v for k, v in written.items() if v is not None}, **os.environ}
