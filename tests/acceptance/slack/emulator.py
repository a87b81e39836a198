"""The npm package ``emulate`` as Slack: started on loopback, seeded with one channel.

0.11.2 is the last version that starts on Node 20.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import aiohttp

from tests.acceptance.npm import Package, free_port, running_alone

EMULATE: Final = Package(
    name="emulate",  # in other versions it is another author's
    version="0.11.2",
    integrity="sha512-BHs1rG/yPQ4kM+9aUz7fg4MDn0MshxOs0Ch2ciuNFPsN4PfCxQWP/"
    "9DGFZx+h+RvcIwX5n+hV308Ba7SxBc6nQ==",
)
TOKEN: Final = "xoxb-local-test"
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
    port = str(free_port())
    seed = folder / "slack-seed.json"  # YAML that is JSON
    seed.write_text(json.dumps(_SEED))
    base = f"http://127.0.0.1:{port}"
    options = ("start", "-s", "slack", "-p", port, "--base-url", base, "--seed", str(seed))
    with running_alone(script, *options, folder=folder) as program:
        async with aiohttp.ClientSession() as http:
            slack = Emulator(url=f"{base}/api/", http=http)
            await program.until(lambda: _ready(slack), every=0.1)
            channels = (await slack.call("conversations.list"))["channels"]
            slack.channel = next(c["id"] for c in channels if c["name"] == "nato-desk")
            yield slack


async def _ready(slack: Emulator) -> bool:
    try:
        return bool(await slack.call("auth.test"))
    except aiohttp.ClientError:
        return False
