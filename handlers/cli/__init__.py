"""The command line ``nato-brief``."""

from handlers.cli.app import main

__all__ = ["main"]
