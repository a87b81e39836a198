"""A Question as tantivy queries: objects, never strings, so no question is a syntax error."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import tantivy
from tantivy import Occur, Query

from bot.adapters.index.documents import clean, hit, outlet_key
from bot.domain.answers import Hit, Question, QuestionKind
from bot.domain.times import to_ms

#: BM25's k1 + 1: the most that one word can score is this times its idf.
_MOST: Final = 2.2
_PHRASE_BOOST: Final = 1.0
#: A quote's words score in the quote, and less in what stands around it.
_AROUND_BOOST: Final = 0.5
#: More words than this of one question are not looked for.
_MAX_WORDS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """One question against one state of the index."""

    searcher: tantivy.Searcher
    schema: tantivy.Schema
    analyzer: tantivy.TextAnalyzer
    question: Question

    def hits(self, limit: int) -> tuple[Hit, ...]:
        """Passages, and quotes where words of somebody are asked for; the best first."""
        question = self.question
        topic = self._stems(" ".join((*question.words, *question.phrases)))
        names = self._names()
        weights = {word: self._idf(word) for word in topic}
        found: list[Hit] = []
        if question.kind is QuestionKind.WHO_SAID:
            found += self._quotes(weights, names, limit)
        wanted = dict.fromkeys(word for name in names for word in name if word not in weights)
        wider = {**weights, **{word: self._idf(word) for word in wanted}}
        found += self._passages(weights, wider, limit)
        return tuple(sorted(found, key=lambda h: (-h.score, h.article_id, h.span)))

    def _passages(
        self, topic: Mapping[str, float], wider: Mapping[str, float], limit: int
    ) -> list[Hit]:
        words = self._words("passage", wider)
        query = self._filtered([words or self._term("kind", "passage")])
        found = self._run(query, topic, wider, limit, newest=not wider)
        if self.question.kind is QuestionKind.LATEST and wider:
            # The best by words may all be old; the newest need most of the words.
            most = self._words("passage", wider, at_least=math.ceil(0.6 * len(wider)))
            newest = self._filtered([most] if most else [])
            known = {(h.article_id, h.span) for h in found}
            found += [
                h
                for h in self._run(newest, topic, wider, limit, newest=True)
                if (h.article_id, h.span) not in known
            ]
        return found

    def _quotes(
        self, topic: Mapping[str, float], names: Sequence[Sequence[str]], limit: int
    ) -> list[Hit]:
        must = [self._term("kind", "quote")]
        if names:
            must.append(self._speaker(names))
        parts = [
            (Occur.Should, Query.boost_query(words, boost))
            for name, boost in (("quote", 1.0), ("around", _AROUND_BOOST))
            if (words := self._words(name, topic)) is not None
        ]
        ranked = [Query.boolean_query(parts)] if parts else []
        # Without a speaker or a word, every quote is as good as the next.
        if not names and not ranked:
            return []
        query = self._filtered(ranked, only=must)
        return self._run(query, topic, topic, limit, newest=not topic)

    def _run(
        self,
        query: Query,
        topic: Mapping[str, float],
        scored: Mapping[str, float],
        limit: int,
        *,
        newest: bool,
    ) -> list[Hit]:
        order = "published" if newest else None
        found = self.searcher.search(query, limit, count=False, order_by_field=order)
        best = _MOST * sum(scored.values()) or 1.0
        hits = []
        for value, address in found.hits:
            score = 0.0 if newest else float(value) / best
            stored = self.searcher.doc(address).get_first("stored")
            hits.append(self._covered(hit(bytes(stored or b""), score=score), topic))
        return hits

    def _covered(self, found: Hit, topic: Mapping[str, float]) -> Hit:
        total = sum(topic.values())
        if not total:
            return found
        # The title speaks for the article's passages, not for what somebody said.
        text = found.text if found.is_quote else f"{found.title}\n{found.text}"
        held = set(self.analyzer.analyze(clean(text)))
        return replace(found, coverage=sum(w for word, w in topic.items() if word in held) / total)

    def _words(
        self, field: str, weights: Mapping[str, float], *, at_least: int | None = None
    ) -> Query | None:
        if not weights:
            return None
        parts = [(Occur.Should, self._term(field, word)) for word in weights]
        for phrase in self.question.phrases if at_least is None else ():
            words = self.analyzer.analyze(clean(phrase))
            if 1 < len(words) <= _MAX_WORDS:
                query = Query.phrase_query(self.schema, field, [*words])
                parts.append((Occur.Should, Query.boost_query(query, _PHRASE_BOOST)))
        return Query.boolean_query(parts, minimum_number_should_match=at_least or 1)

    def _filtered(self, ranked: Sequence[Query], *, only: Sequence[Query] = ()) -> Query:
        question = self.question
        filters = list(only)
        if question.since or question.until:
            filters.append(
                Query.range_query(
                    self.schema,
                    "published",
                    tantivy.FieldType.Integer,
                    lower_bound=to_ms(question.since) if question.since else None,
                    upper_bound=to_ms(question.until) if question.until else None,
                    include_upper=question.until is None,
                )
            )
        if question.outlet:
            filters.append(self._term("outlet", outlet_key(question.outlet)))
        parts = [(Occur.Must, query) for query in ranked]
        parts += [(Occur.Must, Query.const_score_query(query, 0.0)) for query in filters]
        return Query.boolean_query(parts)

    def _speaker(self, names: Sequence[Sequence[str]]) -> Query:
        """Any of the names by its last word; the rest is checked where quotes are ranked."""
        last = dict.fromkeys(name[-1] for name in names)
        return Query.boolean_query([(Occur.Should, self._term("speaker", w)) for w in last])

    def _names(self) -> list[list[str]]:
        question = self.question
        written = question.speaker_names or ((question.speaker,) if question.speaker else ())
        stems = (self._stems(name) for name in written)
        return [list(name) for name in stems if name]

    def _stems(self, text: str) -> dict[str, None]:
        words = self.analyzer.analyze(clean(text))
        return dict.fromkeys([w for w in words if len(w) > 1 or w.isdigit()][:_MAX_WORDS])

    def _idf(self, word: str) -> float:
        documents = self.searcher.num_docs
        held = self.searcher.doc_freq("passage", word)
        return math.log(1 + (max(documents - held, 0) + 0.5) / (held + 0.5))

    def _term(self, field: str, word: str) -> Query:
        return Query.term_query(self.schema, field, word)
