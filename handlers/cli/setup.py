"""``init``, ``check`` and ``doctor``: everything before the first start, and when it fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.text import Text

from bot.bootstrap.configuration import (
    configuration_warnings,
    load_configuration,
    login_problems,
    quote_model_problem,
    write_configuration,
)
from bot.bootstrap.settings import Settings
from bot.domain.channels import Configuration
from bot.domain.errors import ConfigError, Problem
from bot.render.escape import plain
from bot.render.words import count
from handlers.cli.docs import emit

if TYPE_CHECKING:
    from bot.bootstrap.examine import Finding


def init(folder: Path) -> None:
    """Write a starter configuration."""
    starter = write_configuration(folder)
    for path in starter.written:
        typer.echo(f"wrote {folder / path}")
    for path in starter.kept:
        typer.echo(f"kept  {folder / path} (already there)")
    typer.echo(
        f"\nNext: edit {folder}/channels.yaml and {folder}/watchlists/;"
        f" tokens go into {folder}/.env, as {folder}/.env.example says. Then\n"
        f"  nato-brief check {folder}\n  nato-brief --config {folder} run"
    )


def check(settings: Settings, folder: Path | None, *, as_json: bool) -> None:
    """Load the configuration; every problem on its own line, exit 1 if there is one."""
    wanted = replace(settings, config_dir=folder) if folder else settings
    try:
        config = _without_problems(wanted)
    except ConfigError as error:
        if as_json:
            found = [_row(problem) for problem in error.problems]
            emit({"ok": False, "problems": found})
            raise SystemExit(1) from error
        raise
    warnings = configuration_warnings(wanted)
    figures = {
        "feeds": len(config.feeds),
        "channels": len(config.channels),
        "people": len(config.people),
        "topics": len(config.watchlists.topics),
    }
    if as_json:
        told = {"ok": True, "problems": [], "warnings": [_row(each) for each in warnings]}
        line = {**told, "version": config.version, **figures}
        emit(line)
        return
    for warning in warnings:
        typer.echo(plain(str(warning)))
    shown = ", ".join(
        f"{n} people" if name == "people" else count(n, name.removesuffix("s"))
        for name, n in figures.items()
    )
    typer.echo(f"{wanted.config_dir}: {shown}. No problems.")


def _without_problems(settings: Settings) -> Configuration:
    """The configuration; raises ConfigError with all that is wrong, the environment included."""
    model = quote_model_problem(settings)
    found: tuple[Problem, ...] = ()
    if model:
        found = (Problem(file="NATO_BRIEF_QUOTE_MODEL", message=model),)
    try:
        config = load_configuration(settings, check_examples=True)
    except ConfigError as error:
        raise ConfigError((*error.problems, *found)) from error
    found += login_problems(settings, config.feeds)
    if found:
        raise ConfigError(found)
    return config


def _row(problem: Problem) -> dict[str, str | int]:
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "message": problem.message,
    }


def doctor(settings: Settings, *, as_json: bool) -> None:
    """Look at everything the bot needs; exit 1 if something is wrong."""
    from bot.bootstrap.examine import examine  # brings the server with all that goes with it

    findings = examine(settings)
    _show(findings, as_json=as_json)
    if not all(finding.ok for finding in findings):
        raise SystemExit(1)


def _show(findings: Sequence[Finding], *, as_json: bool) -> None:
    if as_json:
        rows = [{"name": f.name, "ok": f.ok, "said": f.said} for f in findings]
        emit(rows)
        return
    out = Text()
    for finding in findings:
        out.append(" ok  " if finding.ok else "FAIL ", "green" if finding.ok else "bold red")
        out.append(f"{finding.name:<18}{plain(finding.said)}\n")
    Console(soft_wrap=True).print(out, end="")
