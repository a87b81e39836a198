"""make room: measure → trim the streams to their budgets → hold intake while the server is full.

What is short is told to the admins once, by one notice that is edited when it has eased. It is
noted before its notice is wanted, and wanted again with every look, so a crash between the two
loses nothing and doubles nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.core.briefs.notices import room_brief
from bot.core.room import is_full, is_short, lengths
from bot.domain.channels import Configuration
from bot.domain.posts import DesiredPost, PostKey, PostKind
from bot.domain.room import Room, Shortage
from bot.domain.times import to_ms
from bot.ports.room import ServerRoom
from bot.ports.work import Outbox
from bot.services.log import line, logger

_log = logger("room")


class MakeRoom:
    """Keeps the server within its memory."""

    def __init__(
        self, *, room: ServerRoom, outbox: Outbox, config: Callable[[], Configuration]
    ) -> None:
        self._room = room
        self._outbox = outbox
        self._config = config
        #: Whether intake waits until there is room, as of the last look.
        self.full = False

    async def look(self) -> Room:
        """Trim what is too much, and tell what is short; returns what is left."""
        found = room = await self._room.measure()
        articles, kept = lengths(room)
        gone = await self._room.trim(articles=articles, kept=kept)
        if gone:
            room = await self._room.measure()
            _log.info(line("room.trimmed", n=gone, used=room.used, cap=room.cap))
        self.full = is_full(room)
        short = {Shortage.FULL} if self.full else set()
        short |= {Shortage.SHORT} if is_short(found) else set()
        await self._tell(room, short)
        return room

    async def _tell(self, room: Room, short: set[Shortage]) -> None:
        config = self._config()
        for shortage, since in (await self._room.note(short)).items():
            lasts = shortage in short
            key = PostKey(
                kind=PostKind.NOTICE,
                destination=config.admin_channel or config.fallback,
                subject=("room", shortage, str(to_ms(since))),
            )
            brief = room_brief(shortage, room, since=since, lasts=lasts)
            wanted = DesiredPost(key=key, revision=1 if lasts else 2, brief=brief)
            if await self._outbox.want(wanted):
                _log.warning(line(f"room.{shortage}", lasts=lasts, used=room.used, cap=room.cap))
            if not lasts:
                await self._room.eased(shortage)
