"""People the newsroom knows: full name, aliases, role, dates of office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in ``config/people.yaml``; completes a name, never overrides the text."""

    name: str
    #: Other spellings and descriptions: "Zelenskiy", "the NATO chief".
    aliases: tuple[str, ...] = ()
    role: str | None = None
    #: ``f``, ``m`` or None.
    gender: str | None = None
    #: In office from and until, both inclusive; None is open.
    since: date | None = None
    until: date | None = None

    @property
    def surname(self) -> str:
        """The last word of the name."""
        return self.name.split()[-1]

    def holds_office(self, day: date) -> bool:
        """Whether the role is this person's on ``day``."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )
