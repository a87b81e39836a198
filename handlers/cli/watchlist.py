"""``watchlist history``, ``diff``, ``pull`` and ``rollback``: versions of the configuration."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.bootstrap.app import App, open_app
from bot.bootstrap.server import server
from bot.bootstrap.settings import Settings
from bot.domain.channels import Configuration
from bot.domain.errors import ConfigError, UsageError
from bot.domain.times import iso
from bot.domain.versions import EditStatus, FileDiff, Version
from bot.render.escape import plain
from handlers.cli.docs import emit
from handlers.cli.who import who

T = TypeVar("T")

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def history(settings: Settings, *, as_json: bool) -> None:
    """Print the versions that are stored, the newest first."""
    versions = _on_versions(settings, lambda app: app.admin.history())
    if as_json:
        emit([_version_line(version) for version in versions])
        return
    if not versions:
        sys.stdout.write("No version yet: the first start of the bot makes one.\n")
        return
    table = Table(box=box.SIMPLE, show_edge=False, pad_edge=False)
    for heading in ("version", "when (UTC)", "by", "from", "changed"):
        table.add_column(heading, overflow="fold")
    for version in versions:
        in_force = " (in force)" if version is versions[0] else ""
        table.add_row(
            f"{version.number}{in_force}",
            f"{version.at:%Y-%m-%d %H:%M:%S}",
            Text(plain(version.author)),
            version.origin,
            Text(", ".join(version.changed)),
        )
    Console().print(table)


def diff(settings: Settings, old: int | None, new: int | None, *, as_json: bool) -> None:
    """Print what differs: the folder from what is in force, or one version from another."""

    async def found(app: App) -> tuple[FileDiff, ...]:
        if old is None:
            return await app.folder.drift()
        return await app.admin.diff(old, await app.admin.number() if new is None else new)

    files = _on_versions(settings, found)
    if as_json:
        emit([{"file": file.name, "lines": list(file.lines)} for file in files])
    elif not files:
        what = f"{settings.config_dir} holds what is in force" if old is None else "no difference"
        sys.stdout.write(f"{what}\n")
    else:
        _print_diff(files)


def pull(settings: Settings) -> None:
    """Write what is in force to the folder; texts of its own are kept aside."""
    done = _on_versions(settings, lambda app: app.folder.pull())
    for name, said in done:
        sys.stdout.write(f"{name}: {said}\n")
    if not done:
        sys.stdout.write(f"{settings.config_dir} holds what is in force already\n")


def rollback(settings: Settings, number: int, file: str | None, *, as_json: bool) -> None:
    """Bring an older version back as a new one."""
    author = f"{who()} (command line)"
    edited = _on_versions(
        settings, lambda app: app.admin.rollback(number, author=author, kind=file)
    )
    if edited.status is EditStatus.INVALID:
        raise ConfigError(edited.problems)
    if edited.status is EditStatus.CONFLICT:
        raise UsageError("others are changing the configuration right now: try again")
    if as_json:
        changed = [each.name for each in edited.diff]
        emit({"status": edited.status, "version": edited.version, "changed": changed})
    elif edited.status is EditStatus.UNCHANGED:
        sys.stdout.write(f"Version {edited.version}, in force, holds the same already.\n")
    else:
        _print_diff(edited.diff)
        sys.stdout.write(f"Version {edited.version} is in force.\n")


def _on_versions(settings: Settings, work: Callable[[App], Awaitable[T]]) -> T:
    """Do ``work`` on the server at hand; the folder's files need not be valid for it."""

    async def opened(url: str) -> T:
        async with open_app(settings, Configuration(), url) as app:
            return await work(app)

    with server(settings) as url:
        return asyncio.run(opened(url))


def _version_line(version: Version) -> dict[str, Any]:
    return {
        "version": version.number,
        "at": iso(version.at),
        "author": version.author,
        "origin": version.origin,
        "base": version.base,
        "changed": list(version.changed),
        "watchlists": version.watchlists,
    }


def _print_diff(files: Sequence[FileDiff]) -> None:
    console = Console(soft_wrap=True)
    for file in files:
        for line in file.lines:
            # An admin's text, shown as it is, but for what would steer the terminal.
            safe = "".join(c for c in line if c.isprintable() or c == "\t")
            console.print(Text(safe, _COLOURS.get(line[:1], "")))
