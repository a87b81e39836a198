"""Who calls: the signed token of each request, checked by the SDK's rules, off the event loop.

Signature, audience, issuer, expiry (five minutes' leeway) and the service URL must all be right.
Fetching the issuer's keys blocks; it is done in a thread, ahead of the first request, at most
twice a minute for keys nobody knows, and old keys stay in use while the issuer is away.
"""

from __future__ import annotations

import asyncio
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
#: Characters of a token; Microsoft's have some 1,500.
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

    async def validate_token(
        self, raw_token: str, service_url: str | None = None
    ) -> dict[str, Any]:
        """The claims of a good token; raises a PyJWTError for any other.

        Tokens of directory users and other apps, which the SDK would let in by another way, are
        no tokens of the Bot Framework and are refused with the rest.
        """
        if len(raw_token) > _LONGEST:
            raise PyJWTError("a token of this length is none")
        async with self._free:
            return await asyncio.to_thread(
                asyncio.run, self._bots.validate_token(raw_token, service_url)
            )
