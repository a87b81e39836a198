"""The environment as one mapping: the process's own variables over those of ``.env``."""

from __future__ import annotations

import os
from pathlib import Path

from dotenv import dotenv_values

from bot.domain.errors import UsageError


def environment(folder: Path | None = None) -> dict[str, str]:
    """Variables of ``.env`` in ``folder`` (default: here), overridden by the real environment.

    Raises:
        UsageError: ``.env`` cannot be read.
    """
    file = (folder or Path.cwd()) / ".env"
    try:
        written = dotenv_values(file) if file.is_file() else {}
    except UnicodeDecodeError as error:
        raise UsageError(".env is not UTF-8 text") from error
    except OSError as error:
        raise UsageError(f"cannot read .env: {error.strerror}") from error
    return {**{k: v for k, v in written.items() if v is not None}, **os.environ}
