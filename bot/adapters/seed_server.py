"""The demo's feeds and pages on loopback, as they stood before, after and later that day.

The seeds folder names ``http://seeds.invalid`` wherever a feed or page names itself or another;
served, that base is the server's own address. Everything is read once at the start, so a request
is a look-up and can reach no other file.

    before/NAME  after/NAME  later/NAME      →  /feeds/NAME           (a stage that lacks a feed
    pages/OUTLET/SLUG.html                   →  /OUTLET/SLUG.html      shows the one before it)
    later/pages/OUTLET/SLUG.html             →  the same, from that stage on
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

#: Stands in the files where the server's address belongs.
BASE = "http://seeds.invalid"
#: In the order in which they are shown.
STAGES = ("before", "after", "later")

_ROBOTS = b"User-agent: *\nAllow: /\n"
#: What a feed document holds → its content type; the charset is left to the document.
_FEED_TYPES = (
    (b"<rss", "application/rss+xml"),
    (b"<rdf:RDF", "application/rdf+xml"),
    (b"<feed", "application/atom+xml"),
    (b"jsonfeed.org/version", "application/feed+json"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """One body, ready to be sent."""

    body: bytes
    content_type: str
    #: Strong, without the quotation marks.
    etag: str


class SeedServer:
    """An HTTP server for one seeds folder, on 127.0.0.1 and a free port."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stage = STAGES[0]
        self._answers: dict[str, dict[str, _Answer]] = {}
        self._runner: web.AppRunner | None = None
        self._base = ""

    async def start(self) -> str:
        """Serve the stage ``before``, or the one shown last; returns the base URL, no slash.

        Raises:
            FileNotFoundError: the folder holds no feed of the stage ``before``.
        """
        application = web.Application()
        application.router.add_get("/{path:.*}", self._answer)
        files = _files(self._folder)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        self._answers = {
            stage: {path: _ready(path, body, base=base) for path, body in bodies.items()}
            for stage, bodies in files.items()
        }
        self._runner, self._base = runner, base
        return base

    def show(self, stage: str) -> None:
        """Serve another stage from the next request on.

        Raises:
            ValueError: there is no such stage.
        """
        if stage not in STAGES:
            raise ValueError(f"no stage {stage!r}; there are {', '.join(STAGES)}")
        self._stage = stage

    def lasting(self, document: str) -> str:
        """``document`` with links to the files of the pages, which outlast this server."""
        folder = self._folder.resolve()

        def file(link: re.Match[str]) -> str:
            found = (folder / stage / "pages" / link[1] for stage in reversed(STAGES))
            return next(filter(Path.is_file, found), folder / "pages" / link[1]).as_uri()

        return re.sub(re.escape(self._base) + r"/([\w/-]+\.html)", file, document)

    async def stop(self) -> None:
        """Close every connection and free the port; harmless when nothing runs."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        answer = self._answers[self._stage].get(request.path)
        if answer is None:
            return web.Response(status=404, text="There is nothing here.\n")
        headers = {"ETag": f'"{answer.etag}"', "Content-Type": answer.content_type}
        held = request.if_none_match or ()
        if any(tag.value in (answer.etag, "*") for tag in held):
            return web.Response(status=304, headers=headers)
        return web.Response(body=answer.body, headers=headers)


def _files(folder: Path) -> dict[str, dict[str, bytes]]:
    """Stage → request path → bytes as they stand in the folder."""
    shown = {"/robots.txt": _ROBOTS, **_pages(folder / "pages")}
    stages = {}
    for stage in STAGES:
        feeds = sorted(path for path in (folder / stage).glob("*.*") if path.is_file())
        if stage == STAGES[0] and not feeds:
            raise FileNotFoundError(f"no feeds in {folder / stage}")
        shown = {
            **shown,
            **{f"/feeds/{path.name}": path.read_bytes() for path in feeds},
            **_pages(folder / stage / "pages"),
        }
        stages[stage] = shown
    return stages


def _pages(folder: Path) -> dict[str, bytes]:
    """Request path → bytes of the pages below ``folder``; nothing when it is missing."""
    return {
        f"/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for path in sorted(folder.glob("*/*.html"))
    }


def _ready(path: str, body: bytes, *, base: str) -> _Answer:
    body = body.replace(BASE.encode(), base.encode())
    return _Answer(
        body=body,
        content_type=_content_type(path, body),
        etag=hashlib.blake2b(body, digest_size=12).hexdigest(),
    )


def _content_type(path: str, body: bytes) -> str:
    if path.startswith("/feeds/"):
        return next((kind for sign, kind in _FEED_TYPES if sign in body[:1000]), "application/xml")
    return "text/html; charset=utf-8" if path.endswith(".html") else "text/plain; charset=utf-8"
