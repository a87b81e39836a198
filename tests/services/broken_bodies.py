"""Bodies that no platform sends, for every door."""

from __future__ import annotations

from random import Random
from typing import Any

#: What nobody may find anywhere: not in an answer, not in the log.
MARK = "zebra-crossing"

#: Bodies that are no text, no JSON or no object.
BROKEN = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'"\\ud800"',
    b"[" * 50_000,
    b'{"type":' * 20_000,
    b"payload=%7B",
    b"payload=%ff",
    b"payload=[]",
    b"&" * 5_000,
    b"\xff\xfe\x00" + MARK.encode(),
    bytes.fromhex("1f8b080000000000000303000000000000000000"),
]

#: Values of content-type headers.
TYPES = [
    [b"application/json"],
    [b"application/x-www-form-urlencoded"],
    [b"application/json; charset=utf-16"],
    [b"multipart/form-data; boundary=x"],
    [b"text/plain"],
    [b""],
    [],
    [b"application/json", b"application/x-www-form-urlencoded"],
    [b"application/j\xe9son"],
]


_ODD: list[Any] = [None, 0, -1.5, True, "", "x", [], [None], [{}], {}, {"id": 7}, "é" * 300, 10**40]


def bent(payload: Any, random: Random) -> Any:
    """``payload`` with one of its parts missing, or odd."""
    if not isinstance(payload, dict | list) or not payload or random.random() < 0.15:
        return random.choice(_ODD)
    copy = payload.copy()
    place = random.choice(list(copy) if isinstance(copy, dict) else range(len(copy)))
    if random.random() < 0.2:
        del copy[place]
    else:
        copy[place] = bent(copy[place], random)
    return copy
