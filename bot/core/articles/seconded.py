"""Reading with a second opinion on speakers, from an installed pipeline."""

from __future__ import annotations

from bot.core.articles.read import ReadingRules, read
from bot.domain.errors import UsageError
from bot.domain.news import Article, Entry


def read_with(entry: Entry, page: bytes | None, rules: ReadingRules, *, model: str) -> Article:
    """As ``read``; ``model`` is loaded by the first entry a process reads."""
    from bot.core.quotes.pipeline import installed_pipeline  # brings spaCy, to readers only

    try:
        opinion = installed_pipeline(model)
    except UsageError:  # said at the start; an entry is worth more than an opinion on it
        opinion = None
    return read(entry, page, rules, opinion=opinion)
