"""Microsoft's Agents Playground, headless and on loopback, driven over its REST paths.

Its licence is for evaluation: it is installed by the test into the user's cache, never kept here,
and where it cannot be installed the tests say so and are skipped, in CI too.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

PACKAGE = "@microsoft/m365agentsplayground"
VERSION = "0.2.28"
INTEGRITY = (
    "sha512-EevhYW8xtEATwNg5eiFqTgZT0P5gjfCsLBwBWESSrB6+"
    "0lr9Yi9R27HJwjNGUlT3JQlxoWMgnvEQunUuyI/+2Q=="
)
_LOOPBACK = Path(__file__).with_name("loopback.cjs")


class Missing(Exception):
    """The Playground cannot be had here; says why."""


def install() -> Path:
    """Its entry script, installed at the first call.

    Raises:
        Missing: Node or npm is not there, or npm cannot fetch it.
    """
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise Missing("needs Node 20 and npm (Debian: apt install nodejs npm)")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    folder = cache / "nato-brief" / f"agentsplayground-{VERSION}"
    script = folder / "node_modules" / PACKAGE / "cli.js"
    if not script.exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}')
        options = ("--ignore-scripts", "--fetch-retries=1", "--no-audit", "--no-fund", "--no-save")
        command = ("npm", "install", *options, f"{PACKAGE}@{VERSION}")
        try:
            done = subprocess.run(
                command, cwd=folder, capture_output=True, text=True, timeout=180, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise Missing(f"npm could not fetch {PACKAGE}@{VERSION} in three minutes") from error
        if done.returncode:
            last = (done.stderr.strip() or "no word why").splitlines()[-1]
            raise Missing(f"npm cannot install {PACKAGE}@{VERSION}: {last}")
    lock = json.loads((folder / "node_modules" / ".package-lock.json").read_text())
    found = lock["packages"][f"node_modules/{PACKAGE}"]["integrity"]
    if found != INTEGRITY:
        shutil.rmtree(folder)
        raise AssertionError(f"{PACKAGE}@{VERSION} is not the package it was: {found}")
    return script


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Playground:
    """What a person in Teams does, and what they were shown."""

    url: str
    folder: Path
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

    async def until_sent(self, *parts: str, patience: float = 20.0) -> str:
        """Wait for a message that shows every one of ``parts``; returns its id."""
        deadline = asyncio.get_running_loop().time() + patience
        while True:
            for name, body in self.sent():
                if all(part in body for part in parts):
                    return name
            assert asyncio.get_running_loop().time() < deadline, f"never sent: {parts}"
            await asyncio.sleep(0.05)

    async def _post(self, path: str, body: dict[str, Any]) -> None:
        async with self.http.post(f"{self.url}/{path}", json=body) as answer:
            assert answer.status < 300, (path, answer.status, await answer.text())


@asynccontextmanager
async def playground(script: Path, folder: Path, *, bot: str) -> AsyncIterator[Playground]:
    """Runs one for the bot at ``bot``."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    options = ("-e", bot, "-c", "msteams", "-p", str(port), "--dt", "--er", "--su")
    process = await asyncio.create_subprocess_exec(
        "node",
        "--require",
        str(_LOOPBACK),
        str(script),
        *options,
        f"{url}/_connector",
        cwd=folder,
        env={**os.environ, "BROWSER": "none"},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with aiohttp.ClientSession() as http:
            config = await _ready(http, url, process)
            yield Playground(url=url, folder=folder, http=http, config=config)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _ready(
    http: aiohttp.ClientSession, url: str, process: asyncio.subprocess.Process
) -> dict[str, Any]:
    for _ in range(300):
        assert process.returncode is None, "the Playground ended at once"
        try:
            async with http.get(f"{url}/_internal/v1/config") as answer:
                return dict((await answer.json())["config"])
        except aiohttp.ClientError:
            await asyncio.sleep(0.1)
    raise AssertionError("the Playground did not start in 30 seconds")
