"""The Bolt app and its two transports; every unexpected error ends in one place here."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from slack_bolt import BoltResponse
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot.bootstrap.app import App
from bot.domain.errors import BotError, Recoverable
from bot.render.slack import plain_message
from bot.services.log import line
from handlers.slack.listeners import Listeners, is_addressed

PATH: Final = "/slack/events"
#: Bytes of a request; Slack sends some 10 KB.
_MOST: Final = 1024 * 1024
#: Seconds between two tries to connect: at first, at most.
_AWAY: Final = (1.0, 60.0)

_log = logging.getLogger("nato_brief.slack")


def serve_http(web: FastAPI, app: App) -> None:
    """Take signed requests on ``web``; Bolt refuses what is not signed, or five minutes old."""
    bolt = bolt_app(app)

    @web.post(PATH)
    async def take(request: Request) -> Response:
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > _MOST:
                return Response("too long", 413)
        try:
            asked = to_async_bolt_request(request, bytes(body))
        except UnicodeDecodeError:
            return Response("not UTF-8", 400)
        return to_starlette_response(await bolt.async_dispatch(asked))


async def serve_socket(app: App, stop: asyncio.Event) -> None:
    """Listen over Socket Mode until ``stop``; a Slack that is away is tried again and again."""
    assert app.settings.slack is not None  # noqa: S101 - who calls us has looked
    assert app.settings.slack.app_token is not None  # noqa: S101
    handler: Any = AsyncSocketModeHandler(  # its methods have no types
        bolt_app(app),
        app_token=app.settings.slack.app_token.reveal(),
        web_client=app.slack.api.anonymous,
        proxy=app.settings.proxy.reveal() if app.settings.proxy else None,
    )
    away = _AWAY[0]
    try:
        while not stop.is_set():
            try:
                await handler.connect_async()
                break
            except Exception as error:  # noqa: BLE001 - where the troubles of connecting end
                _log.error(line("slack.not_connected", again_in=away, problem=error))
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), away)
            away = min(away * 2, _AWAY[1])
        _log.info("slack.connected by=socket")
        await stop.wait()
    finally:
        await handler.close_async()


def bolt_app(app: App) -> AsyncApp:
    """Bolt with our listeners on it, for one transport."""
    slack = app.settings.slack
    assert slack is not None  # noqa: S101 - who calls us has looked
    bolt = AsyncApp(
        name="nato-brief",
        client=app.slack.api.anonymous,
        # Never from the environment; Socket Mode needs none.
        signing_secret=slack.signing_secret.reveal() if slack.signing_secret else "",
        authorize=_authorize(app),
        # What is answered before it is acknowledged is asked for again when this process dies.
        process_before_response=True,
    )
    listeners = Listeners(app)
    listeners.register(bolt)
    bolt.error(_Failures(listeners).tell)
    return bolt


def _authorize(app: App) -> Any:
    """Lets in the one workspace that the token is of; for others there is no token: None."""
    known: dict[str, Any] = {}

    # A plain function: Bolt looks at the names of its parameters.
    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
        if not known:
            known.update((await app.slack.api.who())[0])
        if team_id is not None and team_id != known.get("team_id"):
            _log.warning(line("slack.other_workspace", team=team_id))
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=known.get("team_id"),
            bot_user_id=known.get("user_id"),
            bot_id=known.get("bot_id"),
            bot_token=app.slack.api.client.token,
        )

    return authorize


class _Failures:
    """Tells whoever asked that it went wrong, with a reference that the log has too."""

    def __init__(self, listeners: Listeners) -> None:
        self._listeners = listeners

    async def tell(
        self, error: Exception, body: Mapping[str, Any], respond: Any
    ) -> BoltResponse | None:
        reference = secrets.token_hex(4)
        _log.error(line("slack.failed", reference=reference, problem=error), exc_info=error)
        said = plain_message(
            f"Something went wrong on our side. It is logged as {reference}; please try again."
        )
        event = body.get("event")
        if "command" in body:
            return BoltResponse(status=200, body={"response_type": "ephemeral", **said})
        if event is None:
            await respond(replace_original=False, **said)
            return BoltResponse(status=200)
        if isinstance(error, Recoverable):
            return BoltResponse(status=503)  # Slack asks again
        if not is_addressed(event):
            return BoltResponse(status=200)
        thread = event.get("thread_ts") or event["ts"]
        with suppress(BotError):  # if even this cannot be said, the log has it
            await self._listeners.post(event["channel"], said, thread=thread)
        return BoltResponse(status=200)
