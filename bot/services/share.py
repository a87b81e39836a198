"""jobs: a recorded request to share a reply → the post it wants, in one script."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.core.briefs.answer import answer_brief
from bot.domain.jobs import Claimed, ShareReply
from bot.domain.posts import DesiredPost, PostKey, PostKind
from bot.ports.work import Outbox
from bot.services.log import line, logger

_log = logger("jobs")


class Share:
    """Carries out JOBS entries; the request id keys the post, so a repeat changes nothing."""

    def __init__(self, *, outbox: Outbox, clock: Callable[[], datetime]) -> None:
        self._outbox = outbox
        self._clock = clock

    async def __call__(self, claimed: Claimed, request: ShareReply) -> None:
        """Want the post; raises LostOwnership when the entry has gone."""
        key = PostKey(
            kind=PostKind.ANSWER, destination=request.destination, subject=(request.request_id,)
        )
        brief = answer_brief(request.reply, requested_by=request.requested_by, made=self._clock())
        await self._outbox.ask_for(claimed, DesiredPost(key=key, revision=1, brief=brief))
        _log.info(line("jobs.shared", post=key, request=request.request_id))
