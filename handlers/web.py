"""The web host: pages with every post, health and metrics; on loopback unless told otherwise."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator

import uvicorn
from fastapi import FastAPI, Response
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse

from bot.bootstrap.app import App
from bot.bootstrap.health import figures, problems
from bot.domain.errors import Unavailable
from bot.render.atom import atom_feed
from bot.render.html import page
from bot.render.metrics import metrics_text
from handlers.slack import mount_slack
from handlers.teams import mount_teams

#: Posts on the front page and in the Atom feed.
SHOWN = 50


def asgi(app: App) -> FastAPI:
    """The routes; each is one read of the stores and one renderer."""
    web = FastAPI(title="nato-brief", docs_url=None, redoc_url=None, openapi_url=None)

    @web.get("/", response_class=HTMLResponse)
    async def front() -> str:
        return page(await app.published(SHOWN), made=app.clock.now())

    @web.get("/posts/{handle}", response_class=HTMLResponse)
    async def one(handle: str) -> Response:
        found = [p for p in await app.published(SHOWN) if p.handle == f"/posts/{handle}"]
        if not found:
            return PlainTextResponse("No such post, or it is too old to be shown.", 404)
        return HTMLResponse(page(found, made=app.clock.now()))

    @web.get("/feed.atom")
    async def feed() -> Response:
        posts = await app.published(SHOWN)
        text = atom_feed(posts, base=f"http://{app.settings.host}:{app.settings.port}")
        return Response(text, media_type="application/atom+xml")

    @web.get("/healthz")
    async def health() -> Response:
        found = await problems(app)
        return JSONResponse({"ok": not found, "problems": found}, 503 if found else 200)

    @web.get("/metrics", response_class=PlainTextResponse)
    async def metrics() -> str:
        return metrics_text(await figures(app))

    mount_slack(web, app)
    mount_teams(web, app)
    return web


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers: the role's stop event ends it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve_web(app: App, stop: asyncio.Event) -> None:
    """Serve until ``stop`` is set.

    Raises:
        Unavailable: the address is taken.
    """
    server = _Server(
        uvicorn.Config(
            asgi(app),
            host=app.settings.host,
            port=app.settings.port,
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
    try:
        await serving
    except SystemExit as error:  # uvicorn's way to say that it cannot bind
        address = f"{app.settings.host}:{app.settings.port}"
        raise Unavailable(
            f"cannot listen on {address}: it is taken; set NATO_BRIEF_LISTEN to another HOST:PORT"
        ) from error
