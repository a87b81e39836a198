"""parking: what a platform refuses → told to an admin → tried now and then → all that waited.

    refused ─► told once, by a way that works ─► one post tried, at growing intervals
            ─► it went out: up to two hours old singly, older ones as one digest

Every step stands in the store, so a process that dies between two leaves the rest to the next look.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.core.briefs.caught_up import FOLDED, caught_up, substance
from bot.core.briefs.notices import malformed_brief, parked_brief
from bot.domain.channels import CONSOLE, PAGE, Configuration, Destination
from bot.domain.parked import Parked
from bot.domain.posts import Brief, DesiredPost, Post, PostKey, PostKind, PostStatus
from bot.domain.times import to_ms
from bot.ports.work import Outbox, Waiting
from bot.services.log import line, logger

_log = logger("parking")

#: What waited longer has no message of its own.
FRESH: Final = timedelta(hours=2)
#: Further ahead than any try is planned.
_FAR: Final = timedelta(hours=1)
#: Posts looked at in one go; the rest in the next.
_AT_ONCE: Final = 2_000
#: Subject of the notices about posts that could not be shown.
_MALFORMED: Final = "malformed"


class Parking:
    """Looks after posts that wait for a token or a channel."""

    def __init__(
        self,
        *,
        config: Callable[[], Configuration],
        outbox: Outbox,
        waiting: Waiting,
        clock: Callable[[], datetime],
    ) -> None:
        self._config = config
        self._outbox = outbox
        self._waiting = waiting
        self._clock = clock

    async def look(self) -> int:
        """Look at all that is parked; returns how much."""
        every = await self._waiting.parked()
        for parked in every:
            if self._matters(parked):
                await self._tell(parked, every)
            else:
                await self._hand_over(parked)
            if parked.works:
                await self._release(parked)
            elif self._is_due(parked):
                await self._try(parked)
        return len(every)

    async def refused(self) -> tuple[Parked, ...]:
        """What is refused of all that is configured; where somebody shares an answer is not."""
        return tuple(
            parked
            for parked in await self._waiting.parked()
            if self._matters(parked) and not parked.works
        )

    async def tell_malformed(self, post: Post, problem: str) -> None:
        """A word to the admins about a post that could not be shown; none about such a word."""
        if post.key.subject[0] == _MALFORMED:
            return
        subject = (_MALFORMED, *map(str, (post.key.destination, *post.key.subject)))
        every = await self._waiting.parked()
        await self._want(subject, post.desired, every, malformed_brief(post, problem))

    def _matters(self, parked: Parked) -> bool:
        config = self._config()
        places = {*(channel.to for channel in config.channels), self._admins, config.fallback}
        return parked.where.channel == "" or parked.where in places

    @property
    def _admins(self) -> Destination:
        config = self._config()
        return config.admin_channel or config.fallback

    async def _tell(self, parked: Parked, every: Sequence[Parked]) -> None:
        revision = to_ms(parked.since) + parked.works
        await self._want(("parked", str(parked.where)), revision, every, parked_brief(parked))

    async def _want(
        self, subject: tuple[str, ...], revision: int, every: Sequence[Parked], brief: Brief
    ) -> None:
        """Tell the admins; on the page and the terminal where their channel is itself refused."""
        admins = self._admins
        ways: tuple[Destination, ...] = (admins,)
        if any(one.covers(admins) and not one.works for one in every):
            told = await self._outbox.post(_notice(admins, subject))
            ways = () if told is not None and told.sent >= revision else (PAGE, CONSOLE)
        for to in ways:
            await self._outbox.want(
                DesiredPost(key=_notice(to, subject), revision=revision, brief=brief)
            )

    async def _hand_over(self, parked: Parked) -> None:
        """Tell the admins what waits for a channel that is not configured any more."""
        if not self._config().channels:
            return  # no configuration is in force here
        posts = await self._waiting.posts(parked.where, limit=_AT_ONCE)
        old = [post for post in posts if self._folds(post)]
        if old and await self._fold_into(self._admins, parked, old):
            _log.warning(line("parking.handed_over", where=parked.where, n=len(old)))

    async def _try(self, parked: Parked) -> None:
        """Have the newest post tried; where none is fresh, the digest of all."""
        posts = await self._waiting.posts(parked.where, limit=_AT_ONCE)
        unsent = [post for post in posts if post.handle is None]
        key = None
        if unsent and self._is_old(unsent[-1]):
            key = await self._fold(parked, posts)
        if key is None and posts:
            key = (unsent or posts)[-1].key
        await self._waiting.probe(parked.where, key)
        _log.info(line("parking.tried", where=parked.where, post=key))

    async def _release(self, parked: Parked) -> None:
        """Put back what waits; what is old comes as a digest of each destination."""
        posts = await self._waiting.posts(parked.where, limit=_AT_ONCE)
        await self._fold(parked, posts)
        done = await self._waiting.release(
            parked.where, [post.key for post in posts if not self._folds(post)]
        )
        _log.info(line("parking.released", where=parked.where, n=len(posts), done=done))

    async def _fold(self, parked: Parked, posts: Sequence[Post]) -> PostKey | None:
        """Tell in digests what is old; the key of the last of them."""
        old: dict[Destination, list[Post]] = {}
        for post in posts:
            if self._folds(post):
                old.setdefault(post.key.destination, []).append(post)
        last = None
        for destination, together in old.items():
            last = await self._fold_into(destination, parked, together) or last
        return last

    async def _fold_into(
        self, to: Destination, parked: Parked, posts: Sequence[Post]
    ) -> PostKey | None:
        digest = caught_up(to, posts, now=self._clock())
        told = [(post, substance(post.brief)) for post in posts]
        return digest.key if await self._waiting.fold(parked.where, digest, told) else None

    def _folds(self, post: Post) -> bool:
        """Whether it comes in a digest: what may be out already has its message."""
        waits = post.status is PostStatus.READY and post.handle is None and not post.doubt
        return waits and post.key.kind in FOLDED and self._is_old(post)

    def _is_due(self, parked: Parked) -> bool:
        """Whether one is to be tried; a time that is far ahead is from before a clock's setback."""
        return not timedelta() < parked.next_try - self._clock() < _FAR

    def _is_old(self, post: Post) -> bool:
        return post.created < self._clock() - FRESH


def _notice(to: Destination, subject: tuple[str, ...]) -> PostKey:
    return PostKey(kind=PostKind.NOTICE, destination=to, subject=subject)
