"""A text as paragraphs, cut and folded on first use and shared by matching and quotes.

Folding keeps the length, so a place in ``folded`` plus the paragraph's start is an offset into
the article. Most articles match nothing and quote nobody, and are never cut at all.
"""

from __future__ import annotations

from functools import cached_property

from bot.core.text.fold import fold
from bot.core.text.paragraphs import paragraphs
from bot.domain.quotes import Span


class Paragraph:
    """One paragraph of a text."""

    def __init__(self, text: str, span: Span) -> None:
        #: Into the text.
        self.span = span
        #: As given.
        self.text = span.of(text)
        #: Same length as ``text``.
        self.folded = fold(self.text)


class Prose:
    """A text as paragraphs."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """In the order of the text."""
        return tuple(Paragraph(self.text, span) for span in paragraphs(self.text))
