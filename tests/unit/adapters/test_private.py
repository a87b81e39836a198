"""The data directory is its owner's alone."""

from __future__ import annotations

from pathlib import Path

from bot.adapters.private import make_private


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_folder_that_is_not_there_yet_is_left_to_who_needs_it(tmp_path):
    make_private(tmp_path / "a")
    assert not (tmp_path / "a").exists()


def test_our_files_lose_the_rights_of_others_and_nobody_elses_do(tmp_path):
    theirs = tmp_path / "feeds.yaml"
    ours = tmp_path / "index" / "4" / "segment", tmp_path / "redis.log", tmp_path / "run.lock"
    for path in (*ours, theirs):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        path.chmod(0o644)
    ours[0].parent.chmod(0o777)
    (tmp_path / "index" / "link").symlink_to(theirs)
    tmp_path.chmod(0o755)
    make_private(tmp_path)
    assert mode(tmp_path) == mode(ours[0].parent) == 0o700
    assert {mode(path) for path in ours} == {0o600}
    assert mode(theirs) == 0o644
