"""The desk's memory: a lease with a fencing token, stories, channel states and decisions."""

from __future__ import annotations

import logging
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias

from redis.asyncio import Redis

from bot.adapters.clock import Clock
from bot.adapters.redis.codec import decode
from bot.adapters.redis.commit import commit
from bot.adapters.redis.keys import MEMORY_MS, Keys
from bot.adapters.redis.scripts import Scripts
from bot.domain.errors import LostOwnership, Permanent
from bot.domain.jobs import Claimed
from bot.domain.ledger import Correction
from bot.domain.stories import ChannelState, Decision, DeskState, Member, Outcome, Story
from bot.domain.times import from_ms, to_ms

#: Stories fetched in one round trip.
_BATCH = 500

#: A story, and the position that opened it.
_Opened: TypeAlias = tuple[tuple[int, int], Story]

_log = logging.getLogger("nato_brief.desk")


class RedisDesk:
    """The fold's memory. A story is a hash: its head, and one field per member."""

    def __init__(
        self,
        redis: Redis,
        keys: Keys,
        clock: Clock,
        *,
        lease: float = 3.0,
        memory_ms: int = MEMORY_MS,
    ) -> None:
        """Lease in seconds of real time; memory in milliseconds after the last change."""
        self._redis = redis
        self._keys = keys
        self._clock = clock
        self._scripts = Scripts(redis, clock)
        self._lease_ms = round(lease * 1000)
        self._memory_ms = memory_ms

    async def lease(self, owner: str) -> int:
        """Take or renew the lease; returns the fencing token, 0 while another owner holds it."""
        token: int = await self._scripts.run(
            "desk_lease", [self._keys.desk], [owner, self._lease_ms]
        )
        return token

    async def release(self, owner: str) -> None:
        """Give the lease up, so that a standby takes over at once."""
        await self._scripts.run("desk_release", [self._keys.desk], [owner])

    async def load(self, *, since: datetime) -> DeskState:
        """Stories with a member stored after ``since``, and every channel's state.

        A story a channel holds for its digest comes too, however old it is. Stories come in the
        order in which they were opened, channels in that of their names.
        """
        channels = await self._channels()
        ids: Any = await self._redis.zrangebyscore(self._keys.stories, f"({to_ms(since)}", "+inf")
        folded: Any = self._redis.hmget(self._keys.desk, ["configuration", "corrections"])
        configuration, corrections = await folded
        wanted = {story_id.decode() for story_id in ids}
        wanted |= {held.story_id for channel in channels for held in channel.held}
        stories = await self._stories(sorted(wanted))
        return DeskState(
            stories=tuple(story for _, story in sorted(stories, key=lambda pair: pair[0])),
            channels=tuple(sorted(channels, key=lambda state: str(state.destination))),
            configuration=int(configuration or 0),
            corrections=decode(corrections, tuple[Correction, ...]) if corrections else (),
        )

    async def _channels(self) -> list[ChannelState]:
        """The channels' states; those that hold nothing of the last month are forgotten."""
        stored: Any = await self._redis.hgetall(self._keys.channels)
        states = {name: decode(state, ChannelState) for name, state in stored.items()}
        since = from_ms(to_ms(self._clock.now()) - self._memory_ms)
        if gone := [name for name, state in states.items() if not _is_alive(state, since)]:
            forgotten: Any = self._redis.hdel(self._keys.channels, *gone)
            await forgotten
        return [state for name, state in states.items() if name not in gone]

    async def _stories(self, ids: Sequence[str]) -> list[_Opened]:
        """Those of ``ids`` that are stored, each with the position that opened it."""
        stories: list[_Opened] = []
        for start in range(0, len(ids), _BATCH):
            names = ids[start : start + _BATCH]
            async with self._redis.pipeline(transaction=False) as pipe:
                for name in names:
                    pipe.hgetall(self._keys.story(name))
                for name, fields in zip(names, await pipe.execute(), strict=True):
                    if not fields:
                        continue
                    try:
                        stories.append(_story(name, fields))
                    except (Permanent, KeyError) as error:  # the fold goes on without this one
                        _log.error("desk.unreadable story=%s problem=%r", name, error)
            stories[start:] = await self._with_shingles(stories[start:])
        return stories

    async def _with_shingles(self, stories: Sequence[_Opened]) -> list[_Opened]:
        """Stories whose members have their shingles again, where those are still remembered."""
        names = [member.article_id for _, story in stories for member in story.members]
        found: Any = await self._redis.mget(map(self._keys.shingles, names)) if names else ()
        packed = iter(found)
        return [
            (
                opened,
                replace(
                    story,
                    members=tuple(
                        replace(member, packed_shingles=next(packed) or member.packed_shingles)
                        for member in story.members
                    ),
                ),
            )
            for opened, story in stories
        ]

    async def commit(self, token: int, claimed: Claimed, outcome: Outcome) -> None:
        """Write the outcome, add changed posts to DELIVERIES and ack, in one script.

        Raises LostOwnership when the token or the entry is not ours any more.
        """
        if not await commit(
            self._scripts, self._keys, claimed, outcome, token=token, memory_ms=self._memory_ms
        ):
            raise LostOwnership(f"{claimed.stream} {claimed.id}, or the desk's lease {token}")

    async def decisions(self, article_id: str) -> tuple[Decision, ...]:
        """What was decided about an article, oldest first."""
        stored: Any = self._redis.lrange(self._keys.decisions(article_id), 0, -1)
        return tuple(decode(decision, Decision) for decision in await stored)


def _is_alive(state: ChannelState, since: datetime) -> bool:
    """Whether a post, a story held or a digest of the channel is younger than ``since``."""
    moments = [posted.last for posted in state.posted] + [held.since for held in state.held]
    return any(moment > since for moment in (*moments, state.last_digest) if moment)


def _story(story_id: str, fields: dict[bytes, bytes]) -> _Opened:
    """A story, and the position that opened it."""
    ms, _, sequence = fields[b"opened"].decode().partition("-")
    order = decode(fields[b"order"], tuple[str, ...])
    members = tuple(_member(fields[b"m:" + name.encode()]) for name in order)
    story = Story(id=story_id, revision=int(fields[b"revision"]), members=members)
    return (int(ms), int(sequence)), story


@dataclass(frozen=True, slots=True)
class _WithShingles:
    """What a member carried before its shingles had a key of their own."""

    shingles: tuple[int, ...] = ()


def _member(data: bytes) -> Member:
    member = decode(data, Member)
    before = decode(data, _WithShingles).shingles
    return replace(member, packed_shingles=array("I", before).tobytes()) if before else member
