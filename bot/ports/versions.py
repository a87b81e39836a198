"""What the versions of the configuration need from outside: their store, and a folder of files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from bot.domain.errors import Problem
from bot.domain.posts import DesiredPost
from bot.domain.versions import Sight, Version


class Versions(Protocol):
    """Versions in force and past ones. Called by ``services.admin`` and ``services.current``."""

    async def number(self) -> int:
        """The version in force; 0 before the first."""

    async def publish(self, version: Version, files: Mapping[str, bytes]) -> bool:
        """Put ``version.base`` + 1 in force, with a control record on ARTICLES, in one script.

        Returns False, and writes nothing, when ``version.base`` is not in force any more.
        """

    async def files(self, number: int) -> dict[str, bytes] | None:
        """Name → content of a version; None when it is not, or no longer, stored."""

    async def history(self) -> tuple[Version, ...]:
        """The versions that are stored, the newest first."""

    async def sight(self, place: str) -> Sight | None:
        """What a folder showed last; None for one never seen."""

    async def remember(self, place: str, sight: Sight) -> None:
        """Remember what a folder showed."""


class Folder(Protocol):
    """A configuration folder. Called by ``services.admin``, from threads."""

    #: ``HOST:PATH``.
    place: str
    #: Whether it came with the package: never written to, and an input only before any version.
    shipped: bool

    def stamp(self) -> object:
        """Equal as long as no file was touched; cheap."""

    def read(self) -> dict[str, bytes]:
        """Name → content; raises Unavailable when the folder or its feeds are missing."""

    def write(self, name: str, content: bytes | None, *, known: bytes | None) -> bool:
        """Replace a file whole, or delete it for None.

        Returns False, and writes nothing, when it does not hold ``known`` any more. Raises
        Unavailable when the folder cannot be written.
        """

    def keep_aside(self, name: str, content: bytes) -> object:
        """Write a text beside a file, under a name that is no configuration; returns its path."""


class Check(Protocol):
    """Checks a whole configuration, away from the event loop."""

    async def __call__(self, files: Mapping[str, bytes]) -> tuple[Problem, ...]:
        """Every problem of every file, examples included; never raises for what files hold."""


class Tell(Protocol):
    """Wants a notice posted."""

    async def __call__(self, post: DesiredPost) -> object:
        """Show ``post`` at its destination from now on."""
