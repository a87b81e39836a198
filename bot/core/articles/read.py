"""Entry → Article: text, quotes and matches, in one pure function.

    entry, page ─► text, state ─► paragraphs (on demand) ─► quotes, matches

Runs in a worker process. What it costs to prepare, compiled topics, is prepared once per process
and version of the rules.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field
from functools import lru_cache

from bot.core.articles.given import given_text, is_whole
from bot.core.articles.page import article_text, is_about
from bot.core.matching import CompiledTopics, compile_topics
from bot.core.quotes.extract import find_quotes
from bot.core.quotes.opinion import Parse
from bot.core.text.languages import language_of
from bot.core.text.prose import Prose
from bot.domain.news import Article, Entry, TextState
from bot.domain.people import Person
from bot.domain.watch import Watchlists


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRules:
    """What reading depends on besides the entry; equal when the version is."""

    version: str
    watchlists: Watchlists = field(compare=False, repr=False)
    people: tuple[Person, ...] = field(default=(), compare=False, repr=False)

    def __reduce__(self) -> tuple[object, ...]:
        """Rules go with every job: packed once and, in a worker, unpacked once."""
        return _unpacked, (self.version, _packed(self))


@lru_cache(maxsize=2)
def _packed(rules: ReadingRules) -> bytes:
    return pickle.dumps((rules.watchlists, rules.people))


@lru_cache(maxsize=2)
def _unpacked(version: str, data: bytes) -> ReadingRules:
    watchlists, people = pickle.loads(data)  # noqa: S301 - from the process that started this one
    return ReadingRules(version=version, watchlists=watchlists, people=people)


def read(
    entry: Entry, page: bytes | None, rules: ReadingRules, *, opinion: Parse | None = None
) -> Article:
    """Enrich ``entry``; ``page`` is the linked page as served, or None without one.

    Every offset in the result points into its ``text``. A language that ``feeds.yaml`` does not
    give is what the document said, or what a long text tells.
    ``opinion`` is heard on who said what, as in ``find_quotes``.
    """
    topics = _prepared(rules)
    text, state = text_of(entry, page)
    language = entry.language or language_of(text or entry.title, said=entry.said_language)
    prose, title = Prose(text), Prose(entry.title)
    return Article(
        id=entry.article_id,
        revision=entry.revision,
        reason=entry.reason,
        feed_id=entry.feed_id,
        outlet=entry.outlet,
        tier=entry.tier,
        language=language,
        country=entry.country,
        url=entry.url,
        title=entry.title,
        text=text,
        state=state,
        authors=entry.authors,
        published=entry.published,
        first_seen=entry.first_seen,
        quotes=find_quotes(
            prose,
            title=entry.title,
            people=rules.people,
            day=entry.published.date(),
            opinion=opinion,
        ),
        matches=topics.match(
            title,
            prose,
            language=language,
            country=entry.country,
            tier=entry.tier,
            outlet=entry.outlet,
            url=entry.url,
        ),
        watchlist_version=rules.watchlists.version,
    )


def text_of(entry: Entry, page: bytes | None) -> tuple[str, TextState]:
    """The best text there is, and how whole it is."""
    given = given_text(entry)
    if is_whole(given):
        return given, TextState.FULL
    extracted = article_text(page, url=entry.url) if page else None
    if extracted is not None and is_about(extracted, title=entry.title, summary=given):
        # A short report whose page holds no more than the feed is whole as it was given.
        return max(extracted, given, key=len), TextState.FULL
    return given, TextState.SUMMARY if given else TextState.HEADLINE


@lru_cache(maxsize=2)
def _prepared(rules: ReadingRules) -> CompiledTopics:
    """The compiled topics of one version; two, so that a change is no thrashing."""
    return compile_topics(rules.watchlists)
