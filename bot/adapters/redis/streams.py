"""The streams, the group that works on each, and how their entries read as values.

entries     read      rev = revision, d = Entry
articles    desk      t = a, d = Article  |  t = g, d = DigestDue as JSON
                      |  t = c, d = ConfigurationChanged as JSON
                      |  t = s, d = SpeakerCorrected as JSON
kept        —         t = a, d = Article
deliveries  deliver   k = post key
jobs        jobs      d = ShareReply
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias, TypeVar

import msgspec

from bot.adapters.redis.codec import decode
from bot.adapters.redis.keys import ARTICLES_MS, KEPT_MS
from bot.domain.errors import Permanent
from bot.domain.jobs import ShareReply
from bot.domain.ledger import SpeakerCorrected
from bot.domain.news import Article, Entry, Record
from bot.domain.posts import PostKey
from bot.domain.stories import DigestDue
from bot.domain.times import from_ms
from bot.domain.versions import ConfigurationChanged

T = TypeVar("T")

ENTRIES: Final = "entries"
ARTICLES: Final = "articles"
KEPT: Final = "kept"
DELIVERIES: Final = "deliveries"
JOBS: Final = "jobs"

#: Stream → its consumer group. KEPT has none: an index tails, it does not share work.
GROUPS: Final = MappingProxyType(
    {ENTRIES: "read", ARTICLES: "desk", DELIVERIES: "deliver", JOBS: "jobs"}
)


class Retention(NamedTuple):
    """How long a stream keeps what every group has finished."""

    #: Counted from storing.
    ms: int
    #: Records; the oldest go first. None is no limit.
    length: int | None = None


#: What only passes through goes as soon as it is done.
RETENTION: Final = MappingProxyType(
    {
        ENTRIES: Retention(0),
        # By bytes, too: ``core.room`` says how many fit.
        ARTICLES: Retention(ARTICLES_MS),
        KEPT: Retention(KEPT_MS),
        DELIVERIES: Retention(0),
        JOBS: Retention(0),
    }
)

#: Fields of a stream entry as they come from the server.
Fields: TypeAlias = Mapping[bytes, bytes]
#: (stream id, fields) → value; raises Permanent for what can never be read.
Decode: TypeAlias = Callable[[str, Fields], T]


def entry(position: str, fields: Fields) -> Entry:
    """An entry of ENTRIES, with the revision the settling poll counted."""
    value = decode(_field(position, fields, b"d"), Entry)
    return replace(value, revision=int(fields.get(b"rev", b"1")))


def record(
    position: str, fields: Fields
) -> Record | DigestDue | ConfigurationChanged | SpeakerCorrected:
    """An entry of ARTICLES or KEPT: an article as stored, or a control record."""
    data = _field(position, fields, b"d")
    match fields.get(b"t"):
        case b"a":
            return Record(
                position=position, stored=stored_at(position), article=decode(data, Article)
            )
        case b"g":
            return digest_due(data)
        case b"c":
            return _control(data, ConfigurationChanged)
        case b"s":
            return _control(data, SpeakerCorrected)
        case kind:
            raise Permanent(f"{position}: a record of unknown kind {kind!r}")


def delivery(position: str, fields: Fields) -> PostKey:
    """An entry of DELIVERIES."""
    try:
        return PostKey.parse(_field(position, fields, b"k").decode())
    except ValueError as error:
        raise Permanent(f"{position}: no post key") from error


def job(position: str, fields: Fields) -> ShareReply:
    """An entry of JOBS."""
    return decode(_field(position, fields, b"d"), ShareReply)


def digest_due(data: bytes) -> DigestDue:
    """A digest as control records and the digest clock write it."""
    return _control(data, DigestDue)


def configuration_changed(change: ConfigurationChanged) -> bytes:
    """The data of a control record that says where a version begins."""
    return msgspec.json.encode(change)


def speaker_corrected(change: SpeakerCorrected) -> bytes:
    """The data of a control record that says from where on a correction is obeyed."""
    return msgspec.json.encode(change)


def stored_at(position: str) -> datetime:
    """When the entry at a stream id was stored, in the scripts' clock."""
    return from_ms(int(position.partition("-")[0]))


def _control(data: bytes, type_: type[T]) -> T:
    try:
        return msgspec.json.decode(data, type=type_)
    except msgspec.MsgspecError as error:
        raise Permanent(f"not a {type_.__name__}: {error}") from error


def _field(position: str, fields: Fields, name: bytes) -> bytes:
    try:
        return fields[name]
    except KeyError:
        raise Permanent(f"{position}: no field {name.decode()}") from None
