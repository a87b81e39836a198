"""The configuration folder on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.adapters.files import read_folder, read_watchlists, write_starter
from bot.domain.errors import Unavailable


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "watchlists").mkdir()
    (tmp_path / "schema").mkdir()
    for name in ("feeds.yaml", "people.yaml", "watchlists/b.yaml", "watchlists/a.yml"):
        (tmp_path / name).write_text(name)
    for name in ("notes.txt", "schema/feeds.json", "watchlists/.b.yaml", "watchlists/c.yaml~"):
        (tmp_path / name).write_text(name)
    return tmp_path


def test_folder_is_read_by_the_names_an_admin_knows(folder):
    names = ["feeds.yaml", "people.yaml", "watchlists/a.yml", "watchlists/b.yaml"]
    assert {name: name.encode() for name in names} == read_folder(folder)


def test_watchlists_are_read_from_a_folder_a_file_or_a_configuration(folder):
    both = {"a.yml": b"watchlists/a.yml", "b.yaml": b"watchlists/b.yaml"}
    assert both == read_watchlists(folder) == read_watchlists(folder / "watchlists")
    assert {"b.yaml": both["b.yaml"]} == read_watchlists(folder / "watchlists" / "b.yaml")


def test_endless_file_is_read_in_part(folder):
    (folder / "channels.yaml").write_bytes(b"x" * 3_000_000)
    assert len(read_folder(folder)["channels.yaml"]) == 1024 * 1024


def test_missing_folder_says_the_fix(tmp_path):
    with pytest.raises(Unavailable, match="nato-brief init"):
        read_folder(tmp_path / "none")
    with pytest.raises(Unavailable, match="no folder or file"):
        read_watchlists(tmp_path / "none")


def test_missing_feeds_say_the_fix(tmp_path):
    with pytest.raises(Unavailable, match=r"no feeds\.yaml"):
        read_folder(tmp_path)
    (tmp_path / "feeds.yml").touch()
    with pytest.raises(Unavailable, match=r"rename feeds\.yml"):
        read_folder(tmp_path)


def test_folder_without_watchlists_is_told(tmp_path):
    with pytest.raises(Unavailable, match="no watchlist"):
        read_watchlists(tmp_path)


def test_starter_is_written_and_never_overwrites(folder, tmp_path_factory):
    target = tmp_path_factory.mktemp("new") / "config"
    first = write_starter(folder, target)
    assert Path("schema/feeds.json") in first.written
    assert first.kept == ()
    (target / "feeds.yaml").write_text("mine")
    (target / "people.yaml").unlink()
    again = write_starter(folder, target)
    assert (Path("people.yaml"),) == again.written
    assert Path("feeds.yaml") in again.kept
    assert (target / "feeds.yaml").read_text() == "mine"


def test_starter_brings_the_environment_along(folder, tmp_path_factory):
    source = tmp_path_factory.mktemp("package")
    (source / ".env.example").write_text("# settings")
    (folder).rename(source / "config")
    written = write_starter(source / "config", source / "target").written
    assert Path(".env.example") in written


def test_starter_refuses_a_file_and_an_empty_source(folder, tmp_path_factory):
    empty = tmp_path_factory.mktemp("empty")
    with pytest.raises(Unavailable, match="incomplete"):
        write_starter(empty, empty / "new")
    with pytest.raises(Unavailable, match="is a file"):
        write_starter(folder, folder / "feeds.yaml")
