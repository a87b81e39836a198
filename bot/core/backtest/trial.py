"""A chunk of stored texts, matched by the topics in force and by those on trial.

Both sides are compiled into one, so that a text is searched and cut into words once, and a topic
that is the same on both sides is tried once. What each side costs alone, and in how many texts a
phrase stands, is found on every so-manieth text. Runs in a worker process; topics are compiled
once per process and trial.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from bot.core.matching import CompiledTopics, compile_topics
from bot.core.text.prose import Prose
from bot.domain.news import Article
from bot.domain.watch import Match, Phrase, Watchlists

#: Of so many texts one is looked at for phrases, and one for costs.
SAMPLED: Final = 20
#: What the name of a topic in force ends in while both sides are one; in no name people write.
_BEFORE: Final = "\0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The two sides; equal when the version is."""

    version: str
    before: Watchlists = field(compare=False, repr=False)
    after: Watchlists = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """As much of an article as matching looks at."""

    title: str
    text: str
    language: str | None = None
    country: str | None = None
    tier: int | None = None
    outlet: str | None = None
    url: str | None = None

    @classmethod
    def of(cls, article: Article) -> Text:
        """What matching looks at in ``article``."""
        return cls(
            title=article.title,
            text=article.text,
            language=article.language,
            country=article.country,
            tier=article.tier,
            outlet=article.outlet,
            url=article.url,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """The matches of one text that any side flags."""

    #: Place in the chunk, from 0.
    number: int
    before: tuple[Match, ...]
    after: tuple[Match, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkTried:
    """What a chunk came to."""

    tried: tuple[Tried, ...]
    #: Texts of the sample.
    sampled: int
    #: Phrase of the topics on trial → texts of the sample it stands in.
    phrases: Mapping[Phrase, int]
    #: Seconds that each side alone spent on the sample.
    cost_before: float
    cost_after: float


def try_texts(texts: Sequence[Text], trial: Trial, *, clock: Callable[[], float]) -> ChunkTried:
    """Match ``texts`` by both sides; ``clock`` counts the CPU seconds of this process."""
    ready = _ready(trial)
    tried: list[Tried] = []
    for number, text in enumerate(texts):
        found = _match(ready.both, text)
        before, after = _sides(found, ready.same)
        if found:
            tried.append(Tried(number=number, before=before, after=after))
    sample = texts[::SAMPLED]
    phrases: Counter[Phrase] = Counter()
    spent = [0.0, 0.0]
    for text in sample:
        for side, topics in enumerate((ready.before, ready.after)):
            started = clock()
            _match(topics, text)
            spent[side] += clock() - started
        phrases.update(ready.after.phrases_in(Prose(text.title), Prose(text.text)))
    return ChunkTried(
        tried=tuple(tried),
        sampled=len(sample),
        phrases=dict(phrases),
        cost_before=spent[0],
        cost_after=spent[1],
    )


def _match(topics: CompiledTopics, text: Text) -> tuple[Match, ...]:
    return topics.match(
        Prose(text.title),
        Prose(text.text),
        language=text.language,
        country=text.country,
        tier=text.tier,
        outlet=text.outlet,
        url=text.url,
    )


def _sides(
    found: Sequence[Match], same: frozenset[str]
) -> tuple[tuple[Match, ...], tuple[Match, ...]]:
    """The matches of topics in force, and those of topics on trial."""
    before, after = [], []
    for match in found:
        if match.topic.endswith(_BEFORE):
            before.append(replace(match, topic=match.topic.removesuffix(_BEFORE)))
        else:
            after.append(match)
            if match.topic in same:
                before.append(match)
    return tuple(before), tuple(after)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready:
    #: Topics of both sides; those in force that are the same on trial are there once.
    both: CompiledTopics
    same: frozenset[str]
    before: CompiledTopics
    after: CompiledTopics


@lru_cache(maxsize=1)
def _ready(trial: Trial) -> _Ready:
    same = frozenset(t.name for t in trial.before.topics if t in trial.after.topics)
    old = tuple(
        replace(topic, name=topic.name + _BEFORE)
        for topic in trial.before.topics
        if topic.name not in same
    )
    both = Watchlists(topics=(*old, *trial.after.topics), version=trial.version)
    return _Ready(
        both=compile_topics(both),
        same=same,
        before=compile_topics(trial.before),
        after=compile_topics(trial.after),
    )
