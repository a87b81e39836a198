"""The words of a topic: what key quotes are ranked by."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator

from bot.core.text.stop_words import STOP_WORDS
from bot.domain.watch import AllOf, AnyOf, InField, Near, Phrase, Rule, Topic, Watchlists

_WORD = re.compile(r"[^\W_]{2,}\*?")
#: Letters a word must have for its inflections to be known by their beginning.
_STEM = 4


def topic_words(watchlists: Watchlists, names: Container[str]) -> dict[str, frozenset[str]]:
    """Topic → the lower-case words of its name and of every phrase that speaks for it.

    Only for the topics in ``names``. Words that any text has are left out. One that ends with
    ``*`` stands for all with this beginning; so does one of a phrase with its inflections.
    """
    return {t.name: _words_of(t) for t in watchlists.topics if t.name in names}


def _words_of(topic: Topic) -> frozenset[str]:
    rules = [*topic.any, *topic.all, *((topic.at_least.of,) if topic.at_least else ())]
    words = set(_WORD.findall(topic.name.lower()))
    for phrase in _phrases(rules):
        found = _WORD.findall(phrase.text.lower())
        words.update(map(_inflected, found) if phrase.forms else found)
    return frozenset(words - STOP_WORDS)


def _inflected(word: str) -> str:
    """``provide`` → ``provid*``; a short or common word as it is."""
    stem = word.removesuffix("e")
    return word if word in STOP_WORDS or len(stem) < _STEM or word[-1] == "*" else f"{stem}*"


def _phrases(rules: Iterable[Rule]) -> Iterator[Phrase]:
    for rule in rules:
        match rule:
            case Phrase():
                yield rule
            case InField():
                yield from _phrases((rule.part,))
            case Near() | AnyOf() | AllOf():
                yield from _phrases(rule.parts)
