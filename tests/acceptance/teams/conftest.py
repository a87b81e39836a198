"""The bot on its own web host, and the Playground in front of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import uvicorn

from bot.bootstrap.app import App
from bot.bootstrap.settings import Settings
from bot.bootstrap.teams import TeamsSettings
from bot.domain.channels import Configuration
from handlers.web import asgi
from tests.acceptance.npm import free_port
from tests.acceptance.teams.playground import PLAYGROUND, Playground, playground
from tests.missing import needed

#: The Playground's only tenant.
TENANT = "00000000-0000-0000-0000-0000000000001"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "playground: drives Microsoft's Agents Playground (npm)")


@dataclass
class Teams:
    """Both sides of the conversation."""

    app: App
    people: Playground


@pytest.fixture(scope="session")
def script():
    return needed(PLAYGROUND.install)


@pytest.fixture
async def teams(script, redis, clock, tag, tmp_path) -> AsyncIterator[Teams]:
    port = free_port()
    settings = Settings(
        config_dir=tmp_path,
        data_dir=tmp_path,
        tag=tag.strip("{}"),
        port=port,
        teams=TeamsSettings(client_id="nato-brief", tenant=TENANT, insecure=True),
    )
    app = App(settings, Configuration(), redis, clock=clock)
    config = uvicorn.Config(asgi(app), host="127.0.0.1", port=port, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve())
    folder = tmp_path / "playground"
    folder.mkdir()
    try:
        async with playground(
            script, folder, bot=f"http://127.0.0.1:{port}/api/messages"
        ) as people:
            yield Teams(app=app, people=people)
    finally:
        server.should_exit = True
        await serving
        await app.teams_session.close()
        if "index" in app.__dict__:
            app.index.close()
