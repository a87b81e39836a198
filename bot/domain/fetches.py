"""Answers of servers: what was fetched, by which way, or why it was not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FailureKind(StrEnum):
    """What a failed fetch says about the chances of the next."""

    #: Nobody answered: names, connections, time. May be our own network.
    NETWORK = "network"
    #: The server is in trouble, or asks for fewer requests.
    SERVER = "server"
    #: The publisher refuses us.
    BLOCKED = "blocked"
    #: Said to be gone for good.
    GONE = "gone"
    #: Anything else a repetition will hardly change.
    HARD = "hard"

    @property
    def soft(self) -> bool:
        """Whether it tends to pass by itself."""
        return self in (FailureKind.NETWORK, FailureKind.SERVER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One redirect."""

    status: int
    #: Where it led.
    url: str

    @property
    def permanent(self) -> bool:
        """Whether the server means it for good."""
        return self.status in (301, 308)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A usable answer of a server."""

    #: 200, or 304 with an empty body.
    status: int
    #: Where the answer came from, after redirects.
    url: str
    body: bytes = b""
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    #: Seconds for which the answer says it stays good.
    max_age: float | None = None
    #: Seconds the server asked us to stay away.
    retry_after: float | None = None
    #: The redirects followed, in order.
    hops: tuple[Hop, ...] = ()
    #: Whether the body broke off; its whole entries are good.
    partial: bool = False

    @property
    def not_modified(self) -> bool:
        """Whether the server said that nothing changed."""
        return self.status == 304


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchFailure:
    """A fetch that gave nothing usable; a value, so that one bad feed never stops the others."""

    url: str
    #: One line without secrets, fit for a table.
    problem: str
    #: HTTP status if there was an answer.
    status: int | None = None
    #: Seconds the server asked us to stay away.
    retry_after: float | None = None
    #: None leaves it to the status.
    kind: FailureKind | None = None
    #: Where a redirect leads that was not to be followed.
    location: str | None = None
