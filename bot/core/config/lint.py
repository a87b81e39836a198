"""Warnings about what is right in the files and probably not what was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as Dict
from dataclasses import replace
from fnmatch import fnmatchcase

from bot.core.config import feeds, words
from bot.core.config.tree import Mapping, Node, Scalar, Sequence, problem_at, read, walk
from bot.core.config.watchlists import lists_of, topics_of
from bot.domain.errors import Problem

_FEEDS = "feeds.yaml"
_OTHERS = (_FEEDS, "channels.yaml", "people.yaml")
#: Near of more words than this is hardly more than "both in the paragraph".
_FAR = 15
#: Capitals that are a word of every other sentence in lower case.
_CAPITALS = {
    "us": "the pronoun",
    "who": "the pronoun",
    "it": "the pronoun",
    "aid": "help of every kind",
    "ice": "frozen water",
    "start": "the verb",
    "pact": "any treaty",
    "may": "the verb",
    "un": "a French and Spanish word",
}
#: Names that are something else too.
_HOMONYMS = {
    "turkey": "the bird",
    "georgia": "the American state",
    "jordan": "a personal name",
    "chad": "a personal name",
    "polish": "the verb",
    "patriot": "a person who loves a country",
    "patriots": "people who love a country",
    "leopard": "the animal",
    "leopards": "animals",
    "javelin": "the sport",
    "taurus": "the sign of the zodiac",
    "grad": "a graduate",
    "washington": "a state and a name",
    "march": "the month",
    "shell": "the oil company",
    "china": "porcelain",
}
#: Of these, names with a capital in both meanings.
_CAPITALISED_TOO = frozenset("georgia jordan chad washington march shell taurus".split())
_FIELDS = ("title", "lead", "heading")
_STRAY = re.compile(r"\s[,.;:!?)]|\(\s|&\w+;")


def warnings_of(files: Dict[str, bytes]) -> tuple[Problem, ...]:
    """Warnings about files that have no problem: file name → content."""
    roots = {name: read(files[name], file=name)[0] for name in sorted(files) if name not in _OTHERS}
    lists = {name: terms for root in roots.values() for name, (_, terms) in lists_of(root).items()}
    found = {
        replace(problem, warning=True)
        for file, root in roots.items()
        for name, topic in topics_of(root)
        if isinstance(topic, Mapping)
        for problem in _topic(name.text, topic, lists, file)
    }
    if _FEEDS in files:
        listed, _ = read(files[_FEEDS], file=_FEEDS)
        found |= {replace(one, warning=True) for one in feeds.warnings(listed, file=_FEEDS)}
    return tuple(sorted(found))


def _topic(name: str, topic: Mapping, lists: Dict[str, Node], file: str) -> Iterator[Problem]:
    deciding = [
        term for key in ("any", "all", "at least") for term in _alone(topic.get(key), lists)
    ]
    for at, term in deciding:
        yield from _ambiguous(name, at, term, file)
    refused = list(_alone(topic.get("none"), lists))
    for at, term in _alone(topic.get("any"), lists):
        yield from _covered(at, term, refused, f"`none` of topic `{name}`", file)
    for _, node in walk(topic):
        if isinstance(node, Mapping):
            yield from _near(node, lists, file)
            yield from _fields(node, file)
    for written in _terms(topic, lists):
        if _STRAY.search(written.text):
            message = f"`{written.text}` can never match: no text has a blank or a sign like this"
            yield problem_at(written, message, file=file)


def _ambiguous(topic: str, at: Node, term: str, file: str) -> Iterator[Problem]:
    """Terms that decide alone and have another meaning."""
    lower = term.casefold()
    if lower in _CAPITALS and (term.isupper() or lower in ("us", "who", "it")):
        message = f"`{term}` finds {_CAPITALS[lower]} too: write `exact: {term.upper()}`"
        yield problem_at(at, message, file=file)
    elif lower in _HOMONYMS:
        in_capitals = "" if lower in _CAPITALISED_TOO else f", or `exact: {term.title()}`"
        message = (
            f"`{term}` is also {_HOMONYMS[lower]}, and decides alone for topic `{topic}`: "
            f"write it as `near` with another word{in_capitals}"
        )
        yield problem_at(at, message, file=file)


def _near(rule: Mapping, lists: Dict[str, Node], file: str) -> Iterator[Problem]:
    """Distances that say little, parts that the same rule refuses."""
    within, parts = rule.get("within"), rule.get("near")
    if isinstance(within, Scalar) and isinstance(within.value, str) and "word" in within.text:
        distance = words.distance(within.text)
        if isinstance(distance, int) and distance > _FAR:
            message = (
                f"`{within.text}` is hardly nearer than `paragraph`: "
                f"at most {_FAR} words, or `sentence`, finds what belongs together"
            )
            yield problem_at(within, message, file=file)
    refused = list(_alone(rule.get("not near"), lists))
    for at, term in _alone(parts, lists):
        yield from _covered(at, term, refused, "`not near` of the same rule", file)


def _covered(
    at: Node, term: str, refused: list[tuple[Node, str]], where: str, file: str
) -> Iterator[Problem]:
    """Phrases that hold what is refused."""
    for _, bad in refused:
        if bad.casefold() != term.casefold() and _holds(term, bad):
            message = f"`{term}` can never match: it holds `{bad}`, which stands in {where}"
            yield problem_at(at, message, file=file)
            return


def _holds(phrase: str, other: str) -> bool:
    """Whether every text with ``phrase`` has ``other`` in it."""
    there, wanted = phrase.casefold().split(), other.casefold().split()
    return any(
        all(
            fnmatchcase(word, pattern)
            for word, pattern in zip(there[n : n + len(wanted)], wanted, strict=True)
        )
        for n in range(len(there) - len(wanted) + 1)
    )


def _fields(rule: Mapping, file: str) -> Iterator[Problem]:
    """A field looked for inside another."""
    for field in _FIELDS:
        for _, node in walk(rule.get(field)):
            if not isinstance(node, Mapping):
                continue
            for other in _FIELDS:
                if other != field and {field, other} != {"lead", "heading"} and node.get(other):
                    message = f"`{other}` inside `{field}` can never match: nothing is both"
                    yield problem_at(node.key(other), message, file=file)


def _alone(node: Node | None, lists: Dict[str, Node]) -> Iterator[tuple[Node, str]]:
    """Plain phrases that hold by themselves, with the place in the topic that brings them."""
    if isinstance(node, Scalar):
        if isinstance(node.value, str):
            yield node, " ".join(node.text.split())
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _alone(item, lists)
    elif isinstance(node, Mapping):
        for key in ("any", "of", "place", "person", "organisation"):
            yield from _alone(node.get(key), lists)
        if isinstance(listed := node.get("list"), Scalar) and listed.text in lists:
            for _, term in _alone(lists[listed.text], {}):
                yield listed, term


def _terms(topic: Mapping, lists: Dict[str, Node]) -> Iterator[Scalar]:
    """Phrases of a topic wherever they stand; texts of other kinds are left out."""
    for key in ("any", "all", "none", "at least"):
        for path, node in walk(topic.get(key)):
            if isinstance(node, Scalar) and not set(path) & {"regex", "query", "within"}:
                yield node
            if isinstance(node, Mapping) and isinstance(used := node.get("list"), Scalar):
                for _, term in walk(lists.get(used.text)):
                    if isinstance(term, Scalar):
                        yield replace(term, line=used.line, column=used.column)
