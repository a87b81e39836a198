"""Dead letters: entries that the pipeline gave up, with what was wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from bot.domain.jobs import ShareReply
from bot.domain.ledger import SpeakerCorrected
from bot.domain.news import Entry, Record
from bot.domain.posts import PostKey
from bot.domain.stories import DigestDue
from bot.domain.times import utc
from bot.domain.versions import ConfigurationChanged

#: What stands on the streams.
Work: TypeAlias = (
    Entry | Record | DigestDue | ConfigurationChanged | SpeakerCorrected | PostKey | ShareReply
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """One entry that was given up."""

    #: ``<stream>:<its place among the dead letters>``, as people type it.
    id: str
    #: ``entries``, ``articles``, ``deliveries`` or ``jobs``.
    stream: str
    #: When it was given up.
    at: datetime
    problem: str
    #: None when it cannot be read.
    work: Work | None
    #: Everything it holds, by name, as JSON would have it; what it was, where it cannot be read.
    fields: Mapping[str, Any]

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", utc(self.at))

    @property
    def article_id(self) -> str | None:
        """The article it is about, if it is about one."""
        match self.work:
            case Entry():
                return self.work.article_id
            case Record():
                return self.work.article.id
        return None
