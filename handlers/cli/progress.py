"""Progress on standard error while many lines are worked on, where a person looks on."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator


def counted(lines: Iterator[str], *, alone: bool = False) -> Iterator[str]:
    """``lines`` as they are, with a bar on standard error if that is a terminal.

    Args:
        lines: Of standard input.
        alone: Standard output stays empty meanwhile; else the bar is shown only where that
            goes to a file or a pipe.
    """
    if not sys.stderr.isatty() or (sys.stdout.isatty() and not alone):
        return lines
    return _with_bar(lines)


def _with_bar(lines: Iterator[str]) -> Iterator[str]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    about = os.fstat(sys.stdin.fileno())
    size = about.st_size if stat.S_ISREG(about.st_mode) else None
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.fields[docs]:,} docs"),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
    ) as progress:
        task = progress.add_task("", total=size, docs=0)
        for number, line in enumerate(lines):
            progress.update(task, docs=number)
            yield line
            progress.advance(task, len(line.encode()))
