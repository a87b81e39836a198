"""A stand-in for Slack's Web API on loopback: keeps messages, and fails as it is told to."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from enum import StrEnum
from typing import Any

from aiohttp import web


class Network(StrEnum):
    """What becomes of one request that posts."""

    OK = "ok"
    REQUEST_LOST = "the request is lost"
    REPLY_LOST = "the reply is lost"
    BROKEN = "5xx after posting"
    BROKEN_BEFORE = "5xx instead of posting"
    TOO_MANY = "429"
    REFUSED = "the token or the place is refused"
    LATE = "lands after the client gave up"

    @property
    def lands(self) -> bool:
        """Whether the message is there in the end."""
        return self in {Network.OK, Network.REPLY_LOST, Network.BROKEN, Network.LATE}

    @property
    def unclear(self) -> bool:
        """Whether the client cannot know."""
        return self not in {Network.OK, Network.TOO_MANY, Network.REFUSED}


class SlackServer:
    """One workspace, whose channels exist once something is posted there."""

    def __init__(self) -> None:
        #: Channel id → messages, the oldest first.
        self.messages: dict[str, list[dict[str, Any]]] = {}
        #: Every call as (method, arguments).
        self.calls: list[tuple[str, dict[str, Any]]] = []
        #: What becomes of the next posts; then all is well.
        self.network: deque[Network] = deque()
        #: Method → answers to give before its own: (status, headers, body).
        self.answers: dict[str, deque[tuple[int, dict[str, str], Any]]] = {}
        self.names = {"#nato-desk": "C0000001"}
        self.page = 200
        #: Seconds after which a late request lands.
        self.late = 0.1
        self._last = 0

    async def start(self) -> None:
        application = web.Application()
        application.router.add_route("*", "/api/{method}", self._answer)
        application.router.add_route("*", "/response", self._answer)
        self._runner = web.AppRunner(application, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.root = f"http://{host}:{port}"
        self.url = f"{self.root}/api/"

    async def stop(self) -> None:
        await self._runner.cleanup()

    def posted(self, key: str) -> list[dict[str, Any]]:
        """Messages that show the post ``key``."""
        every = (message for channel in self.messages.values() for message in channel)
        return [m for m in every if m.get("metadata", {}).get("event_payload") == {"key": key}]

    def called(self, method: str) -> list[dict[str, Any]]:
        return [arguments for name, arguments in self.calls if name == method]

    def refuse(self, method: str, error: str, *, status: int = 200, **headers: str) -> None:
        """Answer the next call of ``method`` with ``error``."""
        body = {"ok": False, "error": error}
        self.answers.setdefault(method, deque()).append((status, headers, body))

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info.get("method", "response")
        if request.content_type == "application/json":
            arguments = await request.json()
        else:
            arguments = {**request.query, **await request.post()}
        self.calls.append((method, arguments))
        if self.answers.get(method):
            status, headers, body = self.answers[method].popleft()
            return web.json_response(body, status=status, headers=headers)
        if method == "chat.postMessage":
            return await self._post(request, arguments)
        name = "_" + method.replace(".", "_")
        answer = getattr(self, name)(arguments) if hasattr(self, name) else {}
        headers = {"x-oauth-scopes": "chat:write,commands"} if method == "auth.test" else {}
        return web.json_response({"ok": True, **answer}, headers=headers)

    async def _post(self, request: web.Request, arguments: dict[str, Any]) -> web.StreamResponse:
        network = self.network.popleft() if self.network else Network.OK
        if network is Network.LATE:
            await asyncio.sleep(self.late)
        message = self._keep(arguments) if network.lands else None
        if network in {Network.REQUEST_LOST, Network.REPLY_LOST}:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if network in {Network.BROKEN, Network.BROKEN_BEFORE}:
            return web.Response(status=503, text="upstream went away")
        if network is Network.TOO_MANY:
            refusal = {"ok": False, "error": "ratelimited"}
            return web.json_response(refusal, status=429, headers={"Retry-After": "0"})
        if network is Network.REFUSED:
            return web.json_response({"ok": False, "error": "invalid_auth"})
        return web.json_response({"ok": True, "message": message, **(message or {})})

    def _keep(self, arguments: dict[str, Any]) -> dict[str, Any]:
        channel = self.names.get(arguments["channel"], arguments["channel"])
        self._last = max(self._last + 1, time.time_ns() // 1000)
        message = {
            **arguments,
            "channel": channel,
            "ts": f"{self._last // 1_000_000}.{self._last % 1_000_000:06}",
        }
        self.messages.setdefault(channel, []).append(message)
        return message

    def _chat_update(self, arguments: dict[str, Any]) -> dict[str, Any]:
        for message in self.messages[arguments["channel"]]:
            if message["ts"] == arguments["ts"]:
                message.update(arguments, edits=message.get("edits", 0) + 1)
                return {"channel": arguments["channel"], "ts": arguments["ts"]}
        return {"ok": False, "error": "message_not_found"}

    def _conversations_history(self, arguments: dict[str, Any]) -> dict[str, Any]:
        return self._messages(arguments, None)

    def _conversations_replies(self, arguments: dict[str, Any]) -> dict[str, Any]:
        return self._messages(arguments, arguments["ts"])

    def _messages(self, arguments: dict[str, Any], thread: str | None) -> dict[str, Any]:
        """The newest first, in pages."""
        first = int(arguments.get("cursor") or 0)
        found = [
            message
            for message in reversed(self.messages.get(arguments["channel"], []))
            if message.get("thread_ts") == thread
            and float(message["ts"]) > float(arguments["oldest"])
        ]
        size = min(self.page, int(arguments["limit"]))
        more = {"next_cursor": str(first + size)} if len(found) > first + size else {}
        return {"messages": found[first : first + size], "response_metadata": more}

    def _users_conversations(self, arguments: dict[str, Any]) -> dict[str, Any]:
        channels = [{"id": id_, "name": name.removeprefix("#")} for name, id_ in self.names.items()]
        return {"channels": channels}

    def _conversations_open(self, arguments: dict[str, Any]) -> dict[str, Any]:
        return {"channel": {"id": f"D{arguments['users'][1:]}"}}

    def _auth_test(self, arguments: dict[str, Any]) -> dict[str, Any]:
        return {
            "url": "https://desk.slack.example/",
            "team": "Desk",
            "team_id": "T0000001",
            "user_id": "U0000BOT",
            "bot_id": "B0000BOT",
        }


def shown(message: dict[str, Any]) -> str:
    """A message as one string, to look for something in it."""
    return json.dumps([message.get("text"), message.get("blocks")], ensure_ascii=False)
