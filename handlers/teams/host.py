"""Microsoft's SDK on our web host: our route, our check of callers, our listeners."""

from __future__ import annotations

import asyncio

from fastapi import FastAPI

from bot.bootstrap.app import App
from handlers.teams.binding import Binding
from handlers.teams.listeners import Listeners
from handlers.teams.sdk import PUBLIC, CloudEnvironment, TeamsApp
from handlers.teams.verify import Verifier

ENDPOINT = "/api/messages"


class Host:
    """The SDK, started by the first request."""

    def __init__(self, app: App, web: FastAPI, cloud: CloudEnvironment) -> None:
        teams = app.settings.teams
        assert teams is not None  # noqa: S101 - nobody mounts Teams without
        self._verifier = None if teams.insecure else Verifier(teams.client_id, cloud)
        binding = Binding(web, self._verifier)
        self._sdk = TeamsApp(
            client_id=teams.client_id,
            tenant_id=teams.tenant,
            # The SDK itself never calls Teams: answers go through our own connector.
            token=_no_token,
            cloud=cloud,
            http_server_adapter=binding,
            messaging_endpoint=ENDPOINT,
            # Said outright, because left out it is read from the environment.
            dangerously_allow_unauthenticated_requests=teams.insecure,
            fetch_user_token=False,
        )
        self._starting = asyncio.Lock()
        self._started = False
        Listeners(app).register(self._sdk)
        binding.ready = self.ready
        binding.serve(ENDPOINT)

    def warm(self) -> None:
        """Fetch the keys that requests are signed with; blocks."""
        if self._verifier is not None:
            self._verifier.warm()

    async def ready(self) -> None:
        """Start the SDK once."""
        if self._started:
            return
        async with self._starting:
            if not self._started:
                await self._sdk.initialize()
                if self._verifier is not None:
                    # Its own validator fetches keys on the event loop; see ``verify``.
                    self._sdk.server._token_validator = self._verifier
                self._started = True


def host(web: FastAPI, app: App, *, cloud: CloudEnvironment = PUBLIC) -> Host:
    """The SDK behind ``/api/messages`` of ``web``."""
    return Host(app, web, cloud)


def _no_token(scope: str | list[str], tenant_id: str | None = None) -> str:
    raise AssertionError("the SDK was not to call Teams")
