"""Names of configuration files, as people say them, and hashes of their texts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from bot.domain.errors import UsageError
from bot.domain.people import Person
from bot.domain.watch import Watchlists

_SINGLE = {"feeds", "channels", "people"}
_WATCHLIST = re.compile(r"watchlists/[\w][\w .-]{0,99}\.ya?ml\Z")


def file_of(kind: str) -> str:
    """``feeds`` → ``feeds.yaml``; ``watchlists/security`` → ``watchlists/security.yaml``.

    Raises:
        UsageError: no file of the configuration is meant; nothing outside it can be named.
    """
    name = kind.strip()
    if name in _SINGLE:
        return f"{name}.yaml"
    if name.removesuffix(".yaml") in _SINGLE:
        return name
    if "/" not in name:
        name = f"watchlists/{name}"
    if not name.endswith((".yaml", ".yml")):
        name += ".yaml"
    if ".." in name or not _WATCHLIST.match(name):
        raise UsageError(
            f"{kind!r} is no file of the configuration: feeds, channels, people, watchlists/NAME"
        )
    return name


def hash_of(content: bytes | None) -> str:
    """Short hash of a text; empty for a file that is not there."""
    return "" if content is None else hashlib.sha256(content).hexdigest()[:16]


def reading_version(watchlists: Watchlists, people: tuple[Person, ...]) -> str:
    """Names what articles are read by; other files may change without compiling anew."""
    known = hash_of("\n".join(map(repr, people)).encode())
    return f"{watchlists.version}.{known}"


def hashes_of(files: Mapping[str, bytes]) -> dict[str, str]:
    """Name → hash, in the order of names."""
    return {name: hash_of(files[name]) for name in sorted(files)}
