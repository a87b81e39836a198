"""What the rules choose: the mention held to have said one quote, and why."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.core.quotes.clauses import Clause
from bot.core.quotes.mentions import Mention
from bot.core.quotes.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is held to have said one stretch."""

    #: The paragraph the mention stands in.
    tokens: Tokens
    mention: Mention
    rule: str
    #: Token of the cue, or None.
    verb: int | None = None
    #: Index of the stretch whose utterance this one goes on with.
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph with its clauses, and the choice for each of its stretches."""

    tokens: Tokens
    clauses: list[Clause]
    #: Index of a stretch → its choice.
    choices: dict[int, Choice] = field(default_factory=dict)
    german: bool = False
