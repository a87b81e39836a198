"""One workspace's Web API: every call in one place, and what its failures mean.

    429, passing codes, no connection          Recoverable, after Retry-After
    timeout, reset, 5xx, duplicate_*, broken   OutcomeUnknown: it may have taken effect
    any other ``ok: false``                    Refused (Permanent), with Slack's code

slack_sdk would repeat a call on a lost connection; here it never does, because a message that
went out would go out twice. Repeating is the deliver stage's, after looking.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import OutcomeUnknown, Permanent, Recoverable
from bot.domain.secrets import Secret

API: Final = "https://slack.com/api/"
#: Seconds; less than half of a post's lease.
TIMEOUT: Final = 10

#: Slack's codes for "not now".
_PASSING: Final = frozenset(
    "ratelimited rate_limited message_limit_exceeded request_timeout service_unavailable "
    "team_added_to_org access_limited".split()
)
#: Slack's codes after which the message may be there all the same.
_UNCLEAR: Final = frozenset({"internal_error", "fatal_error"})


class Refused(Permanent):
    """Slack said no, with a code."""

    def __init__(self, method: str, code: str, *, needed: str = "") -> None:
        super().__init__(f"{method}: {code}{f' (needs {needed})' if needed else ''}")
        self.code = code
        self.needed = needed


class SlackApi:
    """What one bot token may call."""

    def __init__(
        self,
        token: Secret,
        *,
        base_url: str = API,
        proxy: Secret | None = None,
        timeout: float = TIMEOUT,
    ) -> None:
        self._client = _client(token, base_url=base_url, proxy=proxy, timeout=timeout)
        self._anonymous = _client(None, base_url=base_url, proxy=proxy, timeout=timeout)
        self._names: frozenset[str] | None = None

    @property
    def client(self) -> AsyncWebClient:
        """slack_sdk's own client with the token, for Bolt."""
        return self._client

    @property
    def anonymous(self) -> AsyncWebClient:
        """slack_sdk's own client without the token, for Socket Mode, which has another."""
        return self._anonymous

    async def call(self, method: str, **arguments: Any) -> dict[str, Any]:
        """Change something; the call is never repeated.

        Raises:
            Recoverable: not now, and nothing happened.
            Refused: never like this.
            OutcomeUnknown: it may have taken effect.
        """
        return _data(await _answer(method, self._client.api_call(method, json=arguments)))

    async def read(self, method: str, **arguments: Any) -> dict[str, Any]:
        """Ask for something; what only reads takes a form, no JSON. Raises like ``call``."""
        return _data(await _answer(method, self._client.api_call(method, data=arguments)))

    async def who(self) -> tuple[dict[str, Any], frozenset[str] | None]:
        """Whose the token is, and its scopes where Slack tells; raises like ``call``."""
        response = await _answer("auth.test", self._client.api_call("auth.test"))
        headers = {str(name).lower(): value for name, value in response.headers.items()}
        said = headers.get("x-oauth-scopes")
        return _data(response), None if said is None else frozenset(said.replace(",", " ").split())

    async def is_called(self, name: str) -> bool:
        """Whether ``name`` is this workspace: its id, name or domain; raises like ``call``."""
        if self._names is None:
            about, _ = await self.who()
            domain = str(about.get("url", "")).partition("://")[2].partition(".")[0]
            names = (about.get("team_id"), about.get("team"), about.get("enterprise_id"), domain)
            self._names = frozenset(str(known).casefold() for known in names if known)
        return name.casefold() in self._names


def _client(
    token: Secret | None, *, base_url: str, proxy: Secret | None, timeout: float
) -> AsyncWebClient:
    """slack_sdk's client without its own retries and without proxies from the environment."""
    client = AsyncWebClient(
        token=token.reveal() if token else None,
        base_url=base_url,
        timeout=timeout,  # type: ignore[arg-type] # handed to aiohttp, which takes fractions
        retry_handlers=[],
    )
    client.proxy = proxy.reveal() if proxy else None
    return client


async def _answer(method: str, asked: Awaitable[Any]) -> Any:
    try:
        return await asked
    except SlackApiError as error:
        raise _meaning(method, error) from error
    except aiohttp.ClientConnectorError as error:
        raise Recoverable(f"{method}: Slack cannot be reached: {error}") from error
    except (aiohttp.ClientError, SlackClientError, OSError, ValueError) as error:
        # TimeoutError is an OSError; a ValueError is an answer that is no JSON.
        raise OutcomeUnknown(f"{method}: no answer: {error!r}") from error


def _data(response: Any) -> dict[str, Any]:
    return response.data if isinstance(response.data, dict) else {}


def _meaning(method: str, error: SlackApiError) -> Recoverable | Refused | OutcomeUnknown:
    response: Any = error.response
    status = getattr(response, "status_code", None)
    data = getattr(response, "data", response)
    code = data.get("error") if isinstance(data, dict) else None
    if isinstance(status, int) and status >= 500:
        return OutcomeUnknown(f"{method}: answered {status} {code or 'without a verdict'}")
    if status == 429 or code in _PASSING:
        return Recoverable(f"{method}: {code or 'ratelimited'}", after=_retry_after(response))
    if code is None or code in _UNCLEAR or code.startswith("duplicate_"):
        return OutcomeUnknown(f"{method}: answered {status} {code or 'without a verdict'}")
    return Refused(method, code, needed=str(data.get("needed") or ""))


def _retry_after(response: Any) -> float | None:
    headers = {str(k).lower(): v for k, v in (getattr(response, "headers", None) or {}).items()}
    try:
        return float(headers["retry-after"])
    except (KeyError, TypeError, ValueError):
        return None
