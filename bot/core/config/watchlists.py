"""``watchlists/*.yaml``: topics, each with the rules that flag it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from bot.core.config.closest import or_similar
from bot.core.config.rules import AnyRule, Lists, Term, one_of, rules
from bot.core.config.shapes import Format, Many, Name, OneOrMany, OnlyShape, Shape, Text, To
from bot.core.config.tree import Mapping, Node, Scalar, Sequence, problem_at, walk
from bot.domain.errors import Problem
from bot.domain.watch import AtLeast, Only, Topic

#: Terms of one topic, those of its lists included.
MAX_TERMS = 20_000


class AtLeastShape(Shape):
    """A number of hits."""

    times: Annotated[int, Field(ge=1, le=100)] = Field(description="How many hits.")
    of: OneOrMany[AnyRule] = Field(description="Hits of these, counted together.")

    def value(self, lists: Lists) -> AtLeast:
        """As the domain has it."""
        return AtLeast(times=self.times, of=one_of(rules(self.of, lists)))


class ScoreShape(Shape):
    """How a match is ranked; it never decides whether there is one."""

    title_counts: Annotated[float, Field(ge=0, le=100)] = Field(
        3, alias="title counts", description="A hit in the title counts so many times. Default: 3."
    )
    weights: dict[Name, Annotated[float, Field(ge=0, le=100)]] | None = Field(
        None, description="Phrase of this topic: points a hit. Default: 1 each."
    )


class ExamplesShape(Shape):
    """Sentences checked whenever the file is loaded."""

    match: OneOrMany[Text] | None = Field(None, description="Texts the topic must flag.")
    skip: OneOrMany[Text] | None = Field(None, description="Texts the topic must not flag.")


class TopicShape(Shape):
    """A subject: some of `any`, and every `all`, and `at least`, and no `none`, and `only`."""

    about: Text | None = Field(None, description="One line for readers.")
    any: Many[AnyRule] | None = Field(None, description="At least one of these.")
    all: Many[AnyRule] | None = Field(None, description="And every one of these.")
    none: Many[AnyRule] | None = Field(None, description="And none of these.")
    at_least: AtLeastShape | None = Field(
        None, alias="at least", description="And a number of hits. Default: one is enough."
    )
    only: OnlyShape | None = Field(None, description="What an article must be. Default: anything.")
    score: ScoreShape | None = Field(None, description="How matches are ranked.")
    examples: ExamplesShape | None = Field(
        None, description="Sentences that must and must not be flagged."
    )
    owner: To | None = Field(
        None, description="Who answers for it, as slack:@U0123. Default: the watchlist's owner."
    )


class WatchlistShape(Shape):
    """The whole file."""

    format: Format = Field(description="Version of this file's layout: 1.")
    watchlist: Name | None = Field(None, description="Name of the watchlist.")
    owner: To | None = Field(
        None, description="Who answers for its topics, as slack:#desk. Default: the admins."
    )
    lists: dict[Name, Many[Term]] | None = Field(
        None, description="Terms used by several topics, as in `list: nato names`."
    )
    topics: Annotated[dict[Name, TopicShape], Field(min_length=1)] = Field(
        description="Name of the topic: its rules."
    )

    def value(self, root: Node, *, file: str) -> tuple[Topic, ...]:
        """As the domain has it."""
        lists = {name: rules(terms, {}) for name, terms in (self.lists or {}).items()}
        lines = {key.text: key.line for key, _ in topics_of(root)}
        owner = str(self.owner) if self.owner else None
        return tuple(
            Topic(
                name=name,
                about=topic.about or "",
                any=rules(topic.any or (), lists),
                all=rules(topic.all or (), lists),
                none=rules(topic.none or (), lists),
                at_least=topic.at_least.value(lists) if topic.at_least else None,
                only=topic.only.value() if topic.only else Only(),
                title_counts=topic.score.title_counts if topic.score else 3,
                weights=tuple((topic.score.weights or {}).items()) if topic.score else (),
                match_examples=tuple((topic.examples and topic.examples.match) or ()),
                skip_examples=tuple((topic.examples and topic.examples.skip) or ()),
                owner=str(topic.owner) if topic.owner else owner,
                file=file,
                line=lines[name],
            )
            for name, topic in self.topics.items()
        )


def topics_of(root: Node | None) -> tuple[tuple[Scalar, Node], ...]:
    """Names of topics with what stands under them, whatever it is."""
    topics = root.get("topics") if isinstance(root, Mapping) else None
    return topics.pairs if isinstance(topics, Mapping) else ()


def checks(root: Node | None, *, file: str) -> Iterator[Problem]:
    """Topics without a rule or with too many, unknown lists, words that cancel each other."""
    listed = root.get("lists") if isinstance(root, Mapping) else None
    lists = {key.text: value for key, value in listed.pairs} if isinstance(listed, Mapping) else {}
    sizes = {name: sum(1 for _ in walk(terms)) for name, terms in lists.items()}
    for name, topic in topics_of(root):
        if not isinstance(topic, Mapping):
            continue
        keys = {key.text for key, _ in topic.pairs}
        if keys <= _KEYS and not keys & {"any", "all", "at least"}:
            message = f"topic `{name.text}` has no rule: add `any:` with a word or phrase"
            yield problem_at(name, message, file=file)
        terms: set[str] = set()
        size = 0
        for _, node in walk(topic):
            size += 1
            if isinstance(node, Scalar):
                terms.add(" ".join(node.text.split()))
            used = node.get("list") if isinstance(node, Mapping) else None
            if not isinstance(used, Scalar):
                continue
            size += sizes.get(used.text, 0)
            if used.text not in lists:
                hint = or_similar(used.text, lists) or "; lists stand at the top, under `lists:`"
                yield problem_at(used, f"no list `{used.text}`{hint}", file=file)
            elif size <= MAX_TERMS:
                nodes = (node for _, node in walk(lists[used.text]))
                terms.update(" ".join(n.text.split()) for n in nodes if isinstance(n, Scalar))
        if size > MAX_TERMS:
            message = f"topic `{name.text}` has more than {MAX_TERMS} terms; split it"
            yield problem_at(name, message, file=file)
        yield from _weights(topic, terms, file=file)
        yield from _cancelled(topic, file=file)


def _weights(topic: Mapping, terms: set[str], *, file: str) -> Iterator[Problem]:
    """Weights of phrases the topic does not have."""
    score = topic.get("score")
    weights = score.get("weights") if isinstance(score, Mapping) else None
    for key, _ in weights.pairs if isinstance(weights, Mapping) else ():
        if " ".join(key.text.split()) not in terms:
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


_KEYS = frozenset(field.alias or name for name, field in TopicShape.model_fields.items())
