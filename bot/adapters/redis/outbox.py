"""Posts as desired state, each with its lease and its receipt in one record.

The desk wants a revision, a claimer sends or edits until the sent revision equals it. A token
that grows with every lease keeps a claimer that lost its lease from recording anything.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from redis.asyncio import Redis

from bot.adapters.clock import Clock
from bot.adapters.redis.codec import decode, encode
from bot.adapters.redis.commit import commit
from bot.adapters.redis.keys import MEMORY_MS, Keys
from bot.adapters.redis.scripts import Scripts
from bot.adapters.redis.streams import DELIVERIES
from bot.domain.channels import Destination
from bot.domain.errors import LostOwnership, Permanent
from bot.domain.jobs import Claimed
from bot.domain.parked import Barring, token_of
from bot.domain.posts import (
    Brief,
    ClaimAction,
    DesiredPost,
    Post,
    PostClaim,
    PostKey,
    PostStatus,
    Receipt,
)
from bot.domain.stories import Outcome
from bot.domain.times import from_ms, to_ms

_log = logging.getLogger("nato_brief.posts")

#: Between two tries of what is refused: at first and after something changed there, and at most.
FIRST_TRY_MS: Final = 30_000
LAST_TRY_MS: Final = 900_000
_STATUS: Final = {status.name.lower().encode(): status for status in PostStatus}


class RedisOutbox:
    """Every post of every destination."""

    def __init__(
        self,
        redis: Redis,
        keys: Keys,
        clock: Clock,
        *,
        lease: float = 30.0,
        grace: float | None = None,
        memory_ms: int = MEMORY_MS,
    ) -> None:
        """Leases are seconds of real time.

        ``grace`` is how long after a lease a late request may still land, so that a look-up has
        to wait; a third of the lease unless given.
        """
        self._redis = redis
        self._keys = keys
        self._scripts = Scripts(redis, clock)
        self._busy_ms = round((lease + (lease / 3 if grace is None else grace)) * 1000)
        self._memory_ms = memory_ms

    async def claim(self, key: PostKey) -> PostClaim:
        """Lease a post, or say why not; ``post`` is the record as it was found."""
        action, token, first_try, found = await self._scripts.run(
            "post_claim",
            [self._keys.post(str(key)), *self._parked(key)],
            [self._busy_ms, self._memory_ms, str(key)],
        )
        fields = dict(zip(found[::2], found[1::2], strict=True))
        post = post_of(key, fields) if fields else None
        if action == b"parked":
            return PostClaim(
                action=ClaimAction.PARKED, post=post, parked=_scopes(key.destination)[token - 1]
            )
        return PostClaim(
            action=ClaimAction(action.decode()),
            token=token,
            post=post,
            first_try=_moment(first_try),
        )

    async def mark_sent(
        self,
        key: PostKey,
        token: int,
        *,
        revision: int,
        receipt: Receipt,
        repeat: bool = False,
        problem: str = "",
    ) -> bool:
        """Record that a revision is out; False when the token is not ours any more."""
        about = (token, revision, receipt.handle, to_ms(receipt.at), int(repeat), problem)
        return await self._mark("post_sent", key, about)

    async def mark_failed(
        self, key: PostKey, token: int, *, problem: str, doubt: bool = False
    ) -> bool:
        """Give the lease up without a receipt, to be tried again."""
        return await self._mark("post_failed", key, (token, problem, "again", "", int(doubt)))

    async def mark_dead(self, key: PostKey, token: int, *, revision: int, problem: str) -> bool:
        """Give a revision up that the platform finds malformed; a later one is tried again."""
        return await self._mark("post_failed", key, (token, problem, "dead", revision, 0))

    async def mark_told(self, key: PostKey, token: int, *, revision: int) -> bool:
        """Leave it at what a digest said: this revision says no more."""
        return await self._mark("post_failed", key, (token, "", "told", revision, 0))

    async def _mark(self, script: str, key: PostKey, args: Sequence[str | bytes | int]) -> bool:
        marked: int = await self._scripts.run(
            script,
            [self._keys.post(str(key)), self._keys.posts, *self._parked(key)],
            [*args, str(key), self._memory_ms],
        )
        return marked == 1

    async def bar(
        self,
        claimed: Claimed,
        key: PostKey,
        token: int,
        *,
        where: Destination,
        problem: str,
        doubt: bool,
    ) -> Barring:
        """Let the post wait, and all others ``where`` stands for; ack its DELIVERIES entry."""
        barred: bytes = await self._scripts.run(
            "post_bar",
            [
                self._keys.post(str(key)),
                self._keys.posts,
                self._keys.stream(claimed.stream),
                self._keys.parked,
                self._keys.parked_at(str(where)),
                self._keys.waiting(str(where)),
            ],
            [
                token,
                problem,
                int(doubt),
                str(key),
                str(where),
                claimed.group,
                claimed.consumer,
                claimed.id,
                FIRST_TRY_MS,
                LAST_TRY_MS,
            ],
        )
        return Barring(barred.decode())

    async def park(self, claimed: Claimed, key: PostKey, where: Destination) -> bool:
        """Let the post wait, and ack its entry; False when nothing is parked there any more.

        Raises LostOwnership when the entry is not ours any more.
        """
        parked: int = await self._scripts.run(
            "post_park",
            [
                self._keys.stream(claimed.stream),
                self._keys.post(str(key)),
                self._keys.parked_at(str(where)),
                self._keys.waiting(str(where)),
            ],
            [claimed.group, claimed.consumer, claimed.id, str(key)],
        )
        if parked < 0:
            raise LostOwnership(f"{claimed.stream} {claimed.id} is not {claimed.consumer}'s")
        return parked == 1

    def _parked(self, key: PostKey) -> tuple[str, ...]:
        return tuple(self._keys.parked_at(str(where)) for where in _scopes(key.destination))

    async def begin(self, key: PostKey, token: int) -> bool:
        """Renew the lease and note that the post may be out from now on.

        Returns False when the token is not ours any more.
        """
        begun: int = await self._scripts.run(
            "post_begin", [self._keys.post(str(key))], [token, self._busy_ms]
        )
        return begun == 1

    async def settle(self, claimed: Claimed, key: PostKey) -> bool:
        """Ack a DELIVERIES entry in one script; False, not acked, when there is work left again.

        Raises LostOwnership when the entry is not ours any more.
        """
        settled: int = await self._scripts.run(
            "post_settle",
            [self._keys.stream(claimed.stream), self._keys.post(str(key))],
            [claimed.group, claimed.consumer, claimed.id],
        )
        if settled < 0:
            raise LostOwnership(f"{claimed.stream} {claimed.id} is not {claimed.consumer}'s")
        return settled == 1

    async def ask_for(self, claimed: Claimed, post: DesiredPost) -> None:
        """Want a post on behalf of a JOBS entry: record, DELIVERIES and ack in one script.

        Raises LostOwnership when the entry is not ours any more.
        """
        outcome = Outcome(posts=(post,))
        if not await commit(self._scripts, self._keys, claimed, outcome, memory_ms=self._memory_ms):
            raise LostOwnership(f"{claimed.stream} {claimed.id} is not {claimed.consumer}'s")

    async def want(self, post: DesiredPost) -> bool:
        """Want a post on nobody's behalf: record and DELIVERIES in one script.

        Returns False, and changes nothing, when this revision or a later one is wanted already.
        """
        wanted: int = await self._scripts.run(
            "post_want",
            [self._keys.post(str(post.key)), self._keys.stream(DELIVERIES), self._keys.posts],
            [str(post.key), post.revision, encode(post.brief), self._memory_ms],
        )
        return wanted == 1

    async def post(self, key: PostKey) -> Post | None:
        """The post as recorded."""
        fields: Any = self._redis.hgetall(self._keys.post(str(key)))
        return post_of(key, found) if (found := await fields) else None

    async def recent(self, *, limit: int) -> tuple[Post, ...]:
        """The posts changed last, the newest first; one that cannot be read is left out."""
        if limit <= 0:
            return ()
        names: Any = await self._redis.zrange(self._keys.posts, 0, limit - 1, desc=True)
        keys = [PostKey.parse(name.decode()) for name in names]
        async with self._redis.pipeline(transaction=False) as pipe:
            for key in keys:
                pipe.hgetall(self._keys.post(str(key)))
            records = await pipe.execute()
        posts: list[Post] = []
        for key, fields in zip(keys, records, strict=True):
            try:
                posts += [post_of(key, fields)] if fields else []
            except Permanent as error:
                _log.error("posts.unreadable post=%s problem=%r", key, str(error))
        return tuple(posts)


def post_of(key: PostKey, fields: Mapping[bytes, bytes]) -> Post:
    """A post's record as a value; raises Permanent where it is of another version."""
    return Post(
        key=key,
        brief=decode(fields[b"brief"], Brief),
        status=_STATUS[fields[b"status"]],
        desired=int(fields[b"desired"]),
        sent=int(fields.get(b"sent", 0)),
        handle=_text(fields.get(b"handle")),
        created=from_ms(int(fields[b"created"])),
        sent_at=_moment(fields.get(b"sent_at")),
        doubt=b"doubt" in fields,
        repeat=b"repeat" in fields,
        told=_text(fields.get(b"told")),
        problem=_text(fields.get(b"problem")),
    )


def _scopes(destination: Destination) -> tuple[Destination, Destination]:
    """What may be refused of a destination: itself, and the token it is posted to with."""
    return destination, token_of(destination)


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode()


def _moment(ms: bytes | None) -> datetime | None:
    return from_ms(int(ms)) if ms else None
