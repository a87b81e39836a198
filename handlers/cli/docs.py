"""The JSONL contract: one doc a line in, one object a line out, never stopping at a bad line.

A *doc* is ``{"id", "title", "source", "published", "url", "text"}``; only ``id`` and ``text``
are required. Offsets in answers are half-open character offsets into ``text`` as given. Half a
surrogate pair, which no output could hold, is read as one replacement character.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, datetime
from typing import Any, TextIO

from bot.domain.controls import tame
from bot.domain.times import from_iso
from handlers.cli.progress import counted

#: One object of the contract on its way out.
Line = dict[str, Any]

_log = logging.getLogger("nato_brief.docs")

_HALF_A_PAIR = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class InputDoc:
    """One doc as given."""

    id: str
    text: str
    title: str = ""
    source: str = ""
    url: str = ""
    published: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BadLine:
    """A line that is no doc, and why."""

    id: str | None
    error: str

    def line(self) -> Line:
        """As reported on standard output."""
        return {"id": self.id, "error": self.error}


def parse_line(text: str, *, required: tuple[str, ...] = ("id", "text")) -> Line | BadLine:
    """The object on one line, if it has what is required.

    Args:
        text: One line of JSONL.
        required: Keys that must hold a string.
    """
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        return BadLine(id=None, error=f"not JSON: {error}")
    if not isinstance(given, dict):
        return BadLine(id=None, error="not a JSON object")
    given = {
        k: _HALF_A_PAIR.sub("\ufffd", v) if isinstance(v, str) else v for k, v in given.items()
    }
    name = given.get("id")
    if isinstance(name, int) and not isinstance(name, bool):
        given["id"] = name = str(name)
    known = name if isinstance(name, str) else None
    for key in required:
        if not isinstance(given.get(key), str):
            return BadLine(id=known, error=f'"{key}" is missing or no string')
    return given


def parse_doc(text: str) -> InputDoc | BadLine:
    """The doc on one line."""
    given = parse_line(text)
    if isinstance(given, BadLine):
        return given
    for key in ("title", "source", "url", "published"):
        if not isinstance(given.get(key) or "", str):
            return BadLine(id=given["id"], error=f'"{key}" is no string')
    try:
        published = from_iso(given["published"]) if given.get("published") else None
        if published is not None and published.year == MAXYEAR:
            raise ValueError("nothing could come later")
    except ValueError:
        return BadLine(
            id=given["id"], error=f'"published" is no ISO 8601 time: {given["published"]!r}'
        )
    return InputDoc(
        id=given["id"],
        text=given["text"],
        title=given.get("title") or "",
        source=given.get("source") or "",
        url=given.get("url") or "",
        published=published,
    )


def lines_in(stream: TextIO | None = None) -> Iterator[str]:
    """Lines of standard input that hold something; broken UTF-8 becomes replacement characters."""
    if stream is None:
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
        stream = sys.stdin
    return (line for line in stream if line.strip())


def emit(value: object) -> None:
    """Write one value as JSON, at once: a reader at the end of a pipe may be waiting for it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    sys.stdout.write(f"{tame(text)}\n")
    sys.stdout.flush()


def each_doc(answer: Callable[[InputDoc], Line]) -> None:
    """Answer each doc on standard input, in order, each before the next is read."""
    for text in counted(lines_in()):
        doc = parse_doc(text)
        emit(doc.line() if isinstance(doc, BadLine) else _answered(doc, answer))


def _answered(doc: InputDoc, answer: Callable[[InputDoc], Line]) -> Line:
    """The answer to one doc; a bug that it brings out costs this doc only."""
    try:
        return answer(doc)
    except Exception as error:  # noqa: BLE001 - where a doc's troubles end
        _log.exception("docs.failed id=%s", doc.id)
        return BadLine(id=doc.id, error=f"cannot be read: {error!r}").line()
