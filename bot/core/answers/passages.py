"""A text cut into passages: whole sentences in a row, about 110 words each."""

from __future__ import annotations

import re

from bot.core.text.paragraphs import sentences
from bot.domain.quotes import Span

#: A passage is closed before the sentence that would take it past this many words.
MAX_WORDS = 110
#: A longer sentence is no sentence (a table, a list of names); it is cut between words.
_MAX_SENTENCE = 2 * MAX_WORDS

_WORD = re.compile(r"\S+")


def passages(text: str) -> tuple[Span, ...]:
    """Spans of the passages, in order and apart; every sentence of ``text`` is in one of them."""
    found: list[Span] = []
    start = end = words = 0
    for sentence in sentences(text):
        for piece, length in _pieces(text, sentence):
            if words and words + length > MAX_WORDS:
                found.append(Span(start=start, end=end))
                words = 0
            if not words:
                start = piece.start
            end = piece.end
            words += length
    if words:
        found.append(Span(start=start, end=end))
    return tuple(found)


def _pieces(text: str, sentence: Span) -> list[tuple[Span, int]]:
    words = list(_WORD.finditer(text, sentence.start, sentence.end))
    if len(words) <= _MAX_SENTENCE:
        return [(sentence, len(words))]
    cut = [words[i : i + MAX_WORDS] for i in range(0, len(words), MAX_WORDS)]
    return [(Span(start=row[0].start(), end=row[-1].end()), len(row)) for row in cut]
