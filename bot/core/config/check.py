"""A file's tree held against its shape: pydantic's errors as problems with places and fixes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.core.config.closest import closest, or_similar
from bot.core.config.rules import NO_RULE, RULE_KEYS
from bot.core.config.shapes import Shape
from bot.core.config.tree import (
    Mapping,
    Node,
    Path,
    Scalar,
    Sequence,
    find,
    plain,
    problem_at,
    walk,
)
from bot.domain.errors import Problem

#: Problems told of one file; the rest is counted.
MAX_PROBLEMS = 100
#: Keys people expect and that are not there.
_NOT_SUPPORTED = {
    "organization": "write `organisation`",
    "needs": "it stands beside `regex`",
    "words": "write `only: {words: 150+}`",
    "not": "write `none: [...]`",
    "of": "it stands beside `times`",
    "sources": "write `only: {sources: [...]}` under a topic",
    "shadow": "leave it out",
    "none": "`none` stands under a topic, or beside `any` or `all`",
    "<<": "write the keys out",
}
_S = TypeVar("_S", bound=Shape)


def check(shape: type[_S], root: Node | None, *, file: str) -> tuple[_S | None, list[Problem]]:
    """The file as its shape, or None and every problem."""
    if root is None or (isinstance(root, Scalar) and root.value is None):
        return None, [Problem(file=file, message="the file is empty; it begins with `format: 1`")]
    if not isinstance(root, Mapping):
        message = "the file is one mapping that begins with `format: 1`"
        return None, [problem_at(root, message, file=file)]
    empty = list(_empty(root, file=file))
    try:
        value = shape.model_validate(plain(root))
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
    else:
        return (None if empty else value), empty
    problems = empty + [
        _problem(detail, shape, root, file=file) for detail in details[:MAX_PROBLEMS]
    ]
    if len(details) > MAX_PROBLEMS:
        message = f"and {len(details) - MAX_PROBLEMS} more problems in this file"
        problems.append(Problem(file=file, line=root.line, column=root.column, message=message))
    return None, problems


def _empty(root: Node, *, file: str) -> Iterator[Problem]:
    """Keys with nothing after them: whoever wrote them meant something."""
    for _, node in walk(root):
        for key, value in node.pairs if isinstance(node, Mapping) else ():
            if isinstance(value, Scalar) and value.value is None:
                yield problem_at(key, _no_value(key.text), file=file)


def _no_value(key: str) -> str:
    return f"`{key}` has no value: write one, or remove the key ({_COMMENT})"


_COMMENT = "text after ` #` is a comment, unless quotes hold it"


def _problem(detail: ErrorDetails, shape: type[Shape], root: Node, *, file: str) -> Problem:
    """One error of pydantic at its place in the file."""
    path = _path(detail["loc"], root)
    key = str(detail["loc"][-1]) if detail["loc"] else ""
    if detail["type"] == "extra_forbidden":
        parent = find(root, path[:-1])
        at = parent.key(key) if isinstance(parent, Mapping) else parent
        return problem_at(at, _unknown_key(key, _keys(shape, detail["loc"])), file=file)
    node = find(root, path)
    if detail["type"] == "missing":
        return problem_at(node, f"`{key}` is missing here{_FIX.get(key, '')}", file=file)
    if key == "[key]":
        parent, name = find(root, path[:-1]), str(path[-1])
        at = parent.key(name) if isinstance(parent, Mapping) else parent
        return problem_at(at, "a name of 1 to 120 characters is needed", file=file)
    if isinstance(node, Scalar) and node.value is None and isinstance(path[-1], str):
        parent = find(root, path[:-1])
        at = parent.key(path[-1]) if isinstance(parent, Mapping) else node
        return problem_at(at, _no_value(path[-1]), file=file)
    return problem_at(node, _message(detail, node, path), file=file)


_FIX = {"format": ": begin the file with `format: 1`"}


def _path(loc: tuple[int | str, ...], root: Node) -> Path:
    """The parts of a pydantic location that stand in the file, names of branches left out."""
    path: list[int | str] = []
    node: Node | None = root
    for index, step in enumerate(loc):
        below = find(node, (step,))
        if below is not None:
            path.append(step)
            node = below
        elif index == len(loc) - 1 and isinstance(node, Mapping) and node.key(str(step)):
            path.append(step)
    return tuple(path)


def _unknown_key(key: str, known: tuple[str, ...]) -> str:
    meant = closest(key, known)
    if key in _NOT_SUPPORTED and key not in known:
        return f"`{key}` is not supported here: {_NOT_SUPPORTED[key]}"
    if key in RULE_KEYS and known and set(known) <= set(RULE_KEYS):
        return f"`{key}` is a rule of its own: begin it on a line with `- `"
    if meant is None and ":" in key:
        return f"unknown key `{key}`: write a blank after the `:`"
    return f"unknown key `{key}`{or_similar(key, known)}"


def _keys(shape: type[BaseModel], loc: tuple[int | str, ...]) -> tuple[str, ...]:
    """Keys of the shape that the last part of ``loc`` was looked for in."""
    shapes: tuple[type[BaseModel], ...] = (shape,)
    for step in loc[:-1]:
        if isinstance(step, str) and step.startswith("="):
            shapes = tuple(s for s in shapes if set(_aliases(s)) & _keys_of_tag(step)) or shapes
            continue
        for candidate in shapes:
            fields = candidate.model_fields
            name = next((n for n, f in fields.items() if (f.alias or n) == step), None)
            if name is not None:
                inner = tuple(_shapes(fields[name].annotation))
                shapes = inner or shapes
                break
    return tuple(key for candidate in shapes for key in _aliases(candidate))


def _keys_of_tag(tag: str) -> set[str]:
    return {"any", "all"} if tag == "=group" else {tag[1:]}


def _aliases(shape: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in shape.model_fields.items()]


def _shapes(annotation: Any) -> Iterator[type[BaseModel]]:
    """Shapes named in a type."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _shapes(inner)


def _message(detail: ErrorDetails, node: Node | None, path: Path) -> str:
    """What is wrong with a value, and the fix."""
    kind, context = detail["type"], detail.get("ctx", {})
    key = next((str(step) for step in reversed(path) if isinstance(step, str)), "")
    if kind == "value_error":
        return str(context["error"])
    if kind == NO_RULE:
        return _no_rule(node, detail["msg"])
    if isinstance(node, Scalar) and node.value is None:
        return _no_value(key)
    if kind == "string_type":
        return _no_text(node, key)
    if kind == "list_type":
        return f"a list is needed: {_as_list(node, key)}"
    if kind in ("model_type", "dict_type", "model_attributes_type"):
        return f"keys with values are needed here: {_as_keys(node, key)}"
    if kind in _NUMBERS:
        return f"{_NUMBERS[kind]} is needed here"
    if kind == "too_short":
        least = context.get("min_length", 1)
        return f"`{key}` needs at least {least} {'entry' if least == 1 else 'entries'}"
    if kind == "too_long":
        return f"`{key}` has more than {context['max_length']} entries"
    if kind == "literal_error":
        return f"must be {context['expected']}"
    return detail["msg"].replace("Input should be", "must be").replace("String should", "must")


def _as_list(node: Node | None, key: str) -> str:
    if not isinstance(node, Scalar):
        return "begin each entry with `- `"
    if node.text.startswith("-"):
        return "write a blank after the `-`"
    if key == "topics" and node.text.lower() in ("all", "every topic"):
        return "for every topic leave `topics` out"
    return f"write `{key}: [{node.text}]`"


def _as_keys(node: Node | None, key: str) -> str:
    if isinstance(node, Sequence):
        return "remove the `-`"
    if isinstance(node, Scalar) and re.match(r"https?://", node.text):
        return f"write `url: {node.text}`"
    if isinstance(node, Scalar) and re.match(r"[\w ]+:\S", node.text):
        return "write a blank after the `:`"
    return f"write them under `{key}:`"


def _no_text(node: Node | None, key: str) -> str:
    if isinstance(node, Scalar):
        wanted = _WANTED.get(key, f'"{node.text}"')
        return f"`{node.text}` is read as {_KIND[type(node.value)]}: write {wanted}"
    return "a text is needed here, not a list or keys"


#: How to write what people write as a bare number.
_WANTED = {
    "within": "`8 words`",
    "words": "`150+`",
    "interval": "`15 minutes`",
    "max size": "`15 MiB`",
    "at": '`"07:30"`',
    "since": "`2024-10-01`",
    "until": "`2024-10-01`",
}
_NUMBERS = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
}
_KIND = {int: "a number", float: "a number", bool: "true or false", str: "a text"}


def _no_rule(node: Node | None, where: str) -> str:
    """Why something is no word, phrase or known rule."""
    if isinstance(node, Scalar):
        if node.value is None:
            return f"an empty rule: remove it ({_COMMENT})"
        return _no_text(node, "")
    if isinstance(node, Mapping) and node.pairs:
        key = node.pairs[0][0].text
        if key in _NOT_SUPPORTED:
            return f"`{key}` is not supported here: {_NOT_SUPPORTED[key]}"
        if key in RULE_KEYS:
            return f"`{key}` cannot stand {where}"
        meant = closest(key, RULE_KEYS)
        if meant is not None:
            return f"unknown key `{key}` (did you mean `{meant}`?)"
        return f"`{key}` begins no rule: put quotes round a text with `: ` in it"
    return "a word, a phrase or a rule is needed, not a list in a list"
