"""The npm package ``emulate`` as Slack: started on loopback, seeded with one channel.

It is fetched into the user's cache by the first test that needs it; 0.11.2 is the last version
that starts on Node 20. Where it cannot be had the tests are skipped, and fail where CI is set.
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
from typing import Any, Final

import aiohttp

VERSION: Final = "0.11.2"
INTEGRITY: Final = (
    "sha512-BHs1rG/yPQ4kM+9aUz7fg4MDn0MshxOs0Ch2ciuNFPsN4PfCxQWP/"
    "9DGFZx+h+RvcIwX5n+hV308Ba7SxBc6nQ=="
)
TOKEN: Final = "xoxb-local-test"
_PRELOAD = Path(__file__).with_name("loopback-only.cjs")
_SEED = {
    "slack": {
        "team": {"name": "Desk", "domain": "desk"},
        "users": [{"name": "editor", "real_name": "Desk Editor", "email": "editor@example.com"}],
        "channels": [{"name": "nato-desk", "topic": "Alerts"}],
        "bots": [{"name": "nato-brief"}],
        "tokens": [
            {
                "token": TOKEN,
                "user": "editor",
                "scopes": ["chat:write", "channels:read", "channels:history"],
            }
        ],
        "strict_scopes": True,
        "signing_secret": "local",
    }
}


class Missing(Exception):
    """The emulator cannot be had here; says why."""


def install() -> Path:
    """Its entry script, installed at the first call.

    Raises:
        Missing: Node or npm is not there, or npm cannot fetch it.
    """
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise Missing("needs Node 20 and npm (Debian: apt install nodejs npm)")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    folder = cache / "nato-brief" / f"slack-emulate-{VERSION}"
    lock = folder / "node_modules" / ".package-lock.json"
    if not lock.exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}')
        options = ("--ignore-scripts", "--fetch-retries=1", "--no-audit", "--no-fund", "--no-save")
        command = ("npm", "install", *options, f"emulate@{VERSION}")
        try:
            done = subprocess.run(
                command, cwd=folder, capture_output=True, text=True, timeout=180, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise Missing(f"npm could not fetch emulate@{VERSION} in three minutes") from error
        if done.returncode:
            last = (done.stderr.strip() or "no word why").splitlines()[-1]
            raise Missing(f"npm cannot install emulate@{VERSION}: {last}")
    # Another author's package has the same name in other versions.
    found = json.loads(lock.read_text())["packages"]["node_modules/emulate"]["integrity"]
    if found != INTEGRITY:
        shutil.rmtree(folder)
        raise AssertionError(f"emulate@{VERSION} is not the package it was: {found}")
    about = json.loads((folder / "node_modules" / "emulate" / "package.json").read_text())
    return folder / "node_modules" / "emulate" / about["bin"]["emulate"]


@dataclass
class Emulator:
    """A workspace with one channel."""

    url: str
    http: aiohttp.ClientSession
    #: Id of ``#nato-desk``.
    channel: str = ""

    async def call(self, method: str, **arguments: str) -> dict[str, Any]:
        """What a person's client would call."""
        headers = {"authorization": f"Bearer {TOKEN}"}
        async with self.http.post(f"{self.url}{method}", data=arguments, headers=headers) as answer:
            said: dict[str, Any] = await answer.json()
        assert said["ok"], (method, said)
        return said

    async def messages(self) -> list[dict[str, Any]]:
        """What stands in the channel, the newest first."""
        asked = {"channel": self.channel, "include_all_metadata": "true", "limit": "100"}
        return list((await self.call("conversations.history", **asked))["messages"])


@asynccontextmanager
async def emulator(script: Path, folder: Path) -> AsyncIterator[Emulator]:
    """Runs one; ``folder`` keeps its seed."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    seed = folder / "slack-seed.json"  # YAML that is JSON
    seed.write_text(json.dumps(_SEED))
    base = f"http://127.0.0.1:{port}"
    options = ("start", "-s", "slack", "-p", port, "--base-url", base, "--seed", str(seed))
    process = await asyncio.create_subprocess_exec(
        "node",
        "--require",
        str(_PRELOAD),
        str(script),
        *options,
        cwd=folder,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with aiohttp.ClientSession() as http:
            slack = Emulator(url=f"{base}/api/", http=http)
            await _until_ready(slack, process)
            channels = (await slack.call("conversations.list"))["channels"]
            slack.channel = next(c["id"] for c in channels if c["name"] == "nato-desk")
            yield slack
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _until_ready(slack: Emulator, process: asyncio.subprocess.Process) -> None:
    for _ in range(200):
        assert process.returncode is None, "the emulator ended at once"
        with suppress(aiohttp.ClientError):
            await slack.call("auth.test")
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the emulator did not start in 20 seconds")
