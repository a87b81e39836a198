"""What the pipeline gave up: listed, read, put back on its stream, or dropped for good."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

import msgspec
from redis.asyncio import Redis

from bot.adapters.clock import Clock
from bot.adapters.redis import streams
from bot.adapters.redis.keys import Keys
from bot.adapters.redis.scripts import Scripts
from bot.domain.dead_letters import DeadLetter, Work
from bot.domain.errors import Permanent
from bot.domain.news import Record
from bot.domain.posts import PostKey

#: Stream → how its entries read.
_DECODE: Final[Mapping[str, Callable[[str, streams.Fields], Work]]] = MappingProxyType(
    {
        streams.ENTRIES: streams.entry,
        streams.ARTICLES: streams.record,
        streams.DELIVERIES: streams.delivery,
        streams.JOBS: streams.job,
    }
)


class RedisDeadLetters:
    """The dead letters of all streams."""

    def __init__(self, redis: Redis, keys: Keys, clock: Clock) -> None:
        self._redis = redis
        self._keys = keys
        self._scripts = Scripts(redis, clock)

    async def counts(self) -> dict[str, int]:
        """Consumer group → how many it gave up, of the last 10,000."""
        return {
            group: await self._redis.xlen(self._keys.dead_letters(name))
            for name, group in streams.GROUPS.items()
        }

    async def newest(self, limit: int) -> tuple[DeadLetter, ...]:
        """At most ``limit``, the newest first."""
        found: list[tuple[str, str, dict[bytes, bytes]]] = []
        for name in _DECODE:
            answer: Any = await self._redis.xrevrange(self._keys.dead_letters(name), count=limit)
            found += [(position.decode(), name, fields) for position, fields in answer]
        found.sort(key=lambda each: _order(each[0]), reverse=True)
        return tuple(_letter(name, position, fields) for position, name, fields in found[:limit])

    async def letter(self, name: str) -> DeadLetter | None:
        """The one that is called so."""
        place = _place(name)
        if place is None:
            return None
        stream, position = place
        key = self._keys.dead_letters(stream)
        answer: Any = await self._redis.xrange(key, min=position, max=position)
        return _letter(stream, position, answer[0][1]) if answer else None

    async def replay(self, letter: DeadLetter) -> bool:
        """Put it back on its stream, as if for the first time; False when it is gone."""
        stream, _, position = letter.id.partition(":")
        keys = [self._keys.dead_letters(stream), self._keys.stream(stream)]
        if isinstance(letter.work, Record):
            keys.append(self._keys.where(letter.work.article.id))
        return bool(await self._scripts.run("dead_letter_replay", keys, [position]))

    async def drop(self, letter: DeadLetter) -> bool:
        """Forget it for good; False when it is gone."""
        stream, _, position = letter.id.partition(":")
        return bool(await self._redis.xdel(self._keys.dead_letters(stream), position))


def _letter(stream: str, position: str, fields: streams.Fields) -> DeadLetter:
    was = fields.get(b"_id", b"").decode()
    work: Work | None
    try:
        work = _DECODE[stream](was, fields)
    except (Permanent, ValueError):
        work = None
    return DeadLetter(
        id=f"{stream}:{position}",
        stream=stream,
        at=streams.stored_at(position),
        problem=fields.get(b"_error", b"").decode("utf-8", "replace"),
        work=work,
        fields=_readable(work) if work is not None else _raw(fields),
    )


def _readable(work: Work) -> dict[str, Any]:
    if isinstance(work, PostKey):
        return {"post": str(work)}
    fields: dict[str, Any] = msgspec.to_builtins(work)
    return fields


def _raw(fields: streams.Fields) -> dict[str, Any]:
    return {
        name.decode("utf-8", "replace"): value.decode("utf-8", "replace")
        for name, value in fields.items()
        if not name.startswith(b"_")
    }


def _place(name: str) -> tuple[str, str] | None:
    """Stream and position, if a name has that form."""
    stream, _, position = name.partition(":")
    ms, dash, sequence = position.partition("-")
    ours = stream in _DECODE and dash and ms.isdecimal() and sequence.isdecimal()
    return (stream, position) if ours and len(position) <= 40 and position.isascii() else None


def _order(position: str) -> tuple[int, int]:
    ms, _, sequence = position.partition("-")
    return int(ms), int(sequence)
