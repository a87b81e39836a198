"""The configuration folder: its files read as bytes, and a starter folder written."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from bot.domain.errors import Unavailable

#: Bytes read of one file, just more than a configuration file may have; the rest is never read.
_READ_AT_MOST = 1024 * 1024
#: The same of ``feeds.yaml``, which may list thousands.
_READ_OF_FEEDS = 5 * 1024 * 1024
_MAX_FILES = 500
_FEEDS, _OTHERS = "feeds.yaml", ("channels.yaml", "people.yaml")
#: The single files, and the folder of the others.
FILES, WATCHLISTS = (_FEEDS, *_OTHERS), "watchlists"
_ENVIRONMENT = ".env.example"
_SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Starter:
    """What ``write_starter`` did; paths relative to the target."""

    written: tuple[Path, ...]
    #: Files that were there already and are as they were.
    kept: tuple[Path, ...]


def read_folder(path: Path) -> dict[str, bytes]:
    """Name relative to ``path`` → content, of feeds, channels, people and watchlists.

    Raises:
        Unavailable: the folder or its ``feeds.yaml`` is missing, or a file cannot be read.
    """
    if not path.is_dir():
        raise Unavailable(f"no folder {path}: write a starter one with `nato-brief init {path}`")
    if not (path / _FEEDS).is_file():
        other = next((n for n in ("feeds.yml", "feed.yaml") if (path / n).is_file()), None)
        fix = f"rename {other}" if other else f"`nato-brief init {path}` writes what is missing"
        raise Unavailable(f"no {_FEEDS} in {path}: {fix}")
    found = {_FEEDS: _content(path / _FEEDS, most=_READ_OF_FEEDS)}
    for name in _OTHERS:
        if (path / name).is_file():
            found[name] = _content(path / name)
    for file in _yaml_files(path / WATCHLISTS):
        found[f"{WATCHLISTS}/{file.name}"] = _content(file)
    return found


def read_watchlists(path: Path) -> dict[str, bytes]:
    """File name → content, of the watchlists in a folder, or of one file.

    A configuration folder stands for its ``watchlists``.

    Raises:
        Unavailable: nothing is there, or a file cannot be read.
    """
    if path.is_file():
        return {path.name: _content(path)}
    if not path.is_dir():
        raise Unavailable(f"no folder or file {path}")
    folder = path / WATCHLISTS if (path / WATCHLISTS).is_dir() else path
    found = {file.name: _content(file) for file in _yaml_files(folder)}
    if not found:
        raise Unavailable(f"no watchlist in {folder}: its files end in .yaml")
    return found


def write_starter(source: Path, target: Path) -> Starter:
    """Copy the files of ``source`` to ``target``; a file that is there already is kept.

    ``.env.example`` beside ``source`` goes along.

    Raises:
        Unavailable: ``source`` has no files, or ``target`` cannot be written.
    """
    files = [file for file in sorted(source.rglob("*")) if file.is_file()]
    if not files:
        raise Unavailable(f"no starter files in {source}: the installation is incomplete")
    if target.exists() and not target.is_dir():
        raise Unavailable(f"{target} is a file: name a folder")
    written, kept = [], []
    names = {file.relative_to(source): file for file in files}
    if (beside := source.parent / _ENVIRONMENT).is_file():
        names[Path(_ENVIRONMENT)] = beside
    for name, file in names.items():
        try:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            with file.open("rb") as content, (target / name).open("xb") as copy:
                shutil.copyfileobj(content, copy)
        except FileExistsError:
            kept.append(name)
        except OSError as error:
            raise Unavailable(f"cannot write {target / name}: {error.strerror}") from error
        else:
            written.append(name)
    return Starter(written=tuple(written), kept=tuple(kept))


def free_bytes(folder: Path) -> int | None:
    """What is left on the disk of ``folder``; None where that cannot be told."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def _yaml_files(folder: Path) -> list[Path]:
    """The folder's YAML files by name; hidden ones (an editor's) left out."""
    if not folder.is_dir():
        return []
    try:
        found = sorted(
            file
            for file in folder.iterdir()
            if file.suffix in _SUFFIXES and not file.name.startswith(".") and file.is_file()
        )
    except OSError as error:
        raise Unavailable(f"cannot read {folder}: {error.strerror}") from error
    if len(found) > _MAX_FILES:
        raise Unavailable(f"more than {_MAX_FILES} files in {folder}")
    return found


def _content(file: Path, *, most: int = _READ_AT_MOST) -> bytes:
    """At most ``most`` bytes."""
    try:
        with file.open("rb") as opened:
            return opened.read(most)
    except OSError as error:
        raise Unavailable(f"cannot read {file}: {error.strerror}") from error
