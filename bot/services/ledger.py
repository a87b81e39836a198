"""ledger: an id or words → index → stored records → entries with all their sources.

The index only finds; what is shown of a quote comes from the stored record, and only if its words
stand there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from bot.core.answers.speakers import is_speaker, resolve
from bot.core.quotes.corrections import Corrections, corrections_of
from bot.core.quotes.ledger import sources_of, utterances, with_copies
from bot.core.quotes.utterance import APART, are_timeless, shown_speaker, words_of
from bot.core.text.shingles import shingles
from bot.domain.answers import Hit
from bot.domain.ledger import QuoteSource, Utterance
from bot.domain.news import Record
from bot.domain.people import Person
from bot.ports.ledger import CorrectionLog
from bot.ports.news import ArticleLog, Index

#: Quotes that are looked at for one entry.
_PRINTINGS: Final = 200
#: Quotes that are looked at for each entry that is listed.
_FOR_EACH: Final = 8
#: The part of the words asked for that a quote has to have.
_LEAST: Final = 0.7


class Ledger:
    """Reads the quotes of the archive."""

    def __init__(
        self,
        *,
        index: Index,
        articles: ArticleLog,
        corrections: CorrectionLog,
        people: tuple[Person, ...] = (),
    ) -> None:
        self._index = index
        self._articles = articles
        self._corrections = corrections
        self._people = people

    @property
    def is_empty(self) -> bool:
        """Whether no article can be found at all."""
        return not self._index.extent().articles

    async def entry(self, name: str) -> Utterance | None:
        """The entry one of whose sources has this id, complete; None when there is none."""
        found = await asyncio.to_thread(self._index.quotes_named, name, limit=_PRINTINGS)
        records: dict[str, Record | None] = {}
        known = {s for s in await self._sources(found, records) if s.id == name}
        if not known:
            return None
        corrections = await self._in_force()
        looked_for: set[tuple[str, ...]] = set()
        while True:
            entry = _with(name, utterances(known, corrections))
            # The longest printing finds those that have other parts of it.
            longest = max((words_of(s.quote.text) for s in entry.sources), key=len)
            if longest in looked_for:
                texts = {r.article.id: r.article.text for r in records.values() if r}
                return with_copies(entry, {name: shingles(t) for name, t in texts.items()})
            looked_for.add(longest)
            known |= set(await self._near(entry.sources, records))

    async def find(
        self,
        words: str,
        *,
        by: str | None = None,
        since: datetime | None = None,
        now: datetime,
        limit: int,
    ) -> tuple[Utterance, ...]:
        """Entries whose quotes have most of ``words``, the best first.

        Args:
            words: In any order.
            by: Of whom alone: a name, or an office as of ``now``.
            since: Published then or later.
            now: The time of asking.
            limit: Entries at most.
        """
        corrections = await self._in_force()
        names = (*resolve(by, self._people, day=now.date()), by) if by else ()
        hits = await asyncio.to_thread(self._search, words, names, since, corrections, limit)
        order = {(hit.article_id, hit.span): place for place, hit in enumerate(hits)}
        records: dict[str, Record | None] = {}
        sources = await self._sources(hits, records)
        entries = utterances({*sources, *await self._near(sources, records)}, corrections)
        ranked = {
            entry: min(
                (
                    order[key]
                    for s in entry.sources
                    if (key := (s.article_id, s.quote.span)) in order
                ),
                default=len(order),
            )
            for entry in entries
        }
        found = (
            entry
            for entry in sorted(ranked, key=lambda entry: ranked[entry])
            if ranked[entry] < len(order) and (not names or _said_by(names, entry))
        )
        return tuple(found)[:limit]

    async def speakers(self, *, limit: int = 500) -> tuple[str, ...]:
        """Names of people who were quoted lately, each once."""
        hits = await asyncio.to_thread(self._index.quotes_like, "", limit=limit)
        return tuple(dict.fromkeys(hit.speaker for hit in hits if hit.speaker))

    def _search(
        self,
        words: str,
        names: Sequence[str],
        since: datetime | None,
        corrections: Corrections,
        limit: int,
    ) -> tuple[Hit, ...]:
        most = limit * _FOR_EACH
        found: dict[tuple[str, object], Hit] = {}
        for name in dict.fromkeys(name.split()[-1] for name in names if name.split()) or (None,):
            for hit in self._index.quotes_like(
                words, speaker=name, since=since, least=_LEAST, limit=most
            ):
                found.setdefault((hit.article_id, hit.span), hit)
        for correction in corrections.all:
            # The index knows these by the name that was withdrawn.
            if names and correction.said and is_speaker(tuple(names), correction.said):
                for hit in self._index.quotes_like(correction.words[0], since=since, limit=most):
                    if set(words_of(words)) <= set(words_of(hit.text)) or not words.strip():
                        found.setdefault((hit.article_id, hit.span), hit)
        return tuple(found.values())

    async def _near(
        self, sources: Sequence[QuoteSource], records: dict[str, Record | None]
    ) -> tuple[QuoteSource, ...]:
        """Quotes that may print the same utterances."""
        found: list[Hit] = []
        groups = _by_words(sources)
        for words, group in groups.items():
            timeless = are_timeless(words, words)
            found += await asyncio.to_thread(
                self._index.quotes_like,
                " ".join(words),
                since=None if timeless else min(s.published for s in group) - 2 * APART,
                until=None if timeless else max(s.published for s in group) + 2 * APART,
                least=0.2,
                limit=max(_PRINTINGS // len(groups), _FOR_EACH),
            )
        return await self._sources(found, records)

    async def _sources(
        self, hits: Iterable[Hit], records: dict[str, Record | None]
    ) -> tuple[QuoteSource, ...]:
        """The quotes at the places found, as their records have them; ``records`` grow."""
        places = {(hit.position, hit.span) for hit in hits}
        missing = sorted({position for position, _ in places} - records.keys())
        found = await asyncio.gather(*(self._articles.at(position) for position in missing))
        records.update(zip(missing, found, strict=True))
        wanted = [records[position] for position in sorted({position for position, _ in places})]
        return tuple(
            source
            for record in wanted
            if record is not None
            for source in sources_of(record)
            if (source.position, source.quote.span) in places
        )

    async def _in_force(self) -> Corrections:
        return corrections_of(await self._corrections.in_force())


def _with(name: str, entries: Iterable[Utterance]) -> Utterance:
    return next(e for e in entries if any(source.id == name for source in e.sources))


def _by_words(sources: Iterable[QuoteSource]) -> dict[tuple[str, ...], list[QuoteSource]]:
    groups: dict[tuple[str, ...], list[QuoteSource]] = {}
    for source in sources:
        groups.setdefault(words_of(source.quote.text), []).append(source)
    return groups


def _said_by(names: Sequence[str], entry: Utterance) -> bool:
    """Whether it is shown as said by one of ``names``, or was read so."""
    given = entry.correction.said if entry.correction else None
    shown = [speaker for s in entry.sources if (speaker := shown_speaker(s.quote))]
    return is_speaker(tuple(names), given) or any(
        is_speaker(tuple(names), speaker.text, role=speaker.role) for speaker in shown
    )
