"""What is heard in Slack and what answers it: ``Listeners.hear`` is the contents page.

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
from typing import Any, Final

from bot.bootstrap.app import App
from bot.domain.answers import Reply
from bot.domain.channels import Destination
from bot.domain.conversation import Spoken
from bot.domain.errors import BotError, OutcomeUnknown
from bot.domain.jobs import ShareReply
from bot.render.slack import Payload, plain_message, problems, spoken_message
from bot.services.log import line
from handlers.slack.calls import Call, Command, Event, Other, Share
from handlers.slack.typed import typed

COMMAND: Final = "/nato-brief"
FOREIGN: Final = "This bot works for another workspace and does not answer here."

_log = logging.getLogger("nato_brief.slack")


class Listeners:
    """Answers; everything it needs is in the App."""

    def __init__(self, app: App) -> None:
        self._app = app
        #: Whose the token is, once Slack has said so.
        self._known: dict[str, Any] = {}

    async def hear(self, call: Call) -> Mapping[str, Any] | None:
        """Do what ``call`` asks for; returns what its acknowledgement carries."""
        # Whatever is heard may mean that what was refused works: an invitation, a new token.
        await self._app.waiting.hasten("slack")
        if isinstance(call, Other):
            return call.answer
        if call.team != (await self._ours()).get("team_id"):
            return await self._turn_away(call)
        once = partial(self._app.once.do, call.once)
        match call:
            case Command():
                return await once(partial(self._command, call)) if call.name == COMMAND else None
            case Share():
                await once(partial(self._share, call))
            case Event():
                if call.is_addressed and call.user != (await self._ours()).get("user_id"):
                    await self._say_once(call)
        return None

    async def _ours(self) -> Mapping[str, Any]:
        if not self._known:
            self._known.update((await self._app.slack.api.who())[0])
        return self._known

    async def _turn_away(self, call: Command | Share | Event) -> Mapping[str, Any] | None:
        """Tell who asks from another workspace, and them alone, that nobody answers there."""
        _log.warning(line("slack.other_workspace", team=call.team))
        match call:
            case Command():
                return ephemeral(FOREIGN)
            case Share():
                await self.respond(call, {"replace_original": False, **plain_message(FOREIGN)})
        return None

    async def _command(self, call: Command) -> Mapping[str, Any]:
        """``/nato-brief …``: the answer, to the asker alone, in the acknowledgement."""
        now = self._app.clock.now()
        spoken = await self._app.converse(typed(call.text), now=now)
        share = None if call.channel.startswith("D") else _share_value(spoken, now)
        message = spoken_message(spoken, share=share, prefix=call.name)
        return {"response_type": "ephemeral", **checked(message)}

    async def _share(self, call: Share) -> None:
        """The button under a reply: records that it is wanted in the channel, and says so."""
        asked = call.shared
        reply = await self._app.ask(asked.question, now=datetime.fromtimestamp(asked.at, UTC))
        request = f"{call.team}/{call.channel}/{asked.at}/{asked.question}"
        await self._app.jobs.submit(
            ShareReply(
                request_id=hashlib.sha256(request.encode()).hexdigest()[:32],
                destination=Destination(
                    platform="slack", workspace=call.team, channel=call.channel
                ),
                reply=reply,
                requested_by=call.user,
            )
        )
        _log.info(line("slack.share", channel=call.channel))
        await self.respond(call, {"replace_original": True, **checked(_on_its_way(reply))})

    async def _say_once(self, event: Event) -> None:
        """Post the answer once, though Slack may tell of the message several times."""
        try:
            await self._app.once.do(event.once, partial(self._say, event))
        except OutcomeUnknown as error:
            # It may be there; an answer that is missing can be asked for again.
            _log.warning(line("slack.answer_unknown", problem=error))

    async def _say(self, event: Event) -> None:
        """Answer a mention in a thread under it, a direct message beside it."""
        now = self._app.clock.now()
        spoken = await self._app.converse(typed(event.text or ""), now=now)
        thread = event.thread or (event.ts if event.name == "app_mention" else None)
        await self.post(event.channel, checked(spoken_message(spoken)), thread=thread)

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

    async def respond(self, call: Share, message: Mapping[str, Any]) -> None:
        """Tell who pressed a button; what they pressed it for stands, told or not."""
        try:
            await self._app.slack_respond(call.response_url, message)
        except BotError as error:
            _log.warning(line("slack.not_told", problem=error))


def ephemeral(text: str) -> dict[str, Any]:
    """``text`` as the answer to a command, for who typed it."""
    return {"response_type": "ephemeral", **plain_message(text)}


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
