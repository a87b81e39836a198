"""Watchlists held against themselves: what is right word by word and makes no sense together."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from collections.abc import Mapping as Dict

from bot.core.config.closest import or_similar
from bot.core.config.tree import Mapping, Node, Scalar, Sequence, problem_at, walk
from bot.core.config.watchlists import TopicShape, lists_of, topics_of
from bot.domain.errors import Problem

#: Terms of one topic, those of its lists included.
MAX_TERMS = 20_000
_KEYS = frozenset(field.alias or name for name, field in TopicShape.model_fields.items())


def checks(
    root: Node | None, *, file: str, elsewhere: Dict[str, Node] | None = None
) -> Iterator[Problem]:
    """Topics without a rule or with too many, unknown lists, words that cancel each other.

    ``elsewhere`` are the lists of other files; None if they cannot be known.
    """
    if isinstance(root, Mapping) and root.get("topics") is None and root.get("lists") is None:
        yield problem_at(root, "`topics` is missing here", file=file)
    lists = {**(elsewhere or {}), **{name: terms for name, (_, terms) in lists_of(root).items()}}
    sizes = {name: sum(1 for _ in walk(terms)) for name, terms in lists.items()}
    for name, topic in topics_of(root):
        if not isinstance(topic, Mapping):
            continue
        keys = {key.text for key, _ in topic.pairs}
        if keys <= _KEYS and not keys & {"any", "all", "at least"}:
            message = f"topic `{name.text}` has no rule: add `any:` with a word or phrase"
            yield problem_at(name, message, file=file)
        size = 0
        used: dict[str, Scalar] = {}
        for node in _nodes(topic):
            size += 1
            if isinstance(node, Mapping):
                yield from _parts(node, file=file)
                if isinstance(listed := node.get("list"), Scalar):
                    used.setdefault(listed.text, listed)
                    size += sizes.get(listed.text, 0)
        if size > MAX_TERMS:
            message = f"topic `{name.text}` has more than {MAX_TERMS} terms; split it"
            yield problem_at(name, message, file=file)
            continue
        for listed in used.values():
            if listed.text not in lists and elsewhere is not None:
                yield problem_at(listed, _no_list(listed.text, lists), file=file)
        known = [topic, *(lists[each] for each in used if each in lists)]
        terms = {_term(n) for each in known for n in _nodes(each) if isinstance(n, Scalar)}
        yield from _weights(topic, terms, file=file)
        yield from _cancelled(topic, file=file)


def _nodes(root: Node) -> Iterator[Node]:
    return (node for _, node in walk(root))


def _term(node: Scalar) -> str:
    return " ".join(node.text.split())


def _no_list(name: str, lists: Collection[str]) -> str:
    hint = or_similar(name, lists) or "; lists stand at the top, under `lists:`"
    return f"no list `{name}`{hint}"


def _parts(rule: Mapping, *, file: str) -> Iterator[Problem]:
    """Rules that need something beside their key."""
    near = rule.get("near")
    if isinstance(near, Sequence) and len(near.items) == 1 and rule.get("not near") is None:
        message = "`near` needs at least 2 entries, or `not near` beside it"
        yield problem_at(near, message, file=file)


def _weights(topic: Mapping, terms: set[str], *, file: str) -> Iterator[Problem]:
    """Weights of phrases the topic does not have."""
    score = topic.get("score")
    weights = score.get("weights") if isinstance(score, Mapping) else None
    for key, _ in weights.pairs if isinstance(weights, Mapping) else ():
        if _term(key) not in terms:
            hint = or_similar(key.text, terms)
            message = f"`{key.text}` is no phrase of this topic, as written there{hint}"
            yield problem_at(key, message, file=file)


def _cancelled(topic: Mapping, *, file: str) -> Iterator[Problem]:
    """Phrases that stand under ``none`` and, word for word, under ``any`` or ``all``."""
    wanted: dict[str, int] = {}
    for key in ("any", "all"):
        wanted.update((text.text.casefold(), text.line) for text in _phrases(topic.get(key)))
    for phrase in _phrases(topic.get("none")):
        line = wanted.get(phrase.text.casefold())
        if line is not None:
            message = f"`{phrase.text}` is wanted on line {line} and refused here"
            yield problem_at(phrase, message, file=file)


def _phrases(node: Node | None) -> list[Scalar]:
    """Plain phrases directly in a list."""
    items = node.items if isinstance(node, Sequence) else ()
    return [item for item in items if isinstance(item, Scalar)]
