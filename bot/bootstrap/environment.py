"""The environment as one mapping: the process's own variables over those of ``.env`` files."""

from __future__ import annotations

import os
from pathlib import Path

from dotenv import dotenv_values

from bot.bootstrap.settings import config_dir
from bot.domain.errors import UsageError


def environment(config: Path | None = None) -> dict[str, str]:
    """The variables of this process, over those of ``.env`` files.

    There may be one beside the configuration and one in the folder we are in; the first wins.

    Args:
        config: The configuration folder, as an option named it.

    Raises:
        UsageError: a ``.env`` cannot be read.
    """
    here = _written(Path.cwd())
    beside = _written(config_dir({**here, **os.environ}, config))
    return {**here, **beside, **os.environ}


def _written(folder: Path) -> dict[str, str]:
    file = folder / ".env"
    try:
        written = dotenv_values(file) if file.is_file() else {}
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is not UTF-8 text") from error
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}") from error
    return {name: value for name, value in written.items() if value is not None}
