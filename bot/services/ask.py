"""ask: question → search → rank → check every line against the stored article → Reply.

Speakers that admins withdrew are nobody's words, and those they named are found by that name.
What is shown is kept: its article goes to KEPT, so that a cited quote can be checked for a year.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.core.answers.corrected import given_to, is_asked_for, untold, weighed
from bot.core.answers.lines import whole_utterances
from bot.core.answers.question import parse
from bot.core.answers.reply import reply
from bot.core.briefs.corrected import as_read, corrected_hit
from bot.core.quotes.corrections import NONE, Corrections, corrections_of
from bot.domain.answers import Hit, Question, Reply, Searched
from bot.domain.news import Record
from bot.domain.people import Person
from bot.domain.quotes import Span
from bot.ports.ledger import CorrectionLog, Tally
from bot.ports.news import ArticleLog, Index
from bot.services.log import line, logger

_log = logger("ask")

#: Passages, and as many quotes, that are ranked for one question.
HITS: Final = 60


class Ask:
    """Answers questions from the index, in well under a second."""

    def __init__(
        self,
        *,
        index: Index,
        articles: ArticleLog,
        people: tuple[Person, ...],
        corrections: CorrectionLog | None = None,
        tally: Tally | None = None,
    ) -> None:
        """``corrections`` are obeyed; ``tally`` counts lines that fail their check."""
        self._index = index
        self._articles = articles
        self._people = people
        self._corrections = corrections
        self._tally = tally

    async def __call__(self, text: str, *, now: datetime) -> Reply:
        """Answer ``text`` as asked at ``now``; any text gets a reply."""
        question = parse(text, now=now, people=self._people)
        corrections = NONE
        if self._corrections is not None:
            corrections = corrections_of(await self._corrections.in_force())
        hits, searched = await asyncio.to_thread(self._search, question, corrections)
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
            await self._count(false, records)
            if not false:
                break
            hits = tuple(h for h in hits if (h.article_id, h.position) not in false)
        for position in dict.fromkeys(hit.position for hit in made.answer):
            record = records[position]
            if record is not None:
                await self._articles.keep(record)
        quotes = {at: record.article.quotes for at, record in records.items() if record}
        return replace(made, answer=whole_utterances(made.answer, quotes))

    def _search(
        self, question: Question, corrections: Corrections
    ) -> tuple[tuple[Hit, ...], Searched]:
        hits = self._index.search(question, limit=HITS)
        if corrections:
            told = (part for hit in hits for part in untold(question, hit, corrections))
            shown = [corrected_hit(hit, corrections) for hit in told]
            hits = (*shown, *self._given(question, corrections, known=shown))
        return hits, self._index.extent()

    def _given(
        self, question: Question, corrections: Corrections, *, known: Sequence[Hit]
    ) -> list[Hit]:
        """Quotes that an admin said are of the person asked about; the index knows other names."""
        there = {(hit.article_id, hit.span) for hit in known if hit.is_quote}
        found: dict[tuple[str, Span], Hit] = {}
        for correction in given_to(question, corrections):
            for hit in self._index.quotes_like(correction.words[0], limit=HITS):
                shown = corrected_hit(hit, corrections)
                key = (hit.article_id, hit.span)
                if (
                    shown.corrected
                    and shown.speaker == correction.said
                    and key not in there
                    and is_asked_for(question, shown)
                ):
                    found[key] = weighed(question, shown)
        return list(found.values())

    async def _count(
        self, false: set[tuple[str, str]], records: Mapping[str, Record | None]
    ) -> None:
        """Log and count what is withheld; a record that has aged away is no failed check."""
        for article_id, position in sorted(false):
            _log.error(
                line(
                    "ask.withheld",
                    article=article_id,
                    position=position,
                    why="gone" if records[position] is None else "not there",
                )
            )
        failed = sum(records[position] is not None for _, position in false)
        if failed and self._tally is not None:
            await self._tally.withheld("ask", failed)

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
        quote.span == hit.span and _read(hit) == quote.shown_speaker for quote in article.quotes
    )


def _read(hit: Hit) -> str | None:
    read = as_read(hit)
    return read.text if read else None
