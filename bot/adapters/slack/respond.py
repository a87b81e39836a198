"""Answers by way of a request's ``response_url``, which may lead to Slack and nowhere else.

The address comes with the request. It is called only where the API in use says that its answers
go: hooks.slack.com, hooks.slack-gov.com, or the very server that stands in for Slack.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import aiohttp
from yarl import URL

from bot.domain.errors import OutcomeUnknown, Permanent, Recoverable
from bot.domain.secrets import Secret

#: Host of the API → where its response URLs lead.
_HOOKS: Final = {
    "slack.com": frozenset({"hooks.slack.com"}),
    "slack-gov.com": frozenset({"hooks.slack-gov.com"}),
}
_TIMEOUT: Final = aiohttp.ClientTimeout(total=10, connect=5)


class Respond:
    """Sends a message to a ``response_url`` of the Slack that is in use."""

    def __init__(
        self,
        *,
        api_url: str,
        proxy: Secret | None = None,
        timeout: aiohttp.ClientTimeout = _TIMEOUT,
    ) -> None:
        self._api = URL(api_url)
        self._proxy = proxy
        self._timeout = timeout

    async def __call__(self, url: str, message: Mapping[str, Any]) -> None:
        """Send ``message`` once.

        Raises:
            Permanent: ``url`` does not lead to Slack, or is not good any more.
            Recoverable: Slack cannot be reached.
            OutcomeUnknown: no answer came.
        """
        to = slacks(url, self._api)
        if to is None:
            raise Permanent("the response_url does not lead to Slack; nothing was sent to it")
        proxy = self._proxy.reveal() if self._proxy else None
        try:
            async with (
                aiohttp.ClientSession(timeout=self._timeout) as session,
                session.post(to, json=dict(message), proxy=proxy, allow_redirects=False) as answer,
            ):
                if answer.status != 200:
                    raise Permanent(f"the response_url answered {answer.status}")
        except aiohttp.ClientConnectorError as error:
            raise Recoverable("the response_url cannot be reached") from error
        except (aiohttp.ClientError, OSError) as error:
            raise OutcomeUnknown("the response_url did not answer") from error


def slacks(url: str, api: URL) -> URL | None:
    """``url`` as it would be called, if it leads to the Slack whose API is ``api``; else None."""
    try:
        to = URL(url)
        port = to.port
    except (ValueError, TypeError):
        return None
    if to.user is not None or to.password is not None:
        return None
    if (to.scheme, to.host, port) == (api.scheme, api.host, api.port):
        # Slack's own API host takes no responses; what stands in for Slack does it all.
        return None if api.host in _HOOKS else to
    hooks = _HOOKS.get(api.host or "")
    if hooks is None:  # a gateway: requests that pass it still name Slack's own hosts
        hooks = frozenset() if api.scheme == "http" else frozenset().union(*_HOOKS.values())
    return to if to.scheme == "https" and port == 443 and to.host in hooks else None
