"""The route: who calls, then what; what is for us goes to the SDK, and its answer back.

Nothing that Microsoft did not sign for this bot gets further than ``_take``: it is refused in
fixed words, and neither read, kept nor logged. What is signed, but of a kind or shape that nobody
here listens to, does not reach the SDK either, which would fail over it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from bot.services.log import line, logger
from handlers.body import body_of
from handlers.teams.sdk import (
    ActivityBase,
    ActivityTypeAdapter,
    CoreActivity,
    HttpMethod,
    HttpRequest,
    HttpRouteHandler,
)
from handlers.teams.verify import Verifier, bearer

#: Bytes of a request; Teams sends at most some 100 KB.
_MOST: Final = 512 * 1024
#: Kinds of activities that somebody listens to.
KINDS: Final = frozenset({"message", "installationUpdate", "conversationUpdate"})
#: What Teams calls itself among the channels of a bot; others let their users write anything.
_TEAMS: Final = "msteams"

_log = logger("teams")


class Binding:
    """Binds the SDK to our web host; it never listens on its own."""

    def __init__(self, web: FastAPI, verifier: Verifier | None) -> None:
        self._web = web
        #: None where anybody on this machine may call.
        self._verifier = verifier
        self._handler: HttpRouteHandler | None = None
        #: Awaited before the first request is handled; set by who hosts the SDK.
        self.ready: Callable[[], Awaitable[None]] | None = None

    def register_route(self, method: HttpMethod, path: str, handler: HttpRouteHandler) -> None:
        """What the SDK wants called; the route itself stands since ``serve``."""
        self._handler = handler

    def serve(self, path: str) -> None:
        """Add the route."""
        self._web.post(path)(self._take)

    def serve_static(self, path: str, directory: str) -> None:
        """Nothing: no files are served."""

    async def start(self, port: int) -> None:
        """Nothing: our own host listens."""

    async def stop(self) -> None:
        """Nothing: our own host ends."""

    async def _take(self, request: Request) -> Response:
        service: str | None = None
        if self._verifier is not None:
            token = bearer(request.headers.raw)
            service = await self._verifier.service_of(token) if token else None
            if service is None:
                return _refused(401, "not signed for this bot")
        raw = await body_of(request, most=_MOST)
        if raw is None:
            return _refused(413, "too long")
        try:
            body = msgspec.json.decode(raw, type=dict[str, Any])
            kind = body.get("type")
            if isinstance(kind, str) and kind not in KINDS:
                return Response()
            told = _activity(body)
        except (ValueError, RecursionError):
            return _refused(400, "not as Teams writes it")
        if service is not None and (told.service_url or "").rstrip("/") != service.rstrip("/"):
            return _refused(401, "not signed for this service")
        if body.get("channelId") != _TEAMS:
            _log.warning(line("teams.left_alone", why="another chat platform"))
            return Response()
        if self.ready is not None:
            await self.ready()
        assert self._handler is not None  # noqa: S101 - ``ready`` has it registered
        answer = await self._handler(HttpRequest(body=body, headers=dict(request.headers)))
        content = answer.get("body")
        if content is None:
            return Response(status_code=answer["status"])
        return JSONResponse(content, answer["status"])


def _activity(body: Mapping[str, Any]) -> ActivityBase:
    """``body`` as the SDK will read it; raises ValueError where it would fail."""
    core = CoreActivity.model_validate(body)
    told: ActivityBase = ActivityTypeAdapter.validate_python(
        core.model_dump(by_alias=True, exclude_none=True)
    )
    if not told.conversation.id:
        raise ValueError("said nowhere")
    return told


def _refused(status: int, why: str) -> Response:
    """No, in words of ours alone; the log says it once a minute."""
    _log.warning(line("teams.refused", status=status, why=why))
    return JSONResponse({"error": why}, status)
