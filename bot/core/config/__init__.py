"""What an admin writes: YAML files → validated values, or every problem with its place and fix."""

from bot.core.config.lint import warnings_of
from bot.core.config.loading import load, problems_of, version, watchlists_of
from bot.core.config.schemas import schemas

__all__ = ["load", "problems_of", "schemas", "version", "warnings_of", "watchlists_of"]
