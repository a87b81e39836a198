"""The configuration in files, for whoever touches no server: loaded, looked through, written."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bot.adapters.files import Starter, read_folder, read_watchlists, write_starter
from bot.bootstrap.settings import Settings, shipped
from bot.core.config import load, warnings_of, watchlists_of
from bot.domain.channels import Configuration
from bot.domain.errors import Problem, UsageError
from bot.domain.feeds import Feed
from bot.domain.logins import missing
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


def configuration_warnings(settings: Settings) -> tuple[Problem, ...]:
    """What the watchlists of a configuration without problems probably do not mean."""
    return warnings_of(read_folder(settings.config_dir))


def login_problems(settings: Settings, feeds: Iterable[Feed]) -> tuple[Problem, ...]:
    """Variables that feeds name for their logins, and that hold none; each with the fix."""
    named = {feed.auth for feed in feeds if feed.auth and feed.auth not in settings.logins}
    return tuple(Problem(file="feeds.yaml", message=missing(name)) for name in sorted(named))


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
