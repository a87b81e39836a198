"""The newest on a topic: three to five lines of different stories, the newest first."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.answers.rank import Ranked
from bot.core.answers.words import stems
from bot.domain.answers import Hit

MAX_ITEMS = 5
#: Less on topic than this part of the best, and it is about something else.
_ON_TOPIC = 0.75
#: What sharing words with a line already chosen costs, against a score of about 1.
_SAME_STORY = 0.7
#: Titles and texts that share this part of their words tell one story.
_TOO_ALIKE = 0.6


def latest(ranked: Sequence[Ranked]) -> tuple[Hit, ...]:
    """At most five hits on the topic, one an article, by maximal marginal relevance."""
    if not ranked:
        return ()
    floor = _ON_TOPIC * max(r.coverage for r in ranked)
    open_: dict[str, tuple[Hit, frozenset[str]]] = {}
    for r in ranked:
        if r.coverage >= floor and r.hit.article_id not in open_:
            open_[r.hit.article_id] = (r.hit, frozenset(stems(f"{r.hit.title} {r.hit.text}")))
    chosen: list[tuple[Hit, frozenset[str]]] = []
    while open_ and len(chosen) < MAX_ITEMS:
        worth = {
            name: hit.score - _SAME_STORY * _likeness(words, chosen)
            for name, (hit, words) in open_.items()
        }
        name = max(worth, key=lambda n: (worth[n], n))
        hit, words = open_.pop(name)
        if _likeness(words, chosen) < _TOO_ALIKE:
            chosen.append((hit, words))
    return tuple(sorted((hit for hit, _ in chosen), key=lambda h: h.published, reverse=True))


def _likeness(words: frozenset[str], chosen: Sequence[tuple[Hit, frozenset[str]]]) -> float:
    return max((len(words & w) / max(len(words | w), 1) for _, w in chosen), default=0.0)
