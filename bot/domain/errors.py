"""The error tree: one class per reaction, data in attributes.

    BotError
    ├── UsageError      tell the person who typed it (exit 2)
    ├── ConfigError     the configuration is wrong; carries every Problem (exit 1)
    ├── Unavailable     a server or file we need cannot be reached; stop, say the fix
    ├── Recoverable     try this job again later
    │   ├── NotYet      its turn comes later; nothing is wrong
    │   └── Barred      a token or channel is refused; wait until somebody has mended that
    ├── Permanent       drop this job; trying again cannot help
    │   └── Uneditable  the message stands, and cannot be changed any more
    ├── OutcomeUnknown  a message may or may not have gone out; look before sending again
    └── LostOwnership   someone else holds the lease now; stop without writing

Failures that are expected per item (a feed that cannot be fetched, a bad line) travel as values
(``news.FetchFailure``, ``Problem``), not as exceptions.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.addresses import shown_in


class BotError(Exception):
    """Something nato-brief can explain; its words hold no address's secret."""

    def __init__(self, message: str = "") -> None:
        super().__init__(shown_in(message))


class UsageError(BotError):
    """What was typed cannot be carried out as typed."""


class Unavailable(BotError):
    """A server, file or program that is needed is not there."""


class Recoverable(BotError):
    """The job failed for a passing reason and is worth another try."""

    def __init__(self, message: str, *, after: float | None = None) -> None:
        super().__init__(message)
        #: Seconds to wait at least, when the other side said so (Retry-After).
        self.after = after


class NotYet(Recoverable):
    """The job's turn comes later: nothing failed, and nobody has to hear of it."""


class Barred(Recoverable):
    """A platform takes nothing with this token, or in this channel, until somebody acts."""

    def __init__(self, message: str, *, token: bool = False) -> None:
        super().__init__(message)
        #: Whether it is the token that is refused, and so every channel of the platform.
        self.token = token


class Permanent(BotError):
    """The job cannot succeed, however often it is tried."""


class Uneditable(Permanent):
    """A message cannot be edited any more: it was deleted, or is too old."""


class OutcomeUnknown(BotError):
    """The request was sent and no answer tells whether it took effect."""

    def __init__(self, message: str, *, after: float | None = None) -> None:
        super().__init__(message)
        #: Seconds to leave the other side alone, when it said so (Retry-After).
        self.after = after


class LostOwnership(BotError):
    """The lease or stream entry belongs to somebody else by now."""


def cause(error: BaseException) -> str:
    """Any error for a line of the log: its kind and what it says.

    Its ``repr`` is not enough: redis-py's is ``network:ConnectionError``, whatever happened.
    """
    said = shown_in(str(error))
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """One thing wrong in a configuration file, where it stands and what to do."""

    #: Path as the admin knows it, relative to the configuration folder.
    file: str
    #: From 1; 0 when the file as a whole is meant.
    line: int = 0
    #: From 1.
    column: int = 0
    #: What is wrong and the likely fix, in one sentence.
    message: str
    #: Right, and probably not what was meant: told, and nothing is refused for it.
    warning: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "message", shown_in(self.message))

    def __str__(self) -> str:
        kind = "warning: " if self.warning else ""
        return f"{self.file}:{self.line}:{self.column}: {kind}{self.message}"


class ConfigError(BotError):
    """The configuration is wrong; every problem is listed."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems
