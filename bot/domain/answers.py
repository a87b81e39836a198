"""Questions and replies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.quotes import Part, Span, Speaker
from bot.domain.times import utc, utc_or_none


class QuestionKind(StrEnum):
    """What is asked for."""

    WHO_SAID = "who said"
    LATEST = "latest"
    HOW_MUCH = "how much"
    WHEN = "when"
    WHY = "why"
    #: Anything else.
    FACT = "fact"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question, parsed."""

    text: str
    kind: QuestionKind = QuestionKind.FACT
    #: Who is asked about, as written; resolved against the people list by ``speaker_names``.
    speaker: str | None = None
    speaker_names: tuple[str, ...] = ()
    #: Words to look for, question words dropped.
    words: tuple[str, ...] = ()
    #: Phrases that must be met as they stand: "Article 5".
    phrases: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    outlet: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "since", utc_or_none(self.since))
        object.__setattr__(self, "until", utc_or_none(self.until))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One quote or passage of one article, found for a question."""

    article_id: str
    #: Position of the record it was read from.
    position: str
    revision: int = 1
    #: Into the article's text; ``span.of(article.text) == text``, always.
    span: Span
    text: str
    #: Whether the words are a quote; then ``speaker`` is who said them, if known.
    is_quote: bool = False
    speaker: str | None = None
    role: str | None = None
    outlet: str
    url: str
    title: str
    published: datetime
    #: Lexical score as a part of the best one possible, 0 to about 1; ranked hits: the total.
    score: float
    #: How much of the question's words it holds, rare words counting more; 0 to 1.
    coverage: float = 0.0
    #: As in ``BriefQuote``.
    parts: tuple[Part, ...] = ()
    corrected: bool = False
    as_read: Speaker | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "published", utc(self.published))


class ReplyOutcome(StrEnum):
    """How well a question could be answered."""

    ANSWER = "answer"
    NEAR_MISS = "near miss"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """What was looked through, said when nothing was found."""

    articles: int
    since: datetime | None = None
    until: datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "since", utc_or_none(self.since))
        object.__setattr__(self, "until", utc_or_none(self.until))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What an asker gets: verbatim, cited lines, or an honest nothing."""

    question: str
    outcome: ReplyOutcome
    #: 0 to 1.
    confidence: float = 0.0
    #: Lines to show, the best first.
    answer: tuple[Hit, ...] = ()
    #: At most ten ranked hits, the shown ones included.
    results: tuple[Hit, ...] = ()
    searched: Searched
