"""Domain values as bytes: one version byte, then zstd over msgpack.

Field names are stored, so a field may be added with a default and old records still decode.
"""

from __future__ import annotations

import threading
from functools import cache
from typing import Any, Final, TypeVar, cast

import msgspec
import zstandard

from bot.domain.errors import Permanent

T = TypeVar("T")

#: First byte: msgpack in one zstd frame, no dictionary.
_VERSION: Final = b"\x01"
#: On texts of some kilobytes the third level saves 2 % more, and costs a third more.
_LEVEL: Final = 1


class _Zstd(threading.local):
    """What packs and unpacks: dear to make, good for any number of values, of one thread only."""

    def __init__(self) -> None:
        self.compress: Final = zstandard.ZstdCompressor(level=_LEVEL).compress
        self.decompress: Final = zstandard.ZstdDecompressor().decompress


_zstd: Final = _Zstd()


def encode(value: object) -> bytes:
    """``value``, a domain dataclass or a tuple of them, as bytes."""
    return _VERSION + _zstd.compress(msgspec.msgpack.encode(value))


def decode(data: bytes, type_: type[T]) -> T:
    """The value of ``type_`` that ``encode`` wrote.

    Raises:
        Permanent: the bytes are of another version or of another type.
    """
    if data[:1] != _VERSION:
        raise Permanent(f"a {_name(type_)} stored in unknown format {data[:1]!r}")
    try:
        value = _decoder(cast("Any", type_)).decode(_zstd.decompress(data[1:]))
    except (zstandard.ZstdError, msgspec.MsgspecError, ValueError) as error:
        raise Permanent(f"not a stored {_name(type_)}: {error}") from error
    return cast("T", value)


@cache
def _decoder(type_: Any) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(type_)


def _name(type_: object) -> str:
    return getattr(type_, "__name__", str(type_))
