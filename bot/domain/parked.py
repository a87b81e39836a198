"""What a platform takes no posts for, and what waits there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.channels import Destination
from bot.domain.times import utc


class Barring(StrEnum):
    """What became of a post whose token or channel was refused."""

    #: It waits; nobody knew of the refusal before.
    FIRST = "first"
    #: It waits with others.
    ONE_MORE = "one more"
    #: Its lease was another's by now; nothing changed.
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """A token or a channel that is refused; no post is tried there but one now and then."""

    #: The destination; for a token its platform alone.
    where: Destination
    since: datetime
    #: What the platform said last.
    problem: str
    #: When one post is tried.
    next_try: datetime
    #: Whether one went out since; what waits is on its way.
    works: bool = False
    #: Posts that wait.
    waiting: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "since", utc(self.since))
        object.__setattr__(self, "next_try", utc(self.next_try))

    def covers(self, destination: Destination) -> bool:
        """Whether posts to ``destination`` wait here."""
        return self.where in (destination, token_of(destination))


def token_of(destination: Destination) -> Destination:
    """What stands for the token that ``destination`` is posted to with."""
    return Destination(platform=destination.platform)
