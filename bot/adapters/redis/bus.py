"""Consumer groups: entries are delivered at least once, and none is lost, stolen or stuck.

    read, claim_stale ─► Delivery ─► the hop's own script acks
                                 └─► retry_later ─► move_due_retries ─► the stream again
                                 └─► failed ─┴─► dead_letter ─► dlq:<stream>
                                 └─► let_go ─► claim_stale

Every settling step checks that the entry is still ours, so that a consumer which was away too
long cannot settle what somebody else works on by now. Only failures of its own end an entry:
see docs/decisions/0020-interrupted-is-not-failed.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from bot.adapters.clock import Clock
from bot.adapters.redis.keys import DEAD_LETTERS, DEAD_LETTERS_BYTES, GUARD_MS, Keys
from bot.adapters.redis.scripts import Scripts
from bot.adapters.redis.streams import GROUPS, RETENTION, Fields, Retention
from bot.domain.addresses import shown_in
from bot.domain.jobs import Claimed

#: Consumers that hold nothing and were not heard of for so long are forgotten.
_GONE_MS: Final = 3_600_000
_ERROR_CHARACTERS: Final = 500
#: Fields in which an entry that comes back carries how often it was put off, and failed.
_TRIES: Final = "_tries"
_FAILED: Final = "_failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An entry in our hands."""

    claimed: Claimed
    fields: Fields
    #: Consumers, in a row, that were never heard of again with it in their hands.
    crashes: int = 0
    #: Times it was put off.
    put_off: int = 0
    #: Times its handler failed.
    failures: int = 0


class PutOff(StrEnum):
    """What became of an entry that could not be finished."""

    LATER = "later"
    DEAD = "dead"
    #: Somebody else holds it.
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """How much a group has before it."""

    length: int
    #: Delivered and not finished.
    pending: int
    #: Not yet delivered; None when the server cannot tell.
    lag: int | None
    #: Put off until later.
    waiting: int = 0

    @property
    def undone(self) -> int:
        """Entries still to be finished, at most."""
        return self.pending + (self.length if self.lag is None else self.lag) + self.waiting


class Group:
    """One consumer of one stream's group."""

    def __init__(
        self,
        redis: Redis,
        keys: Keys,
        clock: Clock,
        stream: str,
        *,
        consumer: str,
        idle_ms: int = 60_000,
        suspected_after: int = 3,
        max_crashes: int = 8,
        max_failures: int = 5,
    ) -> None:
        #: ``entries``, ``articles``, ``deliveries`` or ``jobs``.
        self.stream: Final = stream
        self.name: Final = GROUPS[stream]
        #: Unique per process: ``host:pid:boot``.
        self.consumer: Final = consumer
        #: After so long without a heartbeat others take an entry over.
        self.idle_ms: Final = idle_ms
        #: Crashes after which an entry is handled with nothing else in hand, and given up.
        self.suspected_after: Final = suspected_after
        self.max_crashes: Final = max_crashes
        #: Failures of its handler after which it is given up.
        self.max_failures: Final = max_failures
        self._redis = redis
        self._scripts = Scripts(redis, clock)
        self._keys = keys
        self._key = keys.stream(stream)
        self._retry = keys.retry(stream)
        self._dead = keys.dead_letters(stream)

    async def ensure(self) -> None:
        """Create the group at the stream's beginning: what was published before counts too."""
        try:
            await self._redis.xgroup_create(self._key, self.name, id="0", mkstream=True)
        except ResponseError as error:
            # A full server refuses it even where the group is there.
            if not str(error).startswith("BUSYGROUP") and not await self._is_there():
                raise

    async def _is_there(self) -> bool:
        if not await self._redis.exists(self._key):
            return False
        groups = await self._redis.xinfo_groups(self._key)
        return any(group["name"] == self.name.encode() for group in groups)

    async def read(self, count: int, *, block_ms: int | None = None) -> tuple[Delivery, ...]:
        """At most ``count`` new entries; waits ``block_ms`` for the first, not at all for None."""
        try:
            answer: Any = await self._redis.xreadgroup(
                self.name, self.consumer, {self._key: ">"}, count=count, block=block_ms
            )
        except ResponseError as error:
            # The stream was deleted; without its group we would wait for ever.
            if not str(error).startswith("NOGROUP"):
                raise
            await self.ensure()
            return ()
        return tuple(
            self._delivery(position, 1, fields)
            for _, entries in answer or ()
            for position, fields in entries
        )

    async def claim_stale(self, count: int) -> tuple[bool, tuple[Delivery, ...]]:
        """At most ``count`` entries whose consumer has not been heard of for ``idle_ms``.

        Suspects are not among them; whether one is due comes first.
        """
        return await self._claim_stale(count)

    async def claim_suspect(self) -> tuple[Delivery, ...]:
        """One stale entry that may have ended its consumers; claim it with nothing else in hand."""
        return (await self._claim_stale(""))[1]

    async def next_in_order(self) -> Delivery | str:
        """The lowest unfinished entry, taken from whoever holds it; for a consumer that is alone.

        Returns:
            The entry, or the last id delivered, to wait behind, when all is finished.
        """
        try:
            answer = await self._run("next_in_order", self.name, self.consumer)
        except ResponseError as error:
            if not str(error).startswith("NOGROUP"):
                raise
            await self.ensure()
            return "0-0"
        if isinstance(answer, bytes):
            return answer.decode()
        position, times, flat = answer
        return self._delivery(position, times, _pairs(flat))

    async def wait_behind(self, position: str, *, block_ms: int) -> None:
        """Return as soon as the stream goes on past ``position``, or after ``block_ms``."""
        await self._redis.xread({self._key: position}, count=1, block=block_ms)

    async def heartbeat(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Keep entries from being taken over; returns those that somebody else has by now."""
        lost = await self._run("heartbeat", self.name, self.consumer, *ids)
        return tuple(position.decode() for position in lost)

    async def let_go(self, ids: Iterable[str]) -> None:
        """Leave entries to whoever asks next; their consumers before did not end by them."""
        await self._run("let_go", self.name, self.consumer, self.idle_ms, *ids)

    async def ack(self, claimed: Claimed) -> bool:
        """Finish an entry whose hop writes nothing else; False when it is not ours any more."""
        return bool(await self._run("ack", claimed.group, claimed.consumer, claimed.id))

    async def retry_later(self, claimed: Claimed, *, after: float, counted: bool = True) -> PutOff:
        """Take an entry off the stream for ``after`` seconds, however often that is needed."""
        return await self._put_off(claimed, round(after * 1000), _TRIES if counted else "")

    async def failed(self, claimed: Claimed, *, after: float, error: str) -> PutOff:
        """The same after a failure of its own; the last one means its death."""
        wait = round(after * 1000)
        return await self._put_off(claimed, wait, _FAILED, self.max_failures, error)

    async def dead_letter(self, claimed: Claimed, error: str) -> PutOff:
        """Give an entry up, with its fields and the reason, in one step."""
        return await self._put_off(claimed, "", error=error)

    async def move_due_retries(self, limit: int = 100) -> int:
        """Put entries whose wait is over back on the stream; returns how many."""
        keys = [self._key, self._retry]
        return int(await self._scripts.run("move_due_retries", keys, [limit]))

    async def safe_trim(self, retention: Retention | None = None) -> int:
        """Drop what is old and finished; returns how much. See ``RETENTION``."""
        return await safe_trim(self._scripts, self._keys, self.stream, retention)

    async def backlog(self) -> Backlog:
        """What the stream holds, what is pending, unread and put off."""
        length = int(await self._redis.xlen(self._key))
        waiting = int(await self._redis.zcard(self._retry))
        if not length:  # XINFO refuses a stream that nothing was ever put on
            return Backlog(length=0, pending=0, lag=0, waiting=waiting)
        for group in await self._redis.xinfo_groups(self._key):
            if group["name"] == self.name.encode():
                pending, lag = group["pending"], group["lag"]
                return Backlog(length=length, pending=pending, lag=lag, waiting=waiting)
        return Backlog(length=length, pending=0, lag=length, waiting=waiting)

    async def leave(self) -> None:
        """Be forgotten, unless something is still in our hands."""
        await self._run("drop_consumers", self.name, 0, self.consumer)

    async def forget_gone(self) -> int:
        """Forget consumers that hold nothing and have been silent for an hour."""
        return int(await self._run("drop_consumers", self.name, _GONE_MS, ""))

    async def _put_off(
        self,
        claimed: Claimed,
        after: int | str,
        counter: str = "",
        most: int | str = "",
        error: str = "",
    ) -> PutOff:
        outcome: bytes = await self._scripts.run(
            "put_off",
            [self._key, self._retry, self._dead],
            [
                claimed.group,
                claimed.consumer,
                claimed.id,
                after,
                counter,
                most,
                shown_in(error)[:_ERROR_CHARACTERS],
                DEAD_LETTERS,
                DEAD_LETTERS_BYTES,
            ],
        )
        return PutOff(outcome.decode())

    async def _run(self, script: str, *args: str | int) -> Any:
        return await self._scripts.run(script, [self._key], args)

    async def _claim_stale(self, count: int | str) -> tuple[bool, tuple[Delivery, ...]]:
        args = self.name, self.consumer, self.idle_ms, count, self.suspected_after
        suspect, *found = await self._run("claim_stale", *args)
        return bool(suspect), tuple(self._delivery(p, times, _pairs(f)) for p, times, f in found)

    def _delivery(self, position: bytes, times: int, fields: Fields) -> Delivery:
        claimed = Claimed(
            stream=self.stream,
            group=self.name,
            consumer=self.consumer,
            id=position.decode(),
        )
        return Delivery(
            claimed=claimed,
            fields=fields,
            crashes=max(0, times - 1),
            put_off=int(fields.get(_TRIES.encode(), b"0")),
            failures=int(fields.get(_FAILED.encode(), b"0")),
        )


async def publish(
    scripts: Scripts,
    keys: Keys,
    stream: str,
    fields: Mapping[str, str | bytes],
    *,
    guard: str | None = None,
) -> str | None:
    """Add an entry at the shifted now; returns its id, None when ``guard`` was taken before."""
    names = [keys.stream(stream), *([keys.guard(guard)] if guard else ())]
    flat = [part for pair in fields.items() for part in pair]
    position: bytes | None = await scripts.run("publish", names, [GUARD_MS, *flat])
    return position.decode() if position else None


async def safe_trim(
    scripts: Scripts, keys: Keys, stream: str, retention: Retention | None = None
) -> int:
    """Trim a stream, never by what a group has yet to read or to finish; returns how much."""
    kept = RETENTION[stream] if retention is None else retention
    args = [kept.ms, "" if kept.length is None else kept.length, GROUPS.get(stream, "")]
    return int(await scripts.run("safe_trim", [keys.stream(stream)], args))


def _pairs(flat: Sequence[bytes]) -> dict[bytes, bytes]:
    return dict(zip(flat[::2], flat[1::2], strict=True))
