"""What commands need that touch no server: configuration in files, pools, feeds to be found."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

from bot.adapters.config_folder import ConfigFolder
from bot.adapters.files import Starter, read_folder, read_watchlists, write_starter
from bot.adapters.http import HttpFetcher, user_agent
from bot.adapters.pool import ProcessPool
from bot.bootstrap.settings import PARSER_MEMORY, Settings, shipped
from bot.core.config import load, warnings_of, watchlists_of
from bot.core.config.additions import EMPTY, Additions, with_feeds
from bot.core.feeds.opml import Outline
from bot.domain.channels import Configuration
from bot.domain.errors import Problem, Unavailable, UsageError
from bot.domain.watch import Watchlists
from bot.services.discover import Discover


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


def configuration_warnings(settings: Settings) -> tuple[Problem, ...]:
    """What the watchlists of a configuration without problems probably do not mean."""
    return warnings_of(read_folder(settings.config_dir))


def quote_model_problem(settings: Settings) -> str | None:
    """Why the pipeline of NATO_BRIEF_QUOTE_MODEL cannot be used, and the fix; None if it can.

    Costs its loading, and the import of spaCy; nothing where none is set.
    """
    if settings.quote_model is None:
        return None
    from bot.core.quotes.pipeline import prepare

    try:
        prepare(settings.quote_model)
    except UsageError as error:
        return str(error)
    return None


def load_watchlists(path: Path) -> Watchlists:
    """The watchlists of a folder, or of one file; raises like ``load_configuration``."""
    return watchlists_of(read_watchlists(path), check_examples=False)


def write_configuration(folder: Path) -> Starter:
    """Write the starter configuration to ``folder``; what is there already is kept."""
    return write_starter(shipped("config"), folder)


def add_feeds(settings: Settings, outlines: Sequence[Outline]) -> Additions:
    """Add feeds to the ``feeds.yaml`` of the folder; those it has are left as they are.

    Raises:
        ConfigError: the file has problems, or would have some.
        Unavailable: the folder is ours, cannot be written, or was edited at the same moment.
    """
    if settings.shipped:
        raise Unavailable(
            "the feeds that came with the package are not edited: make a folder of your own with "
            "`nato-brief init config`, and try again beside it"
        )
    folder, file = ConfigFolder(settings.config_dir), settings.config_dir / "feeds.yaml"
    before = file.read_bytes() if file.is_file() else None
    additions = with_feeds(EMPTY if before is None else before, outlines)
    if additions.added and not folder.write(file.name, additions.content, known=before):
        raise Unavailable(f"{file} was edited at the same moment; try again")
    return additions


@asynccontextmanager
async def discovery(settings: Settings) -> AsyncIterator[Discover]:
    """What finds the feeds of a site."""
    fetcher = HttpFetcher(
        user_agent=user_agent(version=version("nato-brief"), contact=settings.contact),
        allow=settings.allow,
        proxy=settings.proxy.reveal() if settings.proxy else None,
    )
    try:
        async with parser_pool(settings) as pool:
            yield Discover(fetcher=fetcher, pool=pool)
    finally:
        await fetcher.close()


@asynccontextmanager
async def parser_pool(settings: Settings) -> AsyncIterator[ProcessPool]:
    """Processes that parse feeds, and are gone at the end."""
    pool = ProcessPool(workers=settings.parsers, memory=PARSER_MEMORY)
    try:
        yield pool
    finally:
        await pool.close()
