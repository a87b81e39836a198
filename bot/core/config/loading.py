"""All files of the configuration folder → one Configuration, or every problem in them at once.

bytes → tree → shape → checks across entries and files → examples → values
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import TypeAlias, TypeVar

from bot.core.config import channels, consistency, feeds, people
from bot.core.config.check import check
from bot.core.config.shapes import Shape
from bot.core.config.tree import Node, Scalar, find, problem_at, read, walk
from bot.core.config.watchlists import WatchlistShape, lists_of, topics_of
from bot.domain.channels import CONSOLE, Configuration
from bot.domain.errors import ConfigError, Problem
from bot.domain.watch import Topic, Watchlists

_S = TypeVar("_S", bound=Shape)
_Checks: TypeAlias = Callable[..., Iterable[Problem]]
FEEDS, CHANNELS, PEOPLE, FOLDER = "feeds.yaml", "channels.yaml", "people.yaml", "watchlists/"
_MAX_MESSAGE = 400


def load(files: Mapping[str, bytes], *, check_examples: bool = True) -> Configuration:
    """The configuration in ``files``: path relative to the folder → content.

    ``check_examples=False`` skips running the topics' examples, and with it the import of spaCy.

    Raises:
        ConfigError: with every problem of every file.
    """
    configuration, problems = _load(files, check_examples=check_examples)
    if configuration is None or problems:
        raise ConfigError(problems)
    return configuration


def problems_of(files: Mapping[str, bytes]) -> tuple[Problem, ...]:
    """Every problem of every file, in the order of files and lines."""
    return _load(files, check_examples=True)[1]


def watchlists_of(files: Mapping[str, bytes], *, check_examples: bool = True) -> Watchlists:
    """The topics in watchlist files alone: file name → content.

    Raises:
        ConfigError: with every problem of every file.
    """
    topics, problems, _ = _watchlists(files, check_examples=check_examples)
    if not files:
        problems.append(Problem(file=".", message="no watchlist: no .yaml file here"))
    if problems:
        raise ConfigError(_told(problems))
    return Watchlists(topics=topics, version=version(files))


def version(files: Mapping[str, bytes]) -> str:
    """Short hash of names and contents, the order left out."""
    whole = hashlib.sha256()
    for name in sorted(files):
        content = hashlib.sha256(files[name]).hexdigest()
        whole.update(f"{name.removeprefix(FOLDER)}\0{content}\0".encode())
    return whole.hexdigest()[:12]


def _load(
    files: Mapping[str, bytes], *, check_examples: bool
) -> tuple[Configuration | None, tuple[Problem, ...]]:
    """The configuration, or None and every problem."""
    lists = {name: data for name, data in files.items() if _is_watchlist(name)}
    topics, problems, names = _watchlists(lists, check_examples=check_examples)
    for name in files.keys() - lists.keys() - {FEEDS, CHANNELS, PEOPLE}:
        message = "not a file of the configuration: feeds, channels, people, watchlists/*.yaml"
        problems.append(Problem(file=name, message=message))
    if FEEDS not in files:
        problems.append(Problem(file=FEEDS, message="the file is missing"))
    fed, found = _file(files, FEEDS, feeds.FeedsShape, feeds.checks)
    problems += found
    peopled, found = _file(files, PEOPLE, people.PeopleShape, people.checks)
    problems += found
    channel_checks = partial(channels.checks, topics=names)
    channelled, found = _file(files, CHANNELS, channels.ChannelsShape, channel_checks)
    problems += found
    if problems or fed is None:
        return None, _told(problems)
    places, fallback, admin_channel = channelled.value() if channelled else ((), CONSOLE, None)
    return (
        Configuration(
            feeds=fed.value(),
            channels=places,
            people=peopled.value() if peopled else (),
            watchlists=Watchlists(topics=topics, version=version(lists)),
            fallback=fallback,
            admin_channel=admin_channel,
            version=version(files),
        ),
        (),
    )


def _file(
    files: Mapping[str, bytes], name: str, shape: type[_S], checks: _Checks
) -> tuple[_S | None, list[Problem]]:
    """One file as its shape; None if it is not there or something is wrong with it."""
    if name not in files:
        return None, []
    root, problems = read(files[name], file=name, long=name == FEEDS)
    if root is None and problems:
        return None, list(problems)
    value, found = check(shape, root, file=name)
    return value, [*problems, *found, *checks(root, file=name)]


def _watchlists(
    files: Mapping[str, bytes], *, check_examples: bool
) -> tuple[tuple[Topic, ...], list[Problem], tuple[str, ...] | None]:
    """Topics, problems, and names of topics even of files that are wrong.

    The names are None when a file cannot be read at all: then nobody knows them.
    """
    problems: list[Problem] = []
    roots: dict[str, Node | None] = {}
    for name in sorted(files):
        roots[name], found = read(files[name], file=name)
        problems += found
    unknown = any(root is None for root in roots.values())
    shapes: list[tuple[str, WatchlistShape, Node]] = []
    for name, root in roots.items():
        if root is None and any(problem.file == name for problem in problems):
            continue
        shape, wrong = check(WatchlistShape, root, file=name)
        elsewhere = None if unknown else _lists_beside(name, roots)
        problems += [*wrong, *consistency.checks(root, file=name, elsewhere=elsewhere)]
        if shape is not None and root is not None:
            shapes.append((name, shape, root))
    problems += [*_doubled(roots), *_doubled_lists(roots)]
    topics: list[Topic] = []
    if not problems:
        lists = {name: terms for _, shape, _ in shapes for name, terms in shape.own_lists().items()}
        for name, shape, root in shapes:
            topics += shape.value(root, file=name, lists=lists)
    if not problems and check_examples:
        problems += _failed_examples(Watchlists(topics=tuple(topics), version=""), roots)
    names = None if unknown else tuple(n.text for r in roots.values() for n, _ in topics_of(r))
    return tuple(topics), problems, names


def _doubled(roots: Mapping[str, Node | None]) -> Iterator[Problem]:
    """Topics with a name that an earlier file has, or the same name in another case."""
    seen: dict[str, str] = {}
    for file, root in roots.items():
        for name, _ in topics_of(root):
            first = seen.setdefault(name.text.casefold(), f"{file}:{name.line}")
            if first != f"{file}:{name.line}":
                message = f"topic `{name.text}` stands in {first} already; give it another name"
                yield problem_at(name, message, file=file)


def _doubled_lists(roots: Mapping[str, Node | None]) -> Iterator[Problem]:
    """Lists with a name that an earlier file has: all files share them."""
    seen: dict[str, str] = {}
    for file, root in roots.items():
        for name, _ in lists_of(root).values():
            first = seen.setdefault(name.text, f"{file}:{name.line}")
            if first != f"{file}:{name.line}":
                message = f"list `{name.text}` stands in {first} already; give it another name"
                yield problem_at(name, message, file=file)


def _lists_beside(file: str, roots: Mapping[str, Node | None]) -> dict[str, Node]:
    """The lists of all files but one."""
    return {
        name: terms
        for other, root in roots.items()
        if other != file
        for name, (_, terms) in lists_of(root).items()
    }


def _failed_examples(topics: Watchlists, roots: Mapping[str, Node | None]) -> Iterator[Problem]:
    """Examples that come out otherwise than their place says."""
    from bot.core.matching import failed_examples  # which only a check needs

    for failed in failed_examples(topics):
        examples = find(roots[failed.file], ("topics", failed.topic, "examples"))
        at = next(
            (n for _, n in walk(examples) if isinstance(n, Scalar) and n.text == failed.example),
            None,
        )
        if at is None:
            yield Problem(file=failed.file, line=failed.line, column=1, message=failed.message)
        else:
            yield problem_at(at, failed.message, file=failed.file)


def _is_watchlist(name: str) -> bool:
    return name.startswith(FOLDER) and name.endswith((".yaml", ".yml"))


def _told(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems in order, each once, on one line of bearable length."""
    told = set()
    for problem in problems:
        message = " ".join(problem.message.split())
        if len(message) > _MAX_MESSAGE:
            message = message[:_MAX_MESSAGE] + "…"
        told.add(replace(problem, message=message))
    return tuple(sorted(told))
