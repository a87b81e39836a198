"""Domain values as bytes: one version byte, then msgpack, in zstd where that saves something.

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

#: First byte: msgpack in one zstd frame, no dictionary; msgpack as it is.
_PACKED: Final = b"\x01"
_PLAIN: Final = b"\x02"
#: Bytes below which packing saves a quarter at most and takes longer than all the rest.
_SMALL: Final = 512
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
    data = msgspec.msgpack.encode(value)
    return _PLAIN + data if len(data) < _SMALL else _PACKED + _zstd.compress(data)


def decode(data: bytes, type_: type[T]) -> T:
    """The value of ``type_`` that ``encode`` wrote.

    Raises:
        Permanent: the bytes are of another version or of another type.
    """
    version, packed = data[:1], data[1:]
    if version not in (_PACKED, _PLAIN):
        raise Permanent(f"a {_name(type_)} stored in unknown format {version!r}")
    try:
        plain = _zstd.decompress(packed) if version == _PACKED else packed
        value = _decoder(cast("Any", type_)).decode(plain)
    except (zstandard.ZstdError, msgspec.MsgspecError, ValueError) as error:
        raise Permanent(f"not a stored {_name(type_)}: {error}") from error
    return cast("T", value)


@cache
def _decoder(type_: Any) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(type_)


def _name(type_: object) -> str:
    return getattr(type_, "__name__", str(type_))
