"""Microsoft's Agents Playground, headless and on loopback, driven over its REST paths."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from tests.acceptance.npm import Package, free_port, running_alone
from tests.processes import Processes

PLAYGROUND = Package(
    name="@microsoft/m365agentsplayground",
    version="0.2.28",
    integrity="sha512-EevhYW8xtEATwNg5eiFqTgZT0P5gjfCsLBwBWESSrB6+"
    "0lr9Yi9R27HJwjNGUlT3JQlxoWMgnvEQunUuyI/+2Q==",
)


@dataclass
class Playground:
    """What a person in Teams does, and what they were shown."""

    url: str
    folder: Path
    program: Processes
    http: aiohttp.ClientSession
    config: dict[str, Any]

    @property
    def personal(self) -> str:
        """Id of the chat with the bot."""
        return str(self.config["personalChat"]["id"])

    @property
    def team(self) -> dict[str, Any]:
        """The one team."""
        return dict(self.config["teams"][0])

    async def install(self, conversation: str) -> None:
        """Add the app."""
        await self._post(f"_debug/conversation/{conversation}/installation", {})

    async def say(self, conversation: str, text: str) -> None:
        """Type a line in a chat."""
        await self._post(
            f"_conversation/v1/conversations/{conversation}/messages",
            {
                "type": "text",
                "text": text,
                "textFormat": "plain",
                "from": {"id": self.config["currentUser"]["id"]},
            },
        )

    def sent(self) -> tuple[tuple[str, str], ...]:
        """(id of the message, its text) of each message the bot posted or edited, in order."""
        found = []
        for file in (self.folder / "devTools").glob("events_recording_*.log"):
            for part in file.read_text().split("\n---\n"):
                # The last one may be half written.
                with suppress(ValueError):
                    event = json.loads(part.strip().strip("-"))
                    if event["direction"].startswith("User App") and "messageId" in event:
                        body = json.dumps(event["request"], ensure_ascii=False)
                        found.append((event["timestamp"], event["messageId"], body))
        return tuple((name, body) for _, name, body in sorted(found))

    async def until_sent(self, *parts: str) -> str:
        """Wait for a message that shows every one of ``parts``; returns its id."""

        def found() -> str | None:
            shows = (n for n, body in self.sent() if all(part in body for part in parts))
            return next(shows, None)

        return str(await self.program.until(found, every=0.05))

    async def _post(self, path: str, body: dict[str, Any]) -> None:
        async with self.http.post(f"{self.url}/{path}", json=body) as answer:
            assert answer.status < 300, (path, answer.status, await answer.text())


@asynccontextmanager
async def playground(script: Path, folder: Path, *, bot: str) -> AsyncIterator[Playground]:
    """Runs one for the bot at ``bot``."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    options = ("-e", bot, "-c", "msteams", "-p", str(port), "--dt", "--er", "--su")
    with running_alone(script, *options, f"{url}/_connector", folder=folder) as program:
        async with aiohttp.ClientSession() as http:
            config = await program.until(lambda: _config(http, url), every=0.1)
            yield Playground(url=url, folder=folder, program=program, http=http, config=config)


async def _config(http: aiohttp.ClientSession, url: str) -> dict[str, Any] | None:
    try:
        async with http.get(f"{url}/_internal/v1/config") as answer:
            return dict((await answer.json())["config"])
    except aiohttp.ClientError:
        return None
