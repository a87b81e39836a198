"""The sender of one channel, person or thread: posts, edits, and finds what it posted.

Every message carries its post's key as metadata, so that after a crash the channel itself says
whether the message went out. Slack has no idempotency key; ``client_msg_id`` is sent as well and
never relied upon.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from bot.adapters.slack.api import Refused, SlackApi
from bot.adapters.slack.history import History, metadata
from bot.adapters.slack.place import place_of
from bot.adapters.slack.refusals import MALFORMED, UNREADABLE, meaning
from bot.domain.channels import Destination
from bot.domain.errors import Barred, OutcomeUnknown, Recoverable
from bot.domain.posts import Brief, PostKey, Receipt
from bot.ports.work import Begin
from bot.render.slack import Payload, brief_message, plain_brief, problems

#: Seconds between two messages to one channel: Slack takes about one a second.
PACE: Final = 1.0
#: Seconds a message may wait for its turn inside its lease; beyond that it is put off.
_LONGEST_TURN: Final = 5.0

_log = logging.getLogger("nato_brief.slack")


class SlackSender:
    """Shows briefs in one place."""

    edits_in_place = True

    def __init__(
        self,
        api: SlackApi,
        destination: Destination,
        *,
        clock: Callable[[], datetime],
        pace: float = PACE,
    ) -> None:
        #: False once Slack has refused to let us read the channel; posting there again ends it.
        self.can_look_up = True
        self._api = api
        self._destination = destination
        self._place = place_of(destination)
        self._history = History(api, self._place)
        self._clock = clock
        self._pace = pace
        self._next_turn = 0.0
        self._next_look = 0.0

    async def send(self, key: PostKey, brief: Brief, begin: Begin) -> Receipt:
        """Post it.

        Raises Recoverable, Barred, Permanent where even its plain form is malformed, or
        OutcomeUnknown when it may have gone out.
        """
        about: dict[str, Any] = {
            "channel": self._place.channel,
            "metadata": metadata(str(key)),
            "client_msg_id": str(uuid5(NAMESPACE_URL, str(key))),
            "unfurl_links": False,
            "unfurl_media": False,
        }
        if self._place.thread:
            about["thread_ts"] = self._place.thread
        answer = await self._show("chat.postMessage", key, brief, about, begin)
        return Receipt(handle=f"{answer['channel']}/{answer['ts']}", at=self._clock())

    async def edit(self, key: PostKey, handle: str, brief: Brief, begin: Begin) -> None:
        """Show ``brief`` in the message ``handle`` names; repeating it is harmless.

        Raises like ``send``, and Uneditable.
        """
        channel, _, ts = handle.partition("/")
        about = {"channel": channel, "ts": ts, "metadata": metadata(str(key))}
        await self._show("chat.update", key, brief, about, begin)

    async def find(self, key: PostKey, *, since: datetime) -> Receipt | None:
        """Our own message of this key, if it is there.

        Raises OutcomeUnknown when that cannot be told, now or, with ``can_look_up`` False, ever:
        whoever asks must not take a look that failed for a message that is not there.
        """
        now = asyncio.get_running_loop().time()
        if now < self._next_look:
            raise OutcomeUnknown(
                f"{self._destination} can be read in {self._next_look - now:.0f} s"
            )
        try:
            await self._check_workspace()
            found = await self._history.find(str(key), since=since)
        except Recoverable as error:
            self._next_look = now + (error.after or 0.0)
            raise OutcomeUnknown(str(error)) from error
        except Refused as error:
            if error.code not in UNREADABLE:
                raise meaning(error) from error
            self.can_look_up = False
            _log.warning("slack.blind to=%s problem=%r", self._destination, str(error))
            raise OutcomeUnknown(f"{self._destination} cannot be read: {error}") from error
        if found is None:
            return None
        return Receipt(handle="/".join(found), at=self._clock())

    async def _show(
        self, method: str, key: PostKey, brief: Brief, about: dict[str, Any], begin: Begin
    ) -> dict[str, Any]:
        """Call ``method`` with the brief, or with its plain form where Slack takes no better."""
        payload: Payload = brief_message(brief)
        try:
            await self._check_workspace()
        except Refused as error:
            raise meaning(error) from error
        if found := problems(payload):
            _log.error("slack.unsendable post=%s problem=%r", key, "; ".join(found))
            payload = plain_brief(brief)
        await self._turn()
        await begin()
        try:
            answer = await self._richest(method, key, about, payload, plain_brief(brief))
        except Recoverable as error:
            self._next_turn = asyncio.get_running_loop().time() + (error.after or 0.0)
            raise
        self.can_look_up = True
        return answer

    async def _richest(
        self, method: str, key: PostKey, about: dict[str, Any], *payloads: Payload
    ) -> dict[str, Any]:
        """Call ``method`` with one payload after the other until Slack finds one well formed."""
        for left, payload in zip(range(len(payloads) - 1, -1, -1), payloads, strict=True):
            try:
                return await self._api.call(method, **about, **payload)
            except Refused as error:
                if not left or error.code not in MALFORMED:
                    raise meaning(error) from error
                _log.error("slack.refused post=%s problem=%r", key, str(error))
        raise AssertionError  # the last round returns or raises

    async def _turn(self) -> None:
        """Wait until the channel may have its next message.

        Raises Recoverable when that is too far off.
        """
        now = asyncio.get_running_loop().time()
        wait = max(self._next_turn - now, 0.0)
        if wait > _LONGEST_TURN:
            raise Recoverable(f"{self._destination} has many messages before this", after=wait)
        self._next_turn = now + wait + self._pace
        await asyncio.sleep(wait)

    async def _check_workspace(self) -> None:
        named = self._destination.workspace
        if named and not await self._api.is_called(named):
            raise Barred(f"SLACK_BOT_TOKEN is of another workspace than {named}")
