"""Records as tantivy documents, and back as hits.

One document for the article (its revision and time of publication), one for each passage, one for
each quote. Words are searched in three fields, so that each has its own statistics:

    passage   title and passage
    quote     the quote alone
    around    title and the passages that hold the quote
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final

import tantivy

from bot.domain.answers import Hit
from bot.domain.news import Record
from bot.domain.quotes import Quote, Span
from bot.domain.times import from_ms, to_ms

#: Raised whenever the fields, the analyzer or what is stored change: old indexes are left behind.
SCHEMA_VERSION: Final = 4
ENGLISH: Final = "english"

Passages = Callable[[str], tuple[Span, ...]]
#: (article id, words) → the quote's id.
QuoteId = Callable[[str, str], str]


def analyzer() -> tantivy.TextAnalyzer:
    """Words in lower case without accents, English endings off."""
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(40))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )


def schema() -> tantivy.Schema:
    """The fields."""
    built = tantivy.SchemaBuilder()
    for name in ("kind", "article", "outlet", "quote_id"):
        built.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("passage", "quote", "around"):
        built.add_text_field(name, tokenizer_name=ENGLISH, index_option="position")
    built.add_text_field("speaker", tokenizer_name=ENGLISH, index_option="basic")
    built.add_integer_field("published", indexed=True, fast=True)
    built.add_integer_field("stored_at", indexed=True, fast=True)
    built.add_integer_field("kept", indexed=True, stored=True)
    built.add_integer_field("revision", stored=True)
    built.add_bytes_field("stored", stored=True)
    return built.build()


def documents(
    record: Record, *, passages: Passages, quote_id: QuoteId
) -> Iterator[tantivy.Document]:
    """Everything of one record."""
    article = record.article
    spans = passages(article.text)
    head = _document(record, kind="article")
    head.add_integer("revision", article.revision)
    yield head
    for span in spans:
        text = span.of(article.text)
        found = _document(record, kind="passage")
        found.add_text("passage", clean(f"{article.title}\n{text}"))
        found.add_bytes("stored", _stored(record, span))
        yield found
    for quote in article.quotes:
        around = [s.of(article.text) for s in spans if _meet(s, quote.span)]
        found = _document(record, kind="quote")
        found.add_text("quote_id", quote_id(article.id, quote.text))
        found.add_text("quote", clean(quote.text))
        found.add_text("around", clean("\n".join((article.title, *around))))
        found.add_text("speaker", clean(_who(quote)))
        found.add_bytes("stored", _stored(record, quote.span, quote))
        yield found


def stored_before(schema: tantivy.Schema, moment: datetime, *, kept: int) -> tantivy.Query:
    """Everything of records stored before ``moment``: those of KEPT, or the others."""
    must = (
        tantivy.Query.term_query(schema, "kept", kept),
        tantivy.Query.range_query(
            schema,
            "stored_at",
            tantivy.FieldType.Integer,
            lower_bound=0,
            upper_bound=to_ms(moment),
            include_upper=False,
        ),
    )
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in must])


def hit(stored: bytes, *, score: float) -> Hit:
    """The hit of a document's ``stored`` field."""
    values: dict[str, Any] = json.loads(stored)
    values["span"] = Span(start=values.pop("start"), end=values.pop("end"))
    values["published"] = from_ms(values["published"])
    return Hit(**values, score=score)


def clean(text: str) -> str:
    """``text`` as tantivy can take it: lone surrogates have no UTF-8."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def outlet_key(outlet: str) -> str:
    """How an outlet is looked up: any case."""
    return clean(outlet.strip().casefold())


def is_kept(record: Record) -> bool:
    """Whether the record stands in KEPT: one that matched was written to both streams."""
    return record.kept or bool(record.article.matches)


def _document(record: Record, *, kind: str) -> tantivy.Document:
    article = record.article
    made = tantivy.Document()
    made.add_text("kind", kind)
    made.add_text("article", clean(article.id))
    made.add_text("outlet", outlet_key(article.outlet))
    made.add_integer("published", to_ms(article.published))
    made.add_integer("stored_at", to_ms(record.stored))
    made.add_integer("kept", int(is_kept(record)))
    return made


def _stored(record: Record, span: Span, quote: Quote | None = None) -> bytes:
    article = record.article
    name = quote.shown_speaker if quote else None
    values = {
        "article_id": article.id,
        "position": record.position,
        "revision": article.revision,
        "start": span.start,
        "end": span.end,
        "text": span.of(article.text),
        "is_quote": quote is not None,
        "speaker": name,
        "role": quote.speaker.role if quote and quote.speaker and name else None,
        "outlet": article.outlet,
        "url": article.url,
        "title": article.title,
        "published": to_ms(article.published),
    }
    return json.dumps(values).encode()


def _who(quote: Quote) -> str:
    speaker = quote.speaker
    if speaker is None or quote.shown_speaker is None:
        return ""
    return " ".join(part for part in (speaker.name, speaker.text, speaker.role) if part)


def _meet(a: Span, b: Span) -> bool:
    return a.start < b.end and b.start < a.end
