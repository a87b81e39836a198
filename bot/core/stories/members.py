"""A record as a member of a story: as much of the article as the desk and its briefs need."""

from __future__ import annotations

import re

from bot.core.stories.terms import terms
from bot.core.text.fold import fold
from bot.core.text.paragraphs import paragraphs, sentences
from bot.core.text.shingles import shingles
from bot.domain.news import Record
from bot.domain.quotes import Span
from bot.domain.stories import Member, StoryReason

#: Characters of a lead, about.
LEAD_LENGTH = 240

_WORD = re.compile(r"[^\W_]+")
#: ``BRUSSELS (Continental Wire) — ``, ``KYIV, Ukraine - ``, ``WASHINGTON, April 4 – ``.
_DATELINE = re.compile(
    r"[A-Z][A-Z.'’ /-]{2,40}(?:, [\w. ]{3,24})?(?: \([^()]{2,40}\))? [—–-] (?=[\"“]?[A-Z])"
)


def member_of(record: Record) -> Member:
    """The member a record makes, an independent first report until it is placed."""
    article = record.article
    return Member(
        article_id=article.id,
        revision=article.revision,
        feed_id=article.feed_id,
        outlet=article.outlet,
        tier=article.tier,
        language=article.language,
        country=article.country,
        url=article.url,
        title=article.title,
        lead=lead(article.text, title=article.title),
        published=article.published,
        stored=record.stored,
        position=record.position,
        origin=article.id,
        reason=StoryReason.NEW,
        quotes=article.quotes,
        matches=article.matches,
        packed_shingles=shingles(article.text),
        terms=terms(article.title, article.text),
    )


def lead(text: str, *, title: str = "") -> str:
    """The first paragraph: as many of its sentences as fit, else its first words and ``…``.

    A first paragraph that only repeats ``title``, as pages have it, is passed over; so is the
    dateline of an agency at its beginning.
    """
    spans = paragraphs(text)
    if len(spans) > 1 and _repeats(spans[0].of(text), title):
        spans = spans[1:]
    first = next(iter(spans), Span(start=0, end=0))
    if dateline := _DATELINE.match(text, first.start, first.end):
        first = Span(start=dateline.end(), end=first.end)
    if first.end - first.start <= LEAD_LENGTH:
        return first.of(text)
    ends = [sentence.end for sentence in sentences(text, first)]
    fitting = [end for end in ends if end - first.start <= LEAD_LENGTH]
    if fitting:
        return text[first.start : fitting[-1]]
    cut = text[first.start : first.start + LEAD_LENGTH]
    words = cut.rpartition(" ")[0] or cut
    return words.rstrip(" ,;:-–—") + "…"


def _repeats(paragraph: str, title: str) -> bool:
    """Whether a short paragraph says nothing but the title, give or take a word in five."""
    said, known = _words(paragraph), _words(title)
    new = [word for word in said if word not in known]
    return bool(known) and len(said) <= 2 * len(known) and len(new) <= len(said) / 5


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text).lower())
