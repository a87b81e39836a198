"""The words of a topic: what key quotes are ranked by."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator

from bot.domain.watch import AllOf, AnyOf, InField, Near, Phrase, Rule, Topic, Watchlists

_WORD = re.compile(r"[^\W_]{2,}")


def topic_words(watchlists: Watchlists, names: Container[str]) -> dict[str, frozenset[str]]:
    """Topic → the lower-case words of its name and of every phrase that speaks for it.

    Only for the topics in ``names``.

    A wildcard leaves its stem: ``spend*`` gives ``spend``.
    """
    return {t.name: _words_of(t) for t in watchlists.topics if t.name in names}


def _words_of(topic: Topic) -> frozenset[str]:
    rules = [*topic.any, *topic.all, *((topic.at_least.of,) if topic.at_least else ())]
    texts = [topic.name, *(phrase.text for phrase in _phrases(rules))]
    return frozenset(word.lower() for text in texts for word in _WORD.findall(text))


def _phrases(rules: Iterable[Rule]) -> Iterator[Phrase]:
    for rule in rules:
        match rule:
            case Phrase():
                yield rule
            case InField():
                yield from _phrases((rule.part,))
            case Near() | AnyOf() | AllOf():
                yield from _phrases(rule.parts)
