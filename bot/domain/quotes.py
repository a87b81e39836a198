"""Quotes and who said them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """A half-open range of characters."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def of(self, text: str) -> str:
        """The characters of ``text`` in this span."""
        return text[self.start : self.end]


#: Confidence from which a name may stand beside a quote. Every rule that is switched on reaches it
#: by itself; a weak rule together with a pronoun does not (``core.quotes.rules``).
SHOW_NAME = 0.7
_PRONOUNS = frozenset(("he", "she", "they", "it", "i", "we", "you", "him", "her", "them", "who"))


class QuoteKind(StrEnum):
    """How the words stand in the text."""

    DIRECT = "direct"
    #: A quoted fragment inside the reporter's own sentence.
    MIXED = "mixed"
    #: Reported speech without marks.
    INDIRECT = "indirect"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One stretch of an utterance that "she said" stands in the middle of."""

    span: Span
    #: ``span.of(article.text) == text``, always.
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who is quoted, as written and, where it is certain enough, by full name."""

    #: The mention as printed: "Rutte", "the NATO chief", "she".
    text: str
    #: Where the mention stands in the article's text; None when it is only implied.
    span: Span | None = None
    #: Full name; None when the article does not settle it.
    name: str | None = None
    #: Office or description as printed near the name: "NATO Secretary General".
    role: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words somebody is reported to have said."""

    #: Between the marks, without them; ``span.of(article.text) == text``, always.
    span: Span
    text: str
    kind: QuoteKind = QuoteKind.DIRECT
    speaker: Speaker | None = None
    #: The reporting verb or phrase, as printed: "said", "according to".
    cue: str | None = None
    #: 0 to 1: how sure the name is; 0 without a speaker.
    confidence: float = 0.0
    #: The rule that chose the speaker.
    rule: str = ""
    #: Quotes of one utterance, split by "he said", share a number; None stands alone.
    group: int | None = None

    @property
    def sure_name(self) -> str | None:
        """The speaker's full name, if it is sure enough to be shown."""
        return self.speaker.name if self.speaker and self.confidence >= SHOW_NAME else None

    @property
    def shown_speaker(self) -> str | None:
        """The full name, else the mention as printed; None when unsure, or a bare pronoun."""
        if self.speaker is None or self.confidence < SHOW_NAME:
            return None
        name = self.speaker.name or self.speaker.text
        return None if name.lower() in _PRONOUNS else name

    def parts_among(self, quotes: Iterable[Quote]) -> tuple[Part, ...]:
        """The utterance it belongs to, part by part in order; empty when it stands alone.

        Args:
            quotes: Of the same article.
        """
        if self.group is None:
            return ()
        found = sorted(
            (
                Part(span=quote.span, text=quote.text)
                for quote in quotes
                if quote.group == self.group
            ),
            key=lambda part: part.span,
        )
        return tuple(found) if len(found) > 1 else ()
