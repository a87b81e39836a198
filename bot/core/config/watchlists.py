"""``watchlists/*.yaml``: topics, each with the rules that flag it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from bot.core.config.rules import AnyRule, Lists, Term, TimesShape, rules
from bot.core.config.shapes import Format, Many, Name, OneOrMany, Shape, Text, To, TopicOnlyShape
from bot.core.config.tree import Mapping, Node, Scalar, Sequence
from bot.domain.watch import Only, Topic, Where


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
    at_least: TimesShape | None = Field(
        None, alias="at least", description="And a number of hits. Default: one is enough."
    )
    only: TopicOnlyShape | None = Field(
        None, description="What an article must be. Default: anything."
    )
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
        None,
        description="Terms used by several topics, as in `list: nato names`; every watchlist "
        "of the folder may use them.",
    )
    topics: Annotated[dict[Name, TopicShape], Field(min_length=1)] | None = Field(
        None, description="Name of the topic: its rules. A file may hold lists only."
    )

    def own_lists(self) -> Lists:
        """The lists of this file."""
        return {name: rules(terms, {}) for name, terms in (self.lists or {}).items()}

    def value(self, root: Node, *, file: str, lists: Lists) -> tuple[Topic, ...]:
        """As the domain has it; ``lists`` are those of all files."""
        named = {key.text: (key.line, topic) for key, topic in topics_of(root)}
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
                line=named[name][0],
                where=tuple(_where(named[name][1])),
            )
            for name, topic in (self.topics or {}).items()
        )


def _where(topic: Node) -> Iterator[Where]:
    """Where the rules of a topic stand that speak for it."""
    for key in ("any", "all"):
        written = topic.get(key) if isinstance(topic, Mapping) else None
        for number, rule in enumerate(written.items if isinstance(written, Sequence) else (), 1):
            yield Where(path=f"{key} {number}", line=rule.line)
    counted = topic.get("at least") if isinstance(topic, Mapping) else None
    if counted is not None:
        yield Where(path="at least", line=counted.line)


def lists_of(root: Node | None) -> dict[str, tuple[Scalar, Node]]:
    """Names of lists with their terms, whatever they are."""
    lists = root.get("lists") if isinstance(root, Mapping) else None
    pairs = lists.pairs if isinstance(lists, Mapping) else ()
    return {key.text: (key, terms) for key, terms in pairs}


def topics_of(root: Node | None) -> tuple[tuple[Scalar, Node], ...]:
    """Names of topics with what stands under them, whatever it is."""
    topics = root.get("topics") if isinstance(root, Mapping) else None
    return topics.pairs if isinstance(topics, Mapping) else ()
