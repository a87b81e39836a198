"""The route: a request of bearable size that is a JSON object → the SDK → its answer."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from handlers.teams.sdk import HttpMethod, HttpRequest, HttpRouteHandler

#: Bytes of a request; Teams sends at most some 100 KB.
_MOST: Final = 512 * 1024


class Binding:
    """Binds the SDK to our web host; it never listens on its own."""

    def __init__(self, web: FastAPI) -> None:
        self._web = web
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
        raw = bytearray()
        async for chunk in request.stream():
            raw += chunk
            if len(raw) > _MOST:
                return JSONResponse({"error": "too large"}, 413)
        try:
            body = json.loads(raw)
        except (ValueError, RecursionError):
            return JSONResponse({"error": "not JSON"}, 400)
        if not isinstance(body, dict):
            return JSONResponse({"error": "not an activity"}, 400)
        if self.ready is not None:
            await self.ready()
        assert self._handler is not None  # noqa: S101 - ``ready`` has it registered
        answer = await self._handler(HttpRequest(body=body, headers=dict(request.headers)))
        content = answer.get("body")
        if content is None:
            return Response(status_code=answer["status"])
        return JSONResponse(content, answer["status"])
