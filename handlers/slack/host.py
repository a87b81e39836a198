"""Bolt, its two transports and the door before it; every unexpected error ends in one place here.

Nothing that was not signed for us gets further than ``take``: it is refused in fixed words, and
neither read, kept nor logged.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse
from slack_bolt import BoltResponse
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.adapter.starlette.async_handler import to_starlette_response
from slack_bolt.async_app import AsyncApp, AsyncBoltContext, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult

from bot.bootstrap.app import App
from bot.bootstrap.health import AWAY
from bot.domain.errors import BotError, NotYet, Recoverable
from bot.render.slack import plain_message
from bot.services.log import line
from handlers.body import body_of
from handlers.slack.calls import Unheard, Unknown, Unreadable, fitting, over_http
from handlers.slack.listeners import Listeners, is_addressed
from handlers.slack.signature import claim

PATH: Final = "/slack/events"
FOREIGN: Final = "This bot works for another workspace and does not answer here."
#: Bytes of a request; Slack sends some 10 KB.
_MOST: Final = 1024 * 1024
#: Seconds between two tries to connect: at first, at most.
_AWAY: Final = (1.0, 60.0)
#: Slack does not repeat what is answered with this.
_NO_RETRY: Final = {"X-Slack-No-Retry": "1"}

_log = logging.getLogger("nato_brief.slack")


def serve_http(web: FastAPI, app: App) -> None:
    """Take requests on ``web`` that are signed and not five minutes old."""
    slack = app.settings.slack
    assert slack is not None  # noqa: S101 - who calls us has looked
    assert slack.signing_secret is not None  # noqa: S101
    secret, behind = slack.signing_secret, Behind(app)

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
            said = over_http(body, kinds[0] if len(kinds) == 1 else "")
            return to_starlette_response(await behind.take(said))
        except Unknown:
            return _refused(415, "neither JSON nor a form")
        except Unreadable as error:
            return _refused(400, f"not as Slack writes it: {error}")


async def serve_socket(app: App, stop: asyncio.Event) -> None:
    """Listen over Socket Mode until ``stop``; a Slack that is away is tried again and again."""
    slack = app.settings.slack
    assert slack is not None  # noqa: S101 - who calls us has looked
    assert slack.app_token is not None  # noqa: S101
    quiet = logging.getLogger("nato_brief.slack.socket")
    quiet.setLevel(logging.INFO)  # below, it writes down every message
    behind = Behind(app)
    handler: Any = _Socket(  # its methods have no types
        behind.bolt,
        app_token=slack.app_token.reveal(),
        web_client=app.slack.api.anonymous,
        proxy=app.settings.proxy.reveal() if app.settings.proxy else None,
        logger=quiet,
    )
    handler.behind = behind
    connecting = asyncio.create_task(_connect(handler))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({connecting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        await stopping
    finally:
        connecting.cancel()  # Slack's library tries for ever on its own, and asks nobody
        stopping.cancel()
        await asyncio.wait({connecting, stopping})
        await handler.close_async()


async def _connect(handler: Any) -> None:
    """Come through to Slack, however long it takes."""
    away = _AWAY[0]
    while True:
        try:
            await handler.connect_async()
            break
        except Exception as error:  # noqa: BLE001 - where the troubles of connecting end
            _log.error(line("slack.not_connected", again_in=away, problem=error))
        await asyncio.sleep(away)
        away = min(away * 2, _AWAY[1])
    _log.info("slack.connected by=socket")


def _refused(status: int, why: str) -> Response:
    """No, in words of ours alone; the log says it once a minute."""
    _log.warning(line("slack.refused", status=status, why=why))
    return PlainTextResponse(why, status, headers=_NO_RETRY)


class Behind:
    """Bolt with our listeners on it, behind the door of one transport."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._listeners = Listeners(app)
        #: Whose the token is, once Slack has said so.
        self._known: dict[str, Any] = {}

        # A plain function: Bolt looks at the names of its parameters.
        async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
            known = await self._ours()
            return AuthorizeResult(
                enterprise_id=enterprise_id,
                team_id=team_id,
                bot_user_id=known.get("user_id"),
                bot_id=known.get("bot_id"),
                bot_token=app.slack.api.client.token,
            )

        self.bolt = AsyncApp(
            name="nato-brief",
            client=app.slack.api.anonymous,
            before_authorize=self._only_ours,
            authorize=authorize,
            # The door has verified, and Socket Mode needs it not. Never from the environment.
            signing_secret="",
            request_verification_enabled=False,
            # What is answered before it is acknowledged is asked for again when this process dies.
            process_before_response=True,
        )
        self._listeners.register(self.bolt)
        self.bolt.error(self._tell)

    async def take(self, said: Mapping[str, Any]) -> BoltResponse:
        """The answer to what Slack says; raises Unreadable."""
        with suppress(*AWAY):
            # Whatever is heard may mean that what was refused works: an invitation, a new token.
            await self._app.waiting.hasten("slack")
        try:
            body = fitting(said)
        except Unheard as unheard:
            return BoltResponse(status=200, body=dict(unheard.answer or {}) or "")
        # A body that was read already is what Bolt knows from Socket Mode.
        return await self.bolt.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))

    async def _ours(self) -> Mapping[str, Any]:
        if not self._known:
            self._known.update((await self._app.slack.api.who())[0])
        return self._known

    async def _only_ours(
        self,
        body: Mapping[str, Any],
        context: AsyncBoltContext,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - Bolt looks at the names
    ) -> BoltResponse:
        """Tell who asks from another workspace, and them alone, that nobody answers there."""
        if context.team_id == (await self._ours()).get("team_id"):
            return await next()
        _log.warning(line("slack.other_workspace", team=context.team_id))
        if "command" in body:
            return _ephemeral(FOREIGN)
        if "actions" in body:
            await self._listeners.respond(body, plain_message(FOREIGN), replace=False)
        return BoltResponse(status=200)

    async def _tell(self, error: Exception, body: Mapping[str, Any]) -> BoltResponse:
        """Tell whoever asked that it went wrong, with a reference that the log has too."""
        event = body.get("event")
        if event is not None and isinstance(error, (Recoverable, *AWAY)):
            _log.info(line("slack.again", problem=error))
            return BoltResponse(status=503)  # Slack asks again
        if isinstance(error, NotYet):
            return BoltResponse(status=200)
        reference = secrets.token_hex(4)
        _log.error(line("slack.failed", reference=reference, problem=error), exc_info=error)
        said = f"Something went wrong on our side. It is logged as {reference}; please try again."
        if "command" in body:
            return _ephemeral(said)
        if event is None:
            await self._listeners.respond(body, plain_message(said), replace=False)
        elif is_addressed(event):
            with suppress(BotError):  # if even this cannot be said, the log has it
                thread = event.get("thread_ts") or event["ts"]
                await self._listeners.post(event["channel"], plain_message(said), thread=thread)
        return BoltResponse(status=200)


class _Socket(AsyncSocketModeHandler):
    """Bolt's handler, with our reading of what comes."""

    behind: Behind

    async def handle(self, client: Any, req: Any) -> None:
        try:
            answer = await self.behind.take(req.payload)
        except Unreadable as error:
            _log.warning(line("slack.refused", why=f"not as Slack writes it: {error}"))
            answer = BoltResponse(status=200)
        await send_async_response(client, req, answer, time.time())


def _ephemeral(text: str) -> BoltResponse:
    """``text`` as the answer to a command, for who typed it."""
    return BoltResponse(status=200, body={"response_type": "ephemeral", **plain_message(text)})
