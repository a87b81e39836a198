"""Who signs for Teams, on loopback, and what it signs."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import cache
from itertools import count
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa

from handlers.teams.sdk import PUBLIC, CloudEnvironment

TENANT = "11111111-1111-1111-1111-111111111111"
NAME = "https://bf.example"
_ids = count(1)


@cache
def key(name: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class IssuerStub:
    """Serves the public key, and signs."""

    def __init__(self) -> None:
        self.fetched = 0
        self.gone = False
        self.url = ""

    @property
    def cloud(self) -> CloudEnvironment:
        """How the bot knows it."""
        metadata = f"{self.url}/openidconfiguration"
        return replace(PUBLIC, token_issuer=NAME, openid_metadata_url=metadata)

    async def keys(self, request: web.Request) -> web.Response:
        self.fetched += 1
        if self.gone:
            raise web.HTTPServiceUnavailable
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key("ours").public_key()))
        return web.json_response({"keys": [{**public, "kid": "k1", "use": "sig"}]})

    def token(
        self, service_url: str, *, kid: str = "k1", name: str = "ours", **changes: Any
    ) -> str:
        now = int(time.time())
        claims = {
            "iss": NAME,
            "aud": "app-1",
            "serviceurl": service_url,
            "iat": now - 60,
            "exp": now + 600,
        }
        return jwt.encode({**claims, **changes}, key(name), algorithm="RS256", headers={"kid": kid})


@asynccontextmanager
async def issuer_stub() -> AsyncIterator[IssuerStub]:
    """Serves one for as long as it is needed."""
    stub = IssuerStub()
    app = web.Application()
    app.router.add_get("/keys", stub.keys)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    stub.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield stub
    await runner.cleanup()


def message(service: str, **changes: Any) -> dict[str, Any]:
    """A line in a private chat, as Teams tells it."""
    return {
        "type": "message",
        "id": f"17{next(_ids):011}",
        "text": "latest",
        "channelId": "msteams",
        "serviceUrl": service,
        "from": {"id": "29:anna", "name": "Anna", "aadObjectId": "u-1"},
        "recipient": {"id": "28:app-1", "name": "NATO brief"},
        "conversation": {"id": "a:1", "conversationType": "personal", "tenantId": TENANT},
        **changes,
    }
