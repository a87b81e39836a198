"""``match``, ``quotes``, ``stories``, ``feeds parse``: docs or files in, JSONL out, no server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from bot.bootstrap.configuration import load_configuration, load_watchlists
from bot.bootstrap.settings import Settings
from bot.domain.errors import Permanent, Recoverable
from bot.domain.feeds import ParsedEntry, ParsedFeed
from bot.domain.quotes import Quote
from bot.domain.times import iso
from bot.domain.watch import Match
from handlers.cli.docs import InputDoc, Line, each_doc, emit

if TYPE_CHECKING:
    from bot.core.quotes.opinion import Parse


def match(settings: Settings, watchlists: Path | None) -> None:
    """Print the topics whose rules hold for each doc, with evidence."""
    from bot.core.matching import compile_topics
    from bot.core.text.prose import Prose

    topics = compile_topics(
        load_watchlists(watchlists) if watchlists else load_configuration(settings).watchlists
    )

    def answer(doc: InputDoc) -> Line:
        title, text = Prose(doc.title), Prose(doc.text)
        found = topics.match(title, text, outlet=doc.source, url=doc.url)
        return {"id": doc.id, "matches": [match_line(m) for m in found]}

    each_doc(answer)


def quotes(settings: Settings, model: str | None) -> None:
    """Print the quotes of each doc, with who said them."""
    from bot.core.quotes.extract import find_quotes
    from bot.core.text.prose import Prose

    model = model or settings.quote_model
    opinion = _second_opinion(model) if model else None
    people = load_configuration(settings).people
    last = datetime.now(UTC)

    def answer(doc: InputDoc) -> Line:
        nonlocal last
        last = doc.published or last
        found = find_quotes(
            Prose(doc.text),
            title=doc.title,
            people=people,
            day=last.date(),
            opinion=opinion,
        )
        return {"id": doc.id, "quotes": [_quote_line(q) for q in found]}

    each_doc(answer)


def _second_opinion(model: str) -> Parse:
    from bot.core.quotes.pipeline import installed_pipeline  # brings spaCy

    return installed_pipeline(model)


def stories() -> None:
    """Print the story of each doc; docs come in time order."""
    from bot.core.stories.stream import StoryStream

    stream = StoryStream()
    last = datetime.now(UTC)

    def answer(doc: InputDoc) -> Line:
        nonlocal last
        last = doc.published or last
        placed = stream.place(
            doc.id, title=doc.title, text=doc.text, outlet=doc.source, url=doc.url, published=last
        )
        return {
            "id": doc.id,
            "story": placed.story,
            "reason": placed.reason,
            "origin": placed.origin,
        }

    each_doc(answer)


def parse_feeds(files: Iterable[Path], *, url: str | None, content_type: str | None) -> None:
    """Print each stored feed as one object; a hostile file costs its own line only."""

    async def all_files() -> None:
        from bot.bootstrap.parser import lone_parser

        async with lone_parser() as pool:
            from bot.core.feeds.parse import parse

            for file in files:
                started = perf_counter()
                try:
                    parsed = await pool.run(
                        parse, file.read_bytes(), content_type=content_type, url=url
                    )
                except (OSError, Permanent, Recoverable) as error:
                    parsed = ParsedFeed(problem=f"cannot be read: {error}")
                spent = round((perf_counter() - started) * 1000, 1)
                emit({"file": str(file), **_feed_line(parsed), "ms": spent})

    asyncio.run(all_files())


def _feed_line(parsed: ParsedFeed) -> Line:
    return {
        "format": parsed.format or None,
        "title": parsed.title,
        "entries": [_entry_line(entry) for entry in parsed.entries],
        "problem": parsed.problem,
    }


def _entry_line(entry: ParsedEntry) -> Line:
    return {
        "id": entry.guid,
        "url": entry.url,
        "title": entry.title,
        "published": iso(entry.published),
        "updated": iso(entry.updated),
        "summary": entry.summary,
        "text": entry.text,
        "authors": list(entry.authors),
    }


def match_line(match: Match) -> Line:
    """A match with its evidence, as the contract writes it."""
    return {
        "topic": match.topic,
        "score": match.score,
        "evidence": [
            {
                "rule": e.rule,
                "in": e.field,
                "start": e.span.start,
                "end": e.span.end,
                "text": e.text,
            }
            for e in match.evidence
        ],
    }


def _quote_line(quote: Quote) -> Line:
    speaker = quote.speaker
    span = speaker.span if speaker else None
    return {
        "start": quote.span.start,
        "end": quote.span.end,
        "text": quote.text,
        "kind": quote.kind,
        "speaker_text": speaker.text if speaker else None,
        "speaker_start": span.start if span else None,
        "speaker_end": span.end if span else None,
        "speaker_name": quote.sure_name,
        "confidence": round(quote.confidence, 3),
        "rule": quote.rule,
    }
