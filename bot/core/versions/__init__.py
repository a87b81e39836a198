"""Versions and files: which text of a file wins, and how two texts differ; never writes."""

from bot.core.versions.diff import diff_of, unified
from bot.core.versions.names import file_of, hash_of, hashes_of, reading_version
from bot.core.versions.reconcile import Edit, Plan, edit_wins, known_place, reconcile

__all__ = [
    "Edit",
    "Plan",
    "diff_of",
    "edit_wins",
    "file_of",
    "hash_of",
    "hashes_of",
    "known_place",
    "reading_version",
    "reconcile",
    "unified",
]
