"""A stand-in for Slack's Socket Mode on loopback: hands out envelopes and waits for their acks."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import uuid4

from aiohttp import WSMsgType, web


class SocketServer:
    """``apps.connections.open`` and the web socket it names; other calls are kept and allowed."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.opened = 0
        self._socket: web.WebSocketResponse | None = None
        self._connected = asyncio.Event()
        self._acks: dict[str, asyncio.Future[dict[str, Any]]] = {}

    async def start(self) -> None:
        application = web.Application()
        application.router.add_route("*", "/api/{method}", self._answer)
        application.router.add_post("/response", self._respond)
        application.router.add_get("/link", self._link)
        self._runner = web.AppRunner(application, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self._host = f"{host}:{port}"
        self.url = f"http://{self._host}/api/"
        self.response_url = f"http://{self._host}/response"
        #: Where a bot is told to connect to.
        self.link = f"ws://{self._host}/link"

    async def stop(self) -> None:
        if self._socket is not None:
            await self._socket.close()
        await self._runner.cleanup()

    async def connected(self, times: int = 1) -> None:
        """Wait until the bot has come that often, and is here."""
        while self.opened < times or self._socket is None:
            self._connected.clear()
            await self._connected.wait()

    async def send(self, kind: str, payload: dict[str, Any], **about: Any) -> dict[str, Any]:
        """Hand out one envelope; returns its ack."""
        assert self._socket is not None
        name = str(uuid4())
        self._acks[name] = asyncio.get_running_loop().create_future()
        envelope = {"envelope_id": name, "type": kind, "payload": payload, **about}
        await self._socket.send_json(envelope)
        return await self._acks[name]

    async def refresh(self) -> None:
        """End the connection as Slack does every few hours; the bot has to come back."""
        socket, self._socket = self._socket, None
        assert socket is not None
        await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})
        await socket.close()

    def called(self, method: str) -> list[dict[str, Any]]:
        return [arguments for name, arguments in self.calls if name == method]

    async def _answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        is_json = request.content_type == "application/json"
        self.calls.append((method, await request.json() if is_json else dict(await request.post())))
        answers: dict[str, dict[str, Any]] = {
            "apps.connections.open": {"url": self.link},
            "auth.test": {"team_id": "T0000001", "user_id": "U0000BOT", "bot_id": "B0000BOT"},
        }
        posted = {"channel": "C0000001", "ts": f"1700000000.{len(self.calls):06}"}
        return web.json_response({"ok": True, **answers.get(method, posted)})

    async def _respond(self, request: web.Request) -> web.Response:
        self.calls.append(("response_url", await request.json()))
        return web.Response(text="ok")

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1})
        self._socket = socket
        self.opened += 1
        self._connected.set()
        async for message in socket:
            if message.type is WSMsgType.TEXT and message.data.startswith("{"):
                ack = json.loads(message.data)
                waiting = self._acks.get(ack.get("envelope_id", ""))
                if waiting is not None and not waiting.done():
                    waiting.set_result(ack)
        return socket
