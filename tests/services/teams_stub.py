"""A Teams on loopback: token endpoint, connector and webhook, which answer as told."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.services.slack_server import Network


@dataclass
class TeamsStub:
    """What was asked, and what to answer next."""

    #: (method, path, body, authorization) of each call, in order.
    calls: list[tuple[str, str, Any, str]] = field(default_factory=list)
    #: (status, headers, body) of the next answers; then success.
    answers: list[tuple[int, dict[str, str], Any]] = field(default_factory=list)
    #: What becomes of the next cards; then all is well.
    network: deque[Network] = field(default_factory=deque)
    #: Seconds after which a late card lands, and the status of one that broke.
    late: float = 0.1
    broken: int = 503
    #: The cards that stand there, the oldest first.
    cards: list[dict[str, Any]] = field(default_factory=list)
    #: Set to keep every answer back until it is set.
    hold: asyncio.Event | None = None
    #: Close the connection in place of an answer.
    hang_up: bool = False
    #: Tokens given out, and the answer to the next login instead of a token.
    logins: int = 0
    refuse_login: int = 0
    url: str = ""

    @property
    def posted(self) -> list[tuple[str, str, Any]]:
        """Calls to the connector or webhook without their tokens."""
        return [call[:3] for call in self.calls]

    @property
    def service(self) -> str:
        """The service URL that activities name."""
        return f"{self.url}/connector"

    async def login(self, request: web.Request) -> web.Response:
        """The token endpoint."""
        form = await request.post()
        assert form["grant_type"] == "client_credentials"
        assert form["scope"] == "https://api.botframework.com/.default"
        if self.refuse_login:
            return web.json_response({"error": "invalid_client"}, status=self.refuse_login)
        self.logins += 1
        return web.json_response({"access_token": f"token-{self.logins}", "expires_in": 3600})

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Anything else."""
        text = await request.text()
        body = json.loads(text) if text else None
        allowed = request.headers.get("Authorization", "")
        self.calls.append((request.method, request.path, body, allowed))
        if self.hold is not None:
            await self.hold.wait()
        if self.hang_up:
            assert request.transport is not None
            request.transport.abort()
        if self.answers:
            status, headers, said = self.answers.pop(0)
            return web.json_response(said, status=status, headers=headers)
        if request.method == "POST" and (refusal := await self._land(body, request)) is not None:
            return refusal
        if request.method == "GET":
            return web.json_response(
                {"conversations": [{"id": "19:g@t"}, {"id": "19:b@t", "name": "Baltics"}]}
            )
        return web.json_response({"id": f"170000000000{len(self.calls)}"}, status=201)

    async def _land(self, card: dict[str, Any], request: web.Request) -> web.Response | None:
        """Keep a card, or not; None where it is answered as usual."""
        network = self.network.popleft() if self.network else Network.OK
        if network is Network.LATE:
            await asyncio.sleep(self.late)
        if network.lands:
            self.cards.append(card)
        if network in {Network.REQUEST_LOST, Network.REPLY_LOST}:
            assert request.transport is not None
            request.transport.abort()
        if network in {Network.BROKEN, Network.BROKEN_BEFORE}:
            return web.Response(status=self.broken, text="upstream went away")
        if network is Network.TOO_MANY:
            return web.Response(status=429, headers={"Retry-After": "0"})
        if network is Network.REFUSED:
            return web.Response(status=403)
        return None


@asynccontextmanager
async def teams_stub() -> AsyncIterator[TeamsStub]:
    """Serves one for as long as it is needed."""
    stub = TeamsStub()
    app = web.Application()
    app.router.add_post("/login/{tenant}/oauth2/v2.0/token", stub.login)
    app.router.add_route("*", "/{rest:.*}", stub.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    stub.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield stub
    finally:
        if stub.hold is not None:
            stub.hold.set()
        await runner.cleanup()
