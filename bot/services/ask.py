"""ask: question → search → rank → check every line against the stored article → Reply.

What is shown is kept: its article goes to KEPT, so that a cited quote can be checked for a year.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.core.answers.lines import whole_utterances
from bot.core.answers.question import parse
from bot.core.answers.reply import reply
from bot.domain.answers import Hit, Question, Reply, Searched
from bot.domain.news import Record
from bot.domain.people import Person
from bot.ports.news import ArticleLog, Index
from bot.services.log import line, logger

_log = logger("ask")

#: Passages, and as many quotes, that are ranked for one question.
HITS: Final = 60


class Ask:
    """Answers questions from the index, in well under a second."""

    def __init__(self, *, index: Index, articles: ArticleLog, people: tuple[Person, ...]) -> None:
        self._index = index
        self._articles = articles
        self._people = people

    async def __call__(self, text: str, *, now: datetime) -> Reply:
        """Answer ``text`` as asked at ``now``; any text gets a reply."""
        question = parse(text, now=now, people=self._people)
        hits, searched = await asyncio.to_thread(self._search, question)
        records: dict[str, Record | None] = {}
        while True:
            made = reply(question, hits, now=now, searched=searched)
            shown = {*made.answer, *made.results}
            await self._fetch(records, shown)
            false = {
                (hit.article_id, hit.position)
                for hit in shown
                if not is_verbatim(hit, records[hit.position])
            }
            if not false:
                break
            for article_id, position in sorted(false):
                _log.warning(line("ask.withheld", article=article_id, position=position))
            hits = tuple(h for h in hits if (h.article_id, h.position) not in false)
        for position in dict.fromkeys(hit.position for hit in made.answer):
            record = records[position]
            if record is not None:
                await self._articles.keep(record)
        quotes = {at: record.article.quotes for at, record in records.items() if record}
        return replace(made, answer=whole_utterances(made.answer, quotes))

    def _search(self, question: Question) -> tuple[tuple[Hit, ...], Searched]:
        return self._index.search(question, limit=HITS), self._index.extent()

    async def _fetch(self, records: dict[str, Record | None], hits: Iterable[Hit]) -> None:
        missing = sorted({hit.position for hit in hits} - records.keys())
        found = await asyncio.gather(*(self._articles.at(position) for position in missing))
        records.update(zip(missing, found, strict=True))


def is_verbatim(hit: Hit, record: Record | None) -> bool:
    """Whether the stored article has these very words at this place, and this speaker's name."""
    if record is None:
        return False
    article = record.article
    if (article.id, article.revision) != (hit.article_id, hit.revision):
        return False
    if hit.span.of(article.text) != hit.text:
        return False
    return not hit.is_quote or any(
        quote.span == hit.span
        and hit.speaker == (quote.speaker and (quote.speaker.name or quote.speaker.text))
        for quote in article.quotes
    )
