"""What a person typed to the bot, and what they get back, on any platform."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from bot.domain.answers import Reply
from bot.domain.explanations import Explanation
from bot.domain.posts import BriefItem


class Verb(StrEnum):
    """What a line of text asks the bot to do."""

    HELP = "help"
    #: The newest stories, of one topic or of all.
    LATEST = "latest"
    #: What one person said.
    QUOTES = "quotes"
    #: An article's way through the system.
    WHY = "why"
    #: Any other line.
    QUESTION = "question"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A line of text, understood."""

    verb: Verb
    #: Topic, name, URL or question; the line itself when help answers what was not understood.
    argument: str = ""
    #: The verb that was probably meant; only with HELP.
    nearest: Verb | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One line to type, and what it does."""

    line: str
    does: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """What can be typed."""

    examples: tuple[Example, ...]
    #: Names of the topics that are watched.
    topics: tuple[str, ...] = ()
    #: What was typed, and the verb that was probably meant.
    typed: str = ""
    nearest: Verb | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Latest:
    """The newest stories that were posted."""

    #: None means every topic.
    topic: str | None = None
    #: The newest first.
    items: tuple[BriefItem, ...] = ()


#: What an asker gets.
Spoken: TypeAlias = Reply | Explanation | Help | Latest
