"""The spaCy ``Doc`` of each paragraph, made on first use and shared by matching and quotes.

Docs are made of the folded text, which has the length of the original, so ``token.idx`` plus the
paragraph's start is an offset into the article. Most paragraphs are never asked for their Doc:
that is where the speed comes from.
"""

from __future__ import annotations

from functools import cache, cached_property

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from bot.core.text.fold import fold
from bot.core.text.paragraphs import paragraphs
from bot.domain.quotes import Span


@cache
def blank_english() -> Language:
    """The pipeline everything here runs on: a tokenizer, no model, nothing to download.

    Made once a process: it takes a tenth of a second and is the same for everybody.
    """
    return spacy.blank("en")


class Paragraph:
    """One paragraph of a text."""

    def __init__(self, text: str, span: Span, nlp: Language) -> None:
        #: Into the text.
        self.span = span
        #: As given.
        self.text = span.of(text)
        #: Same length as ``text``.
        self.folded = fold(self.text)
        self._nlp = nlp

    @cached_property
    def doc(self) -> Doc:
        """Tokens of ``folded``."""
        return self._nlp.make_doc(self.folded)


class Docs:
    """A text as paragraphs."""

    def __init__(self, text: str, nlp: Language) -> None:
        self.text = text
        self.nlp = nlp

    @cached_property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """In the order of the text, on first use: most texts match nothing and need none."""
        return tuple(Paragraph(self.text, span, self.nlp) for span in paragraphs(self.text))
