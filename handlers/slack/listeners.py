"""What is heard in Slack and what answers it: ``LISTENERS`` is the contents page.

A command's answer is its acknowledgement: one message by construction. A mention or a direct
message is answered before it is acknowledged, so that Slack asks again when this process dies in
between. Whatever Slack or anybody on the way repeats is done once. What is posted to a channel is
recorded as a job first.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.bootstrap.app import App
from bot.domain.answers import Reply
from bot.domain.channels import Destination
from bot.domain.conversation import Spoken
from bot.domain.errors import BotError, OutcomeUnknown
from bot.domain.jobs import ShareReply
from bot.render.slack import SHARE, Payload, problems, spoken_message
from bot.services.log import line
from handlers.slack.calls import COMMAND, once, shared
from handlers.slack.typed import typed

_log = logging.getLogger("nato_brief.slack")

#: What Bolt calls a listener by → the name it listens to → the method of Listeners.
LISTENERS: Final[MappingProxyType[tuple[str, str], str]] = MappingProxyType(
    {
        ("command", COMMAND): "command",
        ("action", SHARE): "share",
        ("event", "app_mention"): "mention",
        ("event", "message"): "message",
    }
)


class Listeners:
    """Answers; everything it needs is in the App."""

    def __init__(self, app: App) -> None:
        self._app = app

    def register(self, bolt: AsyncApp) -> None:
        """Put every listener of the table on ``bolt``."""
        for (kind, name), method in LISTENERS.items():
            getattr(bolt, kind)(name)(getattr(self, method))

    async def command(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """``/nato-brief …``: the answer, to the asker alone, in the acknowledgement."""
        message = await self._app.once.do(once(body), partial(self._spoken, body))
        await (ack() if message is None else ack(response_type="ephemeral", **message))

    async def share(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """The button under a reply: records that it is wanted in the channel, and says so."""
        await self._app.once.do(once(body), partial(self._shared, body))
        await ack()

    async def mention(self, body: Mapping[str, Any], event: Mapping[str, Any]) -> None:
        """``@nato-brief …`` in a channel: answered in a thread under it."""
        await self._answer(body, thread=event.get("thread_ts") or event["ts"])

    async def message(self, body: Mapping[str, Any], event: Mapping[str, Any]) -> None:
        """A direct message; what else is said in channels is none of our business."""
        await self._answer(body, thread=event.get("thread_ts"))

    async def _spoken(self, body: Mapping[str, Any]) -> Payload:
        now = self._app.clock.now()
        spoken = await self._app.converse(typed(body.get("text") or ""), now=now)
        share = None if body["channel_id"].startswith("D") else _share_value(spoken, now)
        return checked(spoken_message(spoken, share=share, prefix=body["command"]))

    async def _shared(self, body: Mapping[str, Any]) -> None:
        team, channel, user = body["team"]["id"], body["channel"]["id"], body["user"]
        asked = shared(body)
        reply = await self._app.ask(asked.q, now=datetime.fromtimestamp(asked.at, UTC))
        request = f"{team}/{channel}/{asked.at}/{asked.q}"
        await self._app.jobs.submit(
            ShareReply(
                request_id=hashlib.sha256(request.encode()).hexdigest()[:32],
                destination=Destination(platform="slack", workspace=team, channel=channel),
                reply=reply,
                requested_by=user.get("username") or user.get("name") or "",
            )
        )
        _log.info(line("slack.share", channel=channel))
        await self.respond(body, checked(_on_its_way(reply)), replace=True)

    async def _answer(self, body: Mapping[str, Any], *, thread: str | None) -> None:
        """Post the answer once, though Slack may tell of the message several times."""
        event = body["event"]
        if not is_addressed(event):
            return

        async def say() -> None:
            now = self._app.clock.now()
            spoken = await self._app.converse(typed(event.get("text") or ""), now=now)
            await self.post(event["channel"], checked(spoken_message(spoken)), thread=thread)

        try:
            await self._app.once.do(once(body), say)
        except OutcomeUnknown as error:
            # It may be there; an answer that is missing can be asked for again.
            _log.warning(line("slack.answer_unknown", problem=error))

    async def post(self, channel: str, message: Payload, *, thread: str | None) -> None:
        """Say something that is no post of the desk's."""
        await self._app.slack.api.call(
            "chat.postMessage",
            channel=channel,
            **message,
            **({"thread_ts": thread} if thread else {}),
            unfurl_links=False,
            unfurl_media=False,
        )

    async def respond(self, body: Mapping[str, Any], said: Payload, *, replace: bool) -> None:
        """Tell who pressed a button; what they pressed it for stands, told or not.

        Not Bolt's ``respond``: it would call whatever address the body names.
        """
        try:
            message = {"replace_original": replace, **said}
            await self._app.slack_respond(body.get("response_url") or "", message)
        except BotError as error:
            _log.warning(line("slack.not_told", problem=error))


def is_addressed(event: Mapping[str, Any]) -> bool:
    """Whether a person says it to the bot; two bots that answer each other never end."""
    if event.get("bot_id") or event.get("subtype"):
        return False
    return event.get("type") == "app_mention" or event.get("channel_type") == "im"


def checked(message: Payload) -> Payload:
    """``message`` if Slack takes it, else its text alone."""
    if found := problems(message):
        _log.error(line("slack.unsendable", problem="; ".join(found)))
        return {"text": message["text"][:3000]}
    return message


def _share_value(spoken: Spoken, now: datetime) -> str | None:
    """What the button carries: the question and the moment it was asked."""
    if not isinstance(spoken, Reply):
        return None
    asked = {"q": spoken.question, "at": int(now.timestamp())}
    return json.dumps(asked, ensure_ascii=False, separators=(",", ":"))


def _on_its_way(reply: Reply) -> Payload:
    message = spoken_message(reply)
    said = "On it: this will be posted here. If it does not appear, invite me to the channel."
    note = {"type": "context", "elements": [{"type": "plain_text", "text": said, "emoji": False}]}
    return {"text": f"On it: {message['text']}", "blocks": [*message["blocks"], note]}
