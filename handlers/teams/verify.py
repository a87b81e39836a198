"""Who calls: the signed token of each request, checked by the SDK's rules, off the event loop.

Signature, audience, issuer, expiry (five minutes' leeway) and the service URL must all be right.
Fetching the issuer's keys blocks; it is done in a thread, ahead of the first request, at most
twice a minute for keys nobody knows, and old keys stay in use while the issuer is away.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from typing import Any, Final

from jwt import PyJWKClient, PyJWTError

from bot.services.log import line, logger
from handlers.teams.sdk import CloudEnvironment, InboundActivityTokenValidator, TokenValidator

_log = logger("teams")

#: Seconds for which fetched keys are good; new ones are fetched when a token names them.
_KEYS_GOOD: Final = 12 * 3600.0
_TIMEOUT: Final = 10.0
#: Tokens checked at once; the rest wait without a thread.
_AT_ONCE: Final = 4
#: Three parts of base64, and the characters of all; Microsoft's have some 1,500.
_BEARER: Final = re.compile(rb"Bearer ([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)")
_LONGEST: Final = 16_384


class Verifier(InboundActivityTokenValidator):
    """The SDK's validator for bots, made to wait elsewhere."""

    def __init__(self, app_id: str, cloud: CloudEnvironment) -> None:
        super().__init__(app_id, cloud=cloud)
        self._bots = TokenValidator.for_service(app_id, cloud=cloud)
        self._keys = PyJWKClient(self._bots.options.jwks_uri, lifespan=_KEYS_GOOD, timeout=_TIMEOUT)
        self._bots._jwks_client = self._keys
        self._free = asyncio.Semaphore(_AT_ONCE)

    def warm(self) -> None:
        """Fetch the keys; blocks. A failure is told, and made good by the first request."""
        try:
            self._keys.get_jwk_set(refresh=True)
        except PyJWTError as error:
            _log.warning(line("teams.keys_missing", problem=error))
        else:
            _log.info(line("teams.keys_fetched"))

    async def service_of(self, token: str) -> str | None:
        """The service that ``token`` vouches for; None when it is no good token."""
        try:
            claims = await self.validate_token(token)
        except (PyJWTError, ValueError, TypeError, AttributeError):
            return None  # what is signed by nobody may have any shape
        service = claims.get("serviceurl")
        return service if isinstance(service, str) and service and "exp" in claims else None

    async def validate_token(
        self, raw_token: str, service_url: str | None = None
    ) -> dict[str, Any]:
        """The claims of a good token; raises a PyJWTError for any other.

        Tokens of directory users and other apps, which the SDK would let in by another way, are
        no tokens of the Bot Framework and are refused with the rest.
        """
        async with self._free:
            return await asyncio.to_thread(
                asyncio.run, self._bots.validate_token(raw_token, service_url)
            )


def bearer(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    """The token of a request; None when there is none, two, or something else."""
    given = [value for name, value in headers if name.lower() == b"authorization"]
    if len(given) != 1 or len(given[0]) > _LONGEST:
        return None
    found = _BEARER.fullmatch(given[0])
    return found[1].decode() if found else None
