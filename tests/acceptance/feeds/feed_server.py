"""A local HTTP server on several loopback addresses; every test writes what its paths answer.

answers[path]   bytes, an Answer, or a coroutine function that has the request in its hands
asked           every request, in order: path and headers
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web

#: Hosts, for all that politeness knows: 127.0.0.1 to 127.0.0.24.
HOSTS = tuple(f"127.0.0.{n}" for n in range(1, 25))


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer, the same for every request."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request."""

    path: str
    headers: dict[str, str]

    @property
    def conditional(self) -> bool:
        """Whether it carries a validator."""
        return bool({"If-None-Match", "If-Modified-Since"} & self.headers.keys())


Script = Callable[[web.Request], Awaitable[web.StreamResponse]]


class FeedServer:
    """Answers by the table; what is not there is a 404."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes | Answer | Script] = {}
        self.asked: list[Asked] = []
        self.port = 0
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen, on the same port as before if there was one."""
        application = web.Application()
        application.router.add_get("/{path:.*}", self._answer)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        for host in HOSTS:
            site = web.TCPSite(self._runner, host, self.port, reuse_address=True)
            await site.start()
            self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Refuse connections from now on."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def url(self, path: str, *, host: str = HOSTS[0]) -> str:
        """The address of a path."""
        return f"http://{host}:{self.port}{path}"

    def times_asked(self, path: str) -> int:
        """Requests for a path so far."""
        return sum(asked.path == path for asked in self.asked)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(Asked(path=request.path, headers=dict(request.headers)))
        answer = self.answers.get(request.path)
        if answer is None:
            return web.Response(status=404)
        if isinstance(answer, bytes):
            answer = Answer(body=answer)
        if isinstance(answer, Answer):
            return web.Response(body=answer.body, status=answer.status, headers=answer.headers)
        return await answer(request)


def validating(
    document: Callable[[], bytes], *, etag: str | None = None, last_modified: str | None = None
) -> Script:
    """Answers 304 to any request with a validator, whatever ``document`` has become."""
    headers = {"ETag": etag, "Last-Modified": last_modified}
    sent = {name: value for name, value in headers.items() if value}

    async def answer(request: web.Request) -> web.StreamResponse:
        if {"If-None-Match", "If-Modified-Since"} & request.headers.keys():
            return web.Response(status=304, headers=sent)
        return web.Response(body=document(), headers=sent)

    return answer


def raw(data: bytes, *, hang: asyncio.Event | None = None) -> Script:
    """Writes these bytes as the whole answer, then hangs up; at once, or when told."""

    async def answer(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.write(data)
        if hang is not None:
            await hang.wait()
        request.transport.close()
        return web.Response()

    return answer


def dripping(data: bytes, *, every: float) -> Script:
    """Sends one byte at a time."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for byte in data:
            await response.write(bytes((byte,)))
            await asyncio.sleep(every)
        return response

    return answer
