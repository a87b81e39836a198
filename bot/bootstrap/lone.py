"""What commands need that touch no server: feeds to be found and added."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version

from bot.adapters.config_folder import ConfigFolder
from bot.adapters.http import HttpFetcher, user_agent
from bot.bootstrap.parser import lone_parser
from bot.bootstrap.settings import Settings
from bot.core.config.additions import EMPTY, Additions, with_feeds
from bot.core.feeds.opml import Outline
from bot.domain.errors import Unavailable
from bot.services.discover import Discover


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
        async with lone_parser() as pool:
            yield Discover(fetcher=fetcher, pool=pool)
    finally:
        await fetcher.close()
