"""YAML bytes as a tree of nodes that know where they stand.

Scalars follow YAML 1.2: ``NO``, ``on``, ``yes``, ``12:30`` and ``2025-05-06`` are text; only
``true``, ``false``, ``null`` and numbers are not. Size, depth and number of nodes are bounded, and
an alias counts as everything it stands for, so a hostile file costs its own result only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from bot.core.config.syntax import undecodable, unknown_alias, unknown_tag, unparsable
from bot.domain.errors import Problem

#: Bounds of one file.
MAX_BYTES = 512 * 1024
MAX_NODES = 50_000
#: A file may be so many times as large where it is a long plain list.
LONG = 8
MAX_DEPTH = 24

_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]{1,18}|[0-9]{1,18}(?:\.[0-9]{0,18})?)(?:[eE][-+]?[0-9]{1,2})?")
_STR_TAG = "tag:yaml.org,2002:str"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """Text, a number, true, false or nothing."""

    #: From 1.
    line: int
    column: int
    value: str | int | float | bool | None
    #: As written, quotes and escapes resolved.
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """A list."""

    line: int
    column: int
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """Keys with their values, in the order of the file; a repeated key is left out."""

    line: int
    column: int
    pairs: tuple[tuple[Scalar, Node], ...]

    def get(self, key: str) -> Node | None:
        """The value of ``key``, or None."""
        return next((value for name, value in self.pairs if name.text == key), None)

    def key(self, key: str) -> Scalar | None:
        """Where ``key`` itself stands, or None."""
        return next((name for name, _ in self.pairs if name.text == key), None)


Node: TypeAlias = Scalar | Sequence | Mapping
#: Steps from the root: keys and positions in lists.
Path: TypeAlias = tuple[str | int, ...]


def read(data: bytes, *, file: str, long: bool = False) -> tuple[Node | None, tuple[Problem, ...]]:
    """The root node of a file, None where it cannot be read or is empty, and what is wrong.

    Args:
        data: The file.
        file: Its name, for the problems.
        long: Whether it may be ``LONG`` times as large as others.
    """
    times = LONG if long else 1
    if len(data) > MAX_BYTES * times:
        message = f"the file is larger than {MAX_BYTES * times // 1024} kB; split it"
        return None, (Problem(file=file, message=message),)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return None, (undecodable(data, error.start, file=file),)
    builder = _Builder(file, most=MAX_NODES * times)
    try:
        root = builder.document(YAML(typ="safe", pure=True).parse(text))
    except _GiveUp as stop:
        return None, (*builder.problems, stop.problem)
    except YAMLError as error:
        return None, (*builder.problems, unparsable(error, text, file=file))
    except (ValueError, IndexError, AttributeError, TypeError, AssertionError, RecursionError):
        # The pure-Python scanner trips over some byte salads instead of refusing them.
        return None, (*builder.problems, Problem(file=file, message="this is not a YAML file"))
    return root, tuple(builder.problems)


def plain(node: Node) -> Any:
    """The node as dictionaries, lists and values."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {key.text: plain(value) for key, value in node.pairs}


def walk(node: Node | None, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """The node and everything below it, parents first."""
    if node is None:
        return
    yield path, node
    if isinstance(node, Sequence):
        for index, item in enumerate(node.items):
            yield from walk(item, (*path, index))
    elif isinstance(node, Mapping):
        for key, value in node.pairs:
            yield from walk(value, (*path, key.text))


def find(node: Node | None, path: Path) -> Node | None:
    """What stands at ``path`` below ``node``, None if nothing does."""
    for step in path:
        if isinstance(node, Mapping) and isinstance(step, str):
            node = node.get(step)
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            return None
    return node


def problem_at(node: Node | None, message: str, *, file: str) -> Problem:
    """A problem where ``node`` begins."""
    line, column = (node.line, node.column) if node is not None else (0, 0)
    return Problem(file=file, line=line, column=column, message=message)


class _GiveUp(Exception):
    """The file is not worth reading on."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class _Builder:
    """Events of the parser, one by one, to nodes."""

    def __init__(self, file: str, *, most: int) -> None:
        self.file = file
        self.most = most
        self.problems: list[Problem] = []
        #: Name → node and how many nodes it holds.
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.nodes = 0
        self.depth = 0

    def document(self, events: Iterator[Event]) -> Node | None:
        """The one document of the stream."""
        root: Node | None = None
        seen = False
        for event in events:
            if isinstance(event, DocumentStartEvent):
                if seen:
                    raise self._give_up(
                        event, "a second document begins here; a file holds one: remove the `---`"
                    )
                seen = True
                root = self.node(next(events), events)
        return root

    def node(self, event: Event, events: Iterator[Event]) -> Node:
        """The node that ``event`` begins."""
        self._count(event, 1)
        if isinstance(event, AliasEvent):
            return self._alias(event)
        before = self.nodes
        node: Node
        if isinstance(event, ScalarEvent):
            node = self._scalar(event)
        else:
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise self._give_up(event, f"nested more than {MAX_DEPTH} deep")
            if isinstance(event, SequenceStartEvent):
                node = self._sequence(event, events)
            else:
                node = self._mapping(event, events)
            self.depth -= 1
        if isinstance(event, NodeEvent) and event.anchor:
            self.anchors[event.anchor] = node, self.nodes - before + 1
        return node

    def _sequence(self, event: Event, events: Iterator[Event]) -> Sequence:
        self._tag(event)
        line, column = _place(event)
        items = []
        for inner in events:
            if isinstance(inner, SequenceEndEvent):
                break
            items.append(self.node(inner, events))
        return Sequence(line=line, column=column, items=tuple(items))

    def _mapping(self, event: Event, events: Iterator[Event]) -> Mapping:
        if not isinstance(event, MappingStartEvent):
            raise self._give_up(event, "this is not a YAML file")
        self._tag(event)
        line, column = _place(event)
        pairs: dict[str, tuple[Scalar, Node]] = {}
        for inner in events:
            if isinstance(inner, MappingEndEvent):
                break
            key = self.node(inner, events)
            value = self.node(next(events), events)
            if not isinstance(key, Scalar):
                self.problems.append(
                    problem_at(key, "a key must be plain text, not a list", file=self.file)
                )
            elif key.text in pairs:
                first = pairs[key.text][0].line
                message = (
                    f"`{key.text}` stands here a second time (first on line {first}); "
                    "merge the two or remove one"
                )
                self.problems.append(problem_at(key, message, file=self.file))
            else:
                pairs[key.text] = key, value
        return Mapping(line=line, column=column, pairs=tuple(pairs.values()))

    def _scalar(self, event: ScalarEvent) -> Scalar:
        line, column = _place(event)
        tag = str(event.tag) if event.tag else ""
        value: str | int | float | bool | None = event.value
        if tag not in ("", _STR_TAG, "!"):
            self.problems.append(unknown_tag(line, column, file=self.file))
            value = event.value or "text"
        elif not tag and event.implicit[0]:
            value = _resolve(event.value)
        return Scalar(line=line, column=column, value=value, text=event.value)

    def _tag(self, event: Any) -> None:
        if event.tag and str(event.tag) not in (
            "tag:yaml.org,2002:map",
            "tag:yaml.org,2002:seq",
        ):
            line, column = _place(event)
            self.problems.append(unknown_tag(line, column, file=self.file))

    def _alias(self, event: AliasEvent) -> Node:
        name = event.anchor or ""
        if name not in self.anchors:
            line, column = _place(event)
            self.problems.append(unknown_alias(name, line, column, file=self.file))
            return Scalar(line=line, column=column, value=name or "*", text=name)
        node, size = self.anchors[name]
        self._count(event, size)
        return node

    def _count(self, event: Event, nodes: int) -> None:
        self.nodes += nodes
        if self.nodes > self.most:
            raise self._give_up(event, f"more than {self.most} entries in one file; split it")

    def _give_up(self, event: Event, message: str) -> _GiveUp:
        line, column = _place(event)
        return _GiveUp(Problem(file=self.file, line=line, column=column, message=message))


def _place(event: Event) -> tuple[int, int]:
    """Line and column of an event, from 1."""
    return event.start_mark.line + 1, event.start_mark.column + 1


def _resolve(text: str) -> str | int | float | bool | None:
    """An unquoted scalar's value."""
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
