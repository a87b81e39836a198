"""A record as a member of a story: as much of the article as the desk and its briefs need."""

from __future__ import annotations

from bot.core.stories.terms import terms
from bot.core.text.fold import fold
from bot.core.text.paragraphs import paragraphs, sentences
from bot.domain.news import Record
from bot.domain.quotes import Span
from bot.domain.stories import Member, StoryReason

#: Characters of a lead, about.
LEAD_LENGTH = 240


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
        shingles=article.signature.shingles,
        terms=terms(article.title, article.text),
    )


def lead(text: str, *, title: str = "") -> str:
    """The first paragraph: as many of its sentences as fit, else its first words and ``…``.

    A first paragraph that only repeats ``title``, as pages have it, is passed over.
    """
    spans = paragraphs(text)
    if len(spans) > 1 and _plain(spans[0].of(text)) == _plain(title):
        spans = spans[1:]
    first = next(iter(spans), Span(start=0, end=0))
    if first.end - first.start <= LEAD_LENGTH:
        return first.of(text)
    ends = [sentence.end for sentence in sentences(text, first)]
    fitting = [end for end in ends if end - first.start <= LEAD_LENGTH]
    if fitting:
        return text[first.start : fitting[-1]]
    cut = text[first.start : first.start + LEAD_LENGTH]
    words = cut.rpartition(" ")[0] or cut
    return words.rstrip(" ,;:-–—") + "…"


def _plain(text: str) -> str:
    return " ".join(fold(text).split()).lower()
