from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.bootstrap.server import server
from bot.bootstrap.settings import Settings
from bot.domain.errors import UsageError


def under_a_file(folder: Path, _: pytest.MonkeyPatch) -> Path:
    (folder / "file").touch()
    return folder / "file/data"


def read_only(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    # Root may write everywhere; nobody else may here.
    monkeypatch.setattr(os, "access", lambda path, _: Path(path) != folder)
    return folder


@pytest.mark.parametrize("place", [under_a_file, read_only])
def test_a_folder_that_takes_no_data_is_named_with_the_fix(tmp_path, monkeypatch, place):
    folder = place(tmp_path, monkeypatch)
    settings = Settings(config_dir=tmp_path, data_dir=folder)
    with (
        pytest.raises(UsageError, match=f"{folder}: .*--data-dir or NATO_BRIEF_DATA_DIR"),
        server(settings),
    ):
        pass
