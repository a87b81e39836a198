"""The web host: pages with every post, health and metrics; on loopback unless told otherwise."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterator, Sequence
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse

from bot.bootstrap.app import App
from bot.bootstrap.health import AWAY, figures, not_ready, problems
from bot.domain.errors import Unavailable, cause
from bot.render.atom import atom_feed
from bot.render.html import page
from bot.render.metrics import metrics_text
from handlers.access import Access, Guarded
from handlers.connection import Bounded
from handlers.slack import mount_slack
from handlers.teams import mount_teams

#: Posts on the front page and in the Atom feed.
SHOWN = 50
#: Monitors and link checkers ask by HEAD.
_READ = ["GET", "HEAD"]

_log = logging.getLogger("nato_brief.web")


def asgi(app: App) -> Guarded:
    """The routes, behind their access rules; each is one read of the stores and one renderer."""
    access = Access(app.settings)
    web = FastAPI(title="nato-brief", docs_url=None, redoc_url=None, openapi_url=None)

    @web.api_route("/", methods=_READ, response_class=HTMLResponse)
    async def front() -> str:
        return page(await app.published(SHOWN), made=app.clock.now(), feed=access.feed)

    @web.api_route("/posts/{handle}", methods=_READ, response_class=HTMLResponse)
    async def one(handle: str) -> Response:
        found = [p for p in await app.published(SHOWN) if p.handle == f"/posts/{handle}"]
        if not found:
            return PlainTextResponse("No such post, or it is too old to be shown.", 404)
        return HTMLResponse(page(found, made=app.clock.now(), feed=access.feed))

    @web.api_route("/feed.atom", methods=_READ)
    async def feed(request: Request) -> Response:
        posts, here = await app.published(SHOWN), str(request.base_url).rstrip("/")
        text = atom_feed(posts, base=app.settings.web_url, here=here, feed=access.feed)
        return Response(text, media_type="application/atom+xml")

    @web.api_route("/healthz", methods=_READ)
    async def health(request: Request) -> Response:
        found = await problems(app)
        return _verdict(found, detailed=access.authorised(request))

    @web.api_route("/readyz", methods=_READ)
    async def ready(request: Request) -> Response:
        found = await not_ready(app)
        return _verdict(found, detailed=access.authorised(request))

    @web.api_route("/metrics", methods=_READ)
    async def metrics() -> Response:
        text = metrics_text(await figures(app))
        return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")

    for kind in AWAY:
        web.add_exception_handler(kind, _away)
    mount_slack(web, app)
    mount_teams(web, app)
    return Guarded(web, access)


def _verdict(found: Sequence[str], *, detailed: bool) -> Response:
    """Whether all is well for anybody, and what is not for those who may know."""
    details = {"problems": list(found)} if detailed else {}
    return JSONResponse({"ok": not found, **details}, 503 if found else 200)


async def _away(request: Request, error: Exception) -> Response:
    """The stores cannot be read now; they are asked again with the next request."""
    _log.warning("web.away path=%s problem=%r", request.url.path, cause(error))
    said = "The bot cannot reach its server at the moment. Please try again in a minute."
    return PlainTextResponse(said, 503, headers={"Retry-After": "30"})


class _Server(uvicorn.Server):
    """uvicorn that neither handles signals nor ends the process: that is up to the role."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[Any] | None = None) -> None:
        try:
            await super().startup(sockets)
        except SystemExit as error:  # its way to say that it cannot bind
            raise Unavailable(
                f"cannot listen on {self.config.host}:{self.config.port} ({error.__context__});"
                " set NATO_BRIEF_LISTEN to another HOST:PORT"
            ) from error
        for server in self.servers:
            for bound in server.sockets:
                host, port, *_ = bound.getsockname()
                _log.info(
                    "web.listening url=http://%s:%d/", f"[{host}]" if ":" in host else host, port
                )


async def serve_web(app: App, stop: asyncio.Event, *, protocol: type[Bounded] = Bounded) -> None:
    """Serve until ``stop`` is set.

    Raises:
        Unavailable: the address is taken, or none of ours.
    """
    server = _Server(
        uvicorn.Config(
            asgi(app),
            host=app.settings.host,
            port=app.settings.port,
            http=protocol,
            ws="none",
            h11_max_incomplete_event_size=16 * 1024,
            access_log=False,
            log_config=None,
            lifespan="off",
            timeout_graceful_shutdown=3,
        )
    )
    serving = asyncio.create_task(server.serve())
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    server.should_exit = True
    await serving
