"""The two transports of Slack; every unexpected error ends in one place here.

Nothing that was not signed for us gets further than ``take``: it is refused in fixed words, and
neither read, kept nor logged.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.bootstrap.app import App
from bot.bootstrap.health import AWAY
from bot.domain.errors import BotError, NotYet, Recoverable
from bot.render.slack import plain_message
from bot.services.log import line
from handlers.body import body_of
from handlers.slack.calls import Call, Command, Event, Share, Unknown, Unreadable, heard, over_http
from handlers.slack.listeners import Listeners, ephemeral
from handlers.slack.signature import claim

PATH: Final = "/slack/events"
#: Bytes of a request; Slack sends some 10 KB.
_MOST: Final = 1024 * 1024
#: Seconds between two tries to connect: at first, at most.
_AWAY: Final = (1.0, 60.0)
#: Slack does not repeat what is answered with this.
_NO_RETRY: Final = {"X-Slack-No-Retry": "1"}

_log = logging.getLogger("nato_brief.slack")


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What Slack is answered: that it is done, or that it may ask again."""

    body: Mapping[str, Any] | None = None
    again: bool = False


def serve_http(web: FastAPI, app: App) -> None:
    """Take requests on ``web`` that are signed and not five minutes old."""
    slack = app.settings.slack
    assert slack is not None  # noqa: S101 - who calls us has looked
    assert slack.signing_secret is not None  # noqa: S101
    secret, front = slack.signing_secret, _Front(app)

    @web.post(PATH)
    async def take(request: Request) -> Response:
        claimed = claim(request.headers.raw, now=app.clock.now())
        if claimed is None:
            return _refused(401, "not signed by Slack")
        body = await body_of(request, most=_MOST)
        if body is None:
            return _refused(413, "too long")
        if not claimed.is_of(body, secret):
            return _refused(401, "not signed by Slack")
        kinds = request.headers.getlist("content-type")
        try:
            call = over_http(body, kinds[0] if len(kinds) == 1 else "")
        except Unknown:
            return _refused(415, "neither JSON nor a form")
        except Unreadable as error:
            return _refused(400, f"not as Slack writes it: {error}")
        done = await front.take(call)
        if done.again:
            return PlainTextResponse("not now", 503)
        return Response() if done.body is None else JSONResponse(dict(done.body))


async def serve_socket(app: App, stop: asyncio.Event) -> None:
    """Listen over Socket Mode until ``stop``; a Slack that is away is tried again and again."""
    slack = app.settings.slack
    assert slack is not None  # noqa: S101 - who calls us has looked
    assert slack.app_token is not None  # noqa: S101
    front = _Front(app)
    quiet = logging.getLogger("nato_brief.slack.socket")
    quiet.setLevel(logging.INFO)  # below, it writes down every message
    client: Any = SocketModeClient(  # its methods have no types
        app_token=slack.app_token.reveal(),
        web_client=app.slack.api.anonymous,
        proxy=app.settings.proxy.reveal() if app.settings.proxy else None,
        ping_interval=10,
        logger=quiet,
    )

    async def take(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        try:
            done = await front.take(heard(request.payload))
        except Unreadable as error:
            _log.warning(line("slack.refused", why=f"not as Slack writes it: {error}"))
            done = Acknowledged()
        if not done.again:
            payload = None if done.body is None else dict(done.body)
            await client.send_socket_mode_response(
                SocketModeResponse(envelope_id=request.envelope_id, payload=payload)
            )

    client.socket_mode_request_listeners.append(take)
    away = _AWAY[0]
    try:
        while not stop.is_set():
            try:
                await client.connect()
                break
            except Exception as error:  # noqa: BLE001 - where the troubles of connecting end
                _log.error(line("slack.not_connected", again_in=away, problem=error))
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), away)
            away = min(away * 2, _AWAY[1])
        _log.info("slack.connected by=socket")
        await stop.wait()
    finally:
        await client.close()


def _refused(status: int, why: str) -> Response:
    """No, in words of ours alone; the log says it once a minute."""
    _log.warning(line("slack.refused", status=status, why=why))
    return PlainTextResponse(why, status, headers=_NO_RETRY)


class _Front:
    """Has a call heard, and tells whoever made it when that went wrong."""

    def __init__(self, app: App) -> None:
        self._listeners = Listeners(app)

    async def take(self, call: Call) -> Acknowledged:
        """The acknowledgement; never raises."""
        try:
            return Acknowledged(await self._listeners.hear(call))
        except NotYet:
            return Acknowledged(again=isinstance(call, Event))
        except Exception as error:  # noqa: BLE001 - where a bug in an answer ends
            if isinstance(call, Event) and isinstance(error, (Recoverable, *AWAY)):
                _log.warning(line("slack.again", problem=error))
                return Acknowledged(again=True)
            return Acknowledged(await self._tell(error, call))

    async def _tell(self, error: Exception, call: Call) -> Mapping[str, Any] | None:
        """Say that it went wrong, with a reference that the log has too."""
        reference = secrets.token_hex(4)
        _log.error(line("slack.failed", reference=reference, problem=error), exc_info=error)
        said = f"Something went wrong on our side. It is logged as {reference}; please try again."
        match call:
            case Command():
                return ephemeral(said)
            case Share():
                told = {"replace_original": False, **plain_message(said)}
                await self._listeners.respond(call, told)
            case Event() if call.is_addressed:
                with suppress(BotError):  # if even this cannot be said, the log has it
                    thread = call.thread or call.ts
                    await self._listeners.post(call.channel, plain_message(said), thread=thread)
        return None
