"""What commands need that touch no server: configuration from files, a pool to parse in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.adapters.files import Starter, read_folder, read_watchlists, write_starter
from bot.adapters.pool import ProcessPool
from bot.bootstrap.settings import Settings, shipped
from bot.core.config import load, watchlists_of
from bot.domain.channels import Configuration
from bot.domain.watch import Watchlists


def load_configuration(settings: Settings, *, check_examples: bool = False) -> Configuration:
    """The configuration in force.

    Args:
        settings: Name the folder.
        check_examples: Run the topics' examples too; costs the import of spaCy.

    Raises:
        ConfigError: it has problems; all of them are listed.
        Unavailable: there is no such folder.
    """
    return load(read_folder(settings.config_dir), check_examples=check_examples)


def load_watchlists(path: Path) -> Watchlists:
    """The watchlists of a folder, or of one file; raises like ``load_configuration``."""
    return watchlists_of(read_watchlists(path), check_examples=False)


def write_configuration(folder: Path) -> Starter:
    """Write the starter configuration to ``folder``; what is there already is kept."""
    return write_starter(shipped("config"), folder)


@asynccontextmanager
async def parser_pool(settings: Settings) -> AsyncIterator[ProcessPool]:
    """Processes that parse feeds, and are gone at the end."""
    pool = ProcessPool(workers=settings.parsers)
    try:
        yield pool
    finally:
        await pool.close()
