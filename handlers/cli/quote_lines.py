"""Entries of the ledger, and corrections, as JSON."""

from __future__ import annotations

from bot.domain.ledger import Correction, QuoteSource, Utterance
from bot.domain.times import iso
from handlers.cli.docs import Line


def entry_line(entry: Utterance) -> Line:
    """An entry with its sources."""
    first = entry.sources[0].quote
    corrected = entry.correction
    return {
        "id": entry.id,
        "speaker": corrected.said if corrected else first.shown_speaker,
        "text": first.text,
        "correction": correction_json(corrected) if corrected else None,
        "sources": [_source_line(source) for source in entry.sources],
    }


def _source_line(source: QuoteSource) -> Line:
    quote = source.quote
    speaker = quote.speaker
    return {
        "id": source.id,
        "text": quote.text,
        "kind": quote.kind,
        "article": source.article_id,
        "revision": source.revision,
        "position": source.position,
        "start": quote.span.start,
        "end": quote.span.end,
        "outlet": source.outlet,
        "copy_of": source.copy_of,
        "url": source.url,
        "title": source.title,
        "published": iso(source.published),
        "speaker_text": speaker.text if speaker else None,
        "speaker_name": quote.sure_name,
        "role": speaker.role if speaker else None,
        "cue": quote.cue,
        "confidence": round(quote.confidence, 3),
        "rule": quote.rule,
    }


def correction_json(correction: Correction) -> Line:
    """A correction."""
    return {
        "id": correction.id,
        "words": list(correction.words),
        "withdrawn": [speaker.text for speaker in correction.withdrawn],
        "said": correction.said,
        "by": correction.by,
        "at": iso(correction.at),
        "note": correction.note,
    }
