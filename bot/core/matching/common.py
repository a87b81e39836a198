"""Terms that stand in too many articles to tell anything: what an archive says about a watchlist.

Counting is the caller's: ``CompiledTopics.phrases_in`` for each article, added up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.core.matching.describe import describe
from bot.domain.errors import Problem
from bot.domain.watch import AnyOf, Phrase, Rule, Topic, Watchlists

#: Part of the articles from which on a term is called common.
COMMON = 0.05


def common_terms(
    watchlists: Watchlists, counts: Mapping[Phrase, int], *, articles: int, share: float = COMMON
) -> tuple[Problem, ...]:
    """Warnings about phrases that flag a topic by themselves and stand in too many articles.

    Args:
        watchlists: Whose ``any`` is looked at; a topic with ``all`` or ``at least`` as well.
        counts: Phrase → articles it stands in.
        articles: How many were looked at.
        share: Of the articles, above which a term is common.
    """
    if not articles:
        return ()
    return tuple(
        Problem(
            file=topic.file,
            line=topic.where[number].line if number < len(topic.where) else topic.line,
            column=1,
            message=(
                f"`{describe(phrase)}` of topic `{topic.name}` stands in "
                f"{100 * counts[phrase] / articles:.0f} % of {articles} articles: "
                "write it as `near` with another word"
            ),
            warning=True,
        )
        for topic in watchlists.topics
        for number, phrase in _deciding(topic)
        if counts.get(phrase, 0) > share * articles
    )


def _deciding(topic: Topic) -> Iterator[tuple[int, Phrase]]:
    """Phrases that one rule of ``any`` asks for and nothing else, with the rule's number."""
    seen: set[Phrase] = set()
    for number, rule in enumerate(topic.any):
        for phrase in _choices(rule):
            if phrase not in seen:
                seen.add(phrase)
                yield number, phrase


def _choices(rule: Rule) -> Iterator[Phrase]:
    match rule:
        case Phrase():
            yield rule
        case AnyOf(parts=parts):
            for part in parts:
                yield from _choices(part)
        case _:
            return
