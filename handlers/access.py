"""Who may read the pages, and what every answer of the web host tells a browser.

    NATO_BRIEF_WEB_TOKEN set    whoever proves to have it: a header, a cookie, once in an address
    not set                     whoever asks this machine by a name of its own, and directly

Without a token the host is bound to loopback. A web page elsewhere can have its own name lead
here (DNS rebinding), and a proxy lets in others; neither asks by our name, directly.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import MutableMapping
from hashlib import sha256
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.bootstrap.settings import Settings
from bot.domain.errors import UsageError
from bot.domain.hosts import is_loopback
from bot.render.html import STYLE

VARIABLE: Final = "NATO_BRIEF_WEB_TOKEN"
#: Answered to anybody: health without its details, and platforms that prove themselves.
OPEN: Final = frozenset({"/healthz", "/readyz", "/slack/events", "/api/messages"})
FEED: Final = "/feed.atom"
_COOKIE: Final = "nato_brief"
#: Seconds until the token is asked for again.
_KEPT: Final = 30 * 24 * 3600
#: Set by what stands between a caller and us.
_PROXIES: Final = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
_STYLE_HASH: Final = b64encode(sha256(STYLE.encode()).digest()).decode()
HEADERS: Final = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}


def check_listening(settings: Settings) -> None:
    """Raise UsageError where everybody who reaches the host could read the pages."""
    if settings.web_token is None and not is_loopback(settings.host):
        raise UsageError(
            f"NATO_BRIEF_LISTEN opens the pages to whoever reaches {settings.host}: set {VARIABLE}"
            " to a long random word that readers have to give, or listen on 127.0.0.1"
        )


class Access:
    """Decides who may read."""

    def __init__(self, settings: Settings) -> None:
        token = settings.web_token
        self._token = None if token is None else token.reveal()
        self._names = {"localhost", "127.0.0.1", "::1", settings.host.lower()}

    @property
    def feed(self) -> str:
        """The feed's address for a reader, which knows no cookies; it opens nothing else."""
        return FEED if self._token is None else f"{FEED}?key={self._derived('feed')}"

    def authorised(self, request: Request) -> bool:
        """Whether the caller may see everything."""
        if self._token is None:
            return self._is_local(request)
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and _same(given.strip(), self._token):
            return True
        return _same(request.cookies.get(_COOKIE, ""), self._derived("cookie"))

    def refusal(self, request: Request) -> Response | None:
        """What to answer instead; None for a caller who may read."""
        path, query = request.scope["path"], request.query_params
        if self.authorised(request):
            return None
        if self._token is None:
            return PlainTextResponse(
                "This page is for this machine only, by its own name and without a proxy.\n"
                f"To let others read it, set {VARIABLE}.\n",
                403,
            )
        if path == FEED and _same(query.get("key", ""), self._derived("feed")):
            return None
        if _same(query.get("token", ""), self._token):
            return None if path == FEED else self._welcome(request)
        return PlainTextResponse(
            "This page wants its token: send it as `Authorization: Bearer TOKEN`, or open"
            " /?token=TOKEN once in a browser.\n",
            401,
            {"WWW-Authenticate": "Bearer"},
        )

    def _welcome(self, request: Request) -> Response:
        """Keep the token in a cookie, and take it out of the address."""
        pairs = parse_qsl(request.url.query, keep_blank_values=True)
        rest = urlencode([pair for pair in pairs if pair[0] != "token"])
        # Of the path one slash is left in front: two would name another host.
        path = f"/{str(request.scope['path']).lstrip('/')}"
        answer = RedirectResponse(f"{path}{'?' if rest else ''}{rest}", 303)
        answer.set_cookie(
            _COOKIE,
            self._derived("cookie"),
            max_age=_KEPT,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return answer

    def _derived(self, use: str) -> str:
        """What proves the token where the token itself should not lie about."""
        return hmac.new((self._token or "").encode(), use.encode(), sha256).hexdigest()

    def _is_local(self, request: Request) -> bool:
        if any(name in request.headers for name in _PROXIES):
            return False
        given = request.headers.getlist("host")
        try:
            return len(given) == 1 and urlsplit(f"//{given[0]}").hostname in self._names
        except ValueError:
            return False


class Guarded:
    """An application behind its access rules; each answer says how it may be used."""

    def __init__(self, inner: ASGIApp, access: Access) -> None:
        self._inner = inner
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def guarded(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        if scope["type"] != "http":
            return
        refused = None
        if scope["path"] not in OPEN:
            refused = self._access.refusal(Request(scope))
        await (refused or self._inner)(scope, receive, guarded)


def _same(given: str, right: str) -> bool:
    """Whether they are equal, in a time that tells nothing."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), right.encode())
