"""A file's tree held against its shape: pydantic's errors as problems with places and fixes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.core.config.closest import closest, or_similar
from bot.core.config.rules import NO_RULE, RULE_KEYS
from bot.core.config.shapes import Shape
from bot.core.config.tree import Mapping, Node, Path, Scalar, Sequence, find, plain, problem_at
from bot.domain.errors import Problem

#: Problems told of one file; the rest is counted.
MAX_PROBLEMS = 100
#: Keys people expect and that are not there.
_NOT_SUPPORTED = {
    "regex": "write the words as phrases, with `*` at their end",
    "query": "write it with `any`, `all` and `none`",
    "not near": "write the words under `none`",
    "words": "leave it out",
    "person": "write the names as phrases",
    "organisation": "write the names as phrases",
    "place": "write the names as phrases",
    "times": "write `at least: {times: 2, of: [...]}`",
    "sources": "choose by `tiers`, `languages` or `countries`",
    "shadow": "leave it out",
    "none": "`none` stands directly under a topic",
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
    try:
        return shape.model_validate(plain(root)), []
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
    problems = [_problem(detail, shape, root, file=file) for detail in details[:MAX_PROBLEMS]]
    if len(details) > MAX_PROBLEMS:
        message = f"and {len(details) - MAX_PROBLEMS} more problems in this file"
        problems.append(Problem(file=file, line=root.line, column=root.column, message=message))
    return None, problems


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
        return f"`{key}` has no value (text after ` #` is a comment: quotes keep it)"
    if kind == "string_type":
        return _no_text(node)
    if kind == "list_type":
        written = node.text if isinstance(node, Scalar) else "..."
        return f"a list is needed: write `{key}: [{written}]`"
    if kind in ("model_type", "dict_type", "model_attributes_type"):
        fix = "remove the `-`" if isinstance(node, Sequence) else f"write keys under `{key}:`"
        return f"keys with values are needed here: {fix}"
    if kind == "too_short":
        least = context.get("min_length", 1)
        return f"`{key}` needs at least {least} {'entry' if least == 1 else 'entries'}"
    if kind == "too_long":
        return f"`{key}` has more than {context['max_length']} entries"
    if kind == "literal_error":
        return f"must be {context['expected']}"
    return detail["msg"].replace("Input should be", "must be").replace("String should", "must")


def _no_text(node: Node | None) -> str:
    if isinstance(node, Scalar):
        return f'`{node.text}` is read as {_KIND[type(node.value)]}: write "{node.text}"'
    return "a text is needed here, not a list or keys"


_KIND = {int: "a number", float: "a number", bool: "true or false", str: "a text"}


def _no_rule(node: Node | None, where: str) -> str:
    """Why something is no word, phrase or known rule."""
    if isinstance(node, Scalar):
        if node.value is None:
            return "an empty rule: remove it (text after ` #` is a comment: quotes keep it)"
        return _no_text(node)
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
