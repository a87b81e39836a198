"""Versions of the configuration: what is in force, who changed what, what a folder last showed.

A version is the whole configuration, every file of it, so that one number names exactly what was
in force. A folder of files is an input: it is remembered by place what each of its files held
when file and version last agreed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.errors import Problem
from bot.domain.times import utc


class Origin(StrEnum):
    """Where a version came from."""

    #: Files of a configuration folder.
    FILE = "file"
    #: A form in chat.
    CHAT = "chat"
    #: An older version brought back.
    ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version, without its files."""

    #: From 1; the highest is in force.
    number: int
    #: A person's id, or ``HOST:FOLDER`` for files.
    author: str
    at: datetime
    origin: Origin
    #: The version it was made from; 0 for the first.
    base: int
    #: Names of the files that differ from the base.
    changed: tuple[str, ...] = ()
    #: Name → hash of every file.
    hashes: tuple[tuple[str, str], ...] = ()
    #: ``Watchlists.version`` of its topics: what articles are stored with.
    watchlists: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", utc(self.at))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What one folder showed."""

    #: Name → hash of the text when file and version last agreed on it.
    agreed: tuple[tuple[str, str], ...] = ()
    #: What its owner was last told: a hash, so that nothing is told twice.
    told: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDiff:
    """How one file differs, as a unified diff."""

    name: str
    #: Lines without their ends.
    lines: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join(self.lines)


class EditStatus(StrEnum):
    """What became of an edit."""

    APPLIED = "applied"
    #: It says what is in force already.
    UNCHANGED = "unchanged"
    #: It has problems; the last good version stays in force.
    INVALID = "invalid"
    #: Somebody else changed the same file meanwhile.
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """The outcome of an edit."""

    status: EditStatus
    #: In force now.
    version: int
    problems: tuple[Problem, ...] = ()
    #: What the edit changes; of a conflict, what the others changed since its base.
    diff: tuple[FileDiff, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigurationChanged:
    """A control record on ARTICLES: from here on the fold uses this version."""

    version: int
