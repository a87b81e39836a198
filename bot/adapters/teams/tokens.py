"""The bot's own access token, by client credentials, kept until shortly before its end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from urllib.parse import quote

import aiohttp

from bot.adapters.teams.answers import body_of, of_answer, of_exception
from bot.domain.errors import Barred, Permanent, Recoverable
from bot.domain.secrets import Secret

LOGIN = "https://login.microsoftonline.com"
_SCOPE = "https://api.botframework.com/.default"
#: Seconds before its end at which a token is not used any more.
_EARLY = 300.0
_TIMEOUT = aiohttp.ClientTimeout(total=10, connect=5)


class Tokens:
    """Gives the current token; one request at a time fetches a new one."""

    def __init__(
        self,
        *,
        client_id: str,
        secret: Secret,
        tenant: str,
        session: Callable[[], aiohttp.ClientSession],
        login: str = LOGIN,
    ) -> None:
        self._client_id = client_id
        self._secret = secret
        self._url = f"{login}/{quote(tenant, safe='')}/oauth2/v2.0/token"
        self._session = session
        self._lock = asyncio.Lock()
        self._token: Secret | None = None
        self._until = 0.0

    async def get(self) -> Secret:
        """A token that is good for some minutes.

        Raises:
            Recoverable: none can be had now.
            Barred: the credentials are refused.
        """
        async with self._lock:
            if self._token is None or time.monotonic() >= self._until:
                self._token, seconds = await self._fetch()
                self._until = time.monotonic() + max(seconds - _EARLY, seconds / 2)
            return self._token

    def drop(self, token: Secret) -> None:
        """Do not use ``token`` again: it was refused."""
        if self._token == token:
            self._token = None

    async def _fetch(self) -> tuple[Secret, float]:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._client_id,
            "client_secret": self._secret.reveal(),
            "scope": _SCOPE,
        }
        try:
            async with self._session().post(
                self._url, data=form, timeout=_TIMEOUT, allow_redirects=False
            ) as answer:
                if answer.status == 200:
                    given = await answer.json(content_type=None)
                    return Secret(str(given["access_token"])), float(given["expires_in"])
                error = of_answer(answer.status, answer.headers, await body_of(answer), again=True)
        except (aiohttp.ClientError, TimeoutError) as problem:
            raise of_exception(problem, again=True) from problem
        except (ValueError, KeyError, TypeError) as problem:
            raise Recoverable("the login service gave no token") from problem
        if isinstance(error, (Barred, Permanent)):
            raise Barred(
                "Microsoft refuses the bot's credentials: check TEAMS_CLIENT_ID,"
                " TEAMS_CLIENT_SECRET and TEAMS_TENANT_ID",
                token=True,
            )
        raise error
