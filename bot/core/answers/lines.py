"""The lines that are shown: of a passage, the sentence that answers best, with its neighbour."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.core.answers.speakers import name_parts
from bot.core.answers.words import stems
from bot.core.text.fold import fold
from bot.core.text.paragraphs import sentences
from bot.domain.answers import Hit, Question, QuestionKind
from bot.domain.quotes import Quote, Span

#: A line grows by a neighbouring sentence up to this many characters.
MAX_LINE = 420

_SAID = (
    r"(?:said|says|told|added|warned|argued|claimed|announced|insisted|pledged|promised|vowed"
    r"|stated|noted|stressed|suggested|urged|called|demanded|declared|denied|explained|remarked"
    r"|believes?|thinks?|thought|acknowledged|conceded|emphasi[sz]ed|contended|praised|asserted"
    r"|expressed|rejected|wants|wrote|tweeted|reiterated|confirmed|maintained)"
)
_CUES = {
    QuestionKind.HOW_MUCH: re.compile(
        r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|dozens?|hundreds?|thousands?"
        r"|millions?|billions?|half|third|quarter|twice|double)\b",
        re.IGNORECASE,
    ),
    QuestionKind.WHEN: re.compile(
        r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june"
        r"|july|august|september|october|november|december|today|yesterday|tomorrow|week|month"
        r"|(?:19|20)\d\d|years?)\b",
        re.IGNORECASE,
    ),
    QuestionKind.WHY: re.compile(
        r"\b(?:because|since|due to|owing to|after|so that|in order to|as a result|caused?|amid"
        r"|over|to avoid|reason|therefore)\b",
        re.IGNORECASE,
    ),
}
_NEEDS_BEFORE = re.compile(
    r"[\"“]?(?:he|she|it|they|his|her|their|this|that|these|those|but|and|however)\b",
    re.IGNORECASE,
)


def has_cue(text: str, kind: QuestionKind) -> bool:
    """Whether ``text`` has what this kind of question asks for; a number, a day, a cause."""
    cue = _CUES.get(kind)
    return cue is not None and cue.search(text) is not None


def best_line(hit: Hit, question: Question) -> Hit:
    """``hit`` cut down to its best sentence and a neighbour; a quote stays whole."""
    spans = sentences(hit.text)
    if hit.is_quote or len(spans) < 2:
        return hit
    wanted = set(stems(" ".join((*question.words, *question.phrases))))
    scores = [_score(span.of(hit.text), wanted, question.kind) for span in spans]
    best = max(range(len(spans)), key=lambda i: (scores[i], -i))
    first = last = best
    before, after = best - 1, best + 1
    needs_before = _NEEDS_BEFORE.match(spans[best].of(hit.text)) is not None
    order = sorted(
        (i for i in (before, after) if 0 <= i < len(spans)),
        key=lambda i: (not (needs_before and i == before), -scores[i], i),
    )
    for i in order:
        if max(spans[i].end, spans[best].end) - min(spans[i].start, spans[best].start) <= MAX_LINE:
            first, last = min(i, best), max(i, best)
            break
    return part(hit, Span(start=spans[first].start, end=spans[last].end))


def whole_utterances(hits: Iterable[Hit], quotes: Mapping[str, Sequence[Quote]]) -> tuple[Hit, ...]:
    """Hits with all parts of what was said; one that is a part of an earlier one is left out.

    Args:
        hits: Lines of an answer.
        quotes: Position of a record → its quotes.
    """
    shown: list[Hit] = []
    for hit in hits:
        if any(_is_part(hit, other) for other in shown):
            continue
        read = quotes.get(hit.position, ())
        quote = next((q for q in read if hit.is_quote and q.span == hit.span), None)
        parts = quote.parts_among(read) if quote else ()
        shown.append(replace(hit, parts=parts) if parts else hit)
    return tuple(shown)


def each_part(hit: Hit) -> tuple[Hit, ...]:
    """``hit`` once for each part of its utterance, in order; itself when it stands alone."""
    return tuple(replace(hit, text=p.text, span=p.span) for p in hit.parts) or (hit,)


def _is_part(hit: Hit, other: Hit) -> bool:
    return hit.position == other.position and any(part.span == hit.span for part in other.parts)


def reported(hit: Hit, names: tuple[str, ...]) -> Hit | None:
    """The sentence of a passage in which one of ``names`` is reported to say something."""
    surnames = {re.escape(parts[-1]) for name in names if (parts := name_parts(name))}
    if not surnames:
        return None
    who = rf"(?:{'|'.join(sorted(surnames))})"
    pattern = re.compile(
        rf"\b{who}\b(?:\s+(?:has|have|had|also|later|then|repeatedly|\w+ly))*\s+{_SAID}\b"
        rf"|\b(?!told\b){_SAID}\s+(?:[\w.'’-]+\s+){{0,5}}?{who}\b(?=\s*[,.;:–—-]|\s*$)"
        rf"|\baccording to (?:[\w.'’-]+\s+){{0,5}}?{who}\b"
    )
    # Case matters to no name here, and folding keeps the offsets.
    text = fold(hit.text).lower()
    for span in sentences(hit.text):
        found = pattern.search(text, span.start, span.end)
        if found and not _quoted(hit.text, found.start()):
            return part(hit, span)
    return None


def part(hit: Hit, span: Span) -> Hit:
    """``hit`` cut down to ``span`` of its own text."""
    start = hit.span.start + span.start
    return replace(
        hit, text=span.of(hit.text), span=Span(start=start, end=start + span.end - span.start)
    )


def _quoted(text: str, at: int) -> bool:
    """Whether a place stands between marks: then somebody else says that they said it."""
    curly = [i for i, c in enumerate(text) if c in "“”"]
    if curly:
        before = [text[i] for i in curly if i < at]
        # Cut from the middle of a quote, a passage may begin inside it.
        return before[-1] == "“" if before else text[curly[0]] == "”"
    return text.count('"', text.rfind("\n", 0, at) + 1, at) % 2 == 1


def _score(sentence: str, wanted: set[str], kind: QuestionKind) -> float:
    held = len(wanted & set(stems(sentence)))
    return held + (1.0 if held and has_cue(sentence, kind) else 0.0)
