"""Quotes of the index by their id, and by their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import tantivy
from tantivy import Occur, Query

from bot.adapters.index.documents import clean, hit
from bot.domain.answers import Hit
from bot.domain.times import to_ms

#: More words than this of one quote are not looked for.
_MAX_WORDS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteSearch:
    """The ledger's questions against one state of the index."""

    searcher: tantivy.Searcher
    schema: tantivy.Schema
    analyzer: tantivy.TextAnalyzer

    def named(self, name: str, *, limit: int) -> tuple[Hit, ...]:
        """The quotes with this id."""
        query = Query.term_query(self.schema, "quote_id", clean(name))
        return self._run(query, limit=limit, newest=False)

    def like(
        self,
        words: str,
        *,
        speaker: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        least: float = 0.0,
        limit: int,
    ) -> tuple[Hit, ...]:
        """Quotes with any of ``words``, the best first; without words the newest.

        Args:
            words: Of the quote, in any order.
            speaker: Name or description of whose quotes alone are looked for, by its last word.
            since: Published then or later.
            until: Published then or earlier.
            least: The part of the words that a quote has to have.
            limit: Quotes at most.
        """
        parts = [(Occur.Must, Query.const_score_query(self._term("kind", "quote"), 0.0))]
        wanted = self._stems(words)
        if wanted:
            words_query = Query.boolean_query(
                [(Occur.Should, self._term("quote", word)) for word in wanted],
                minimum_number_should_match=max(1, round(least * len(wanted))),
            )
            parts.append((Occur.Must, words_query))
        if speaker is not None and (names := self._stems(speaker)):
            parts.append((Occur.Must, Query.const_score_query(self._term("speaker", names[-1]), 0)))
        if since or until:
            during = Query.range_query(
                self.schema,
                "published",
                tantivy.FieldType.Integer,
                lower_bound=to_ms(since) if since else None,
                upper_bound=to_ms(until) if until else None,
            )
            parts.append((Occur.Must, Query.const_score_query(during, 0.0)))
        return self._run(Query.boolean_query(parts), limit=limit, newest=not wanted)

    def _run(self, query: Query, *, limit: int, newest: bool) -> tuple[Hit, ...]:
        order = "published" if newest else None
        found = self.searcher.search(query, limit, count=False, order_by_field=order)
        return tuple(
            hit(
                bytes(self.searcher.doc(address).get_first("stored") or b""),
                score=0.0 if newest else float(value),
            )
            for value, address in found.hits
        )

    def _stems(self, text: str) -> Sequence[str]:
        stems = dict.fromkeys(self.analyzer.analyze(clean(text)))
        return [word for word in stems if len(word) > 1 or word.isdigit()][:_MAX_WORDS]

    def _term(self, field: str, word: str) -> Query:
        return Query.term_query(self.schema, field, word)
