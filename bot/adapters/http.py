"""HTTP over aiohttp: conditional GETs that cannot be sent to private addresses or made to hang.

    url ─► guard at every dial ─► redirects, at most 5 ─► body by chunks, at most 5 MiB
        └► anything else: a FetchFailure with one line that holds no secret

The guard looks at the address a socket is about to be connected to, so names that resolve to
private addresses, redirects to them and names that change their mind are all refused in one
place. Through a proxy it is the proxy that resolves and dials; then literal addresses and local
names are refused here, and what other names lead to is for the proxy's own rules.
"""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import ssl
import zlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp
from aiohttp.client_exceptions import ClientConnectorDNSError
from yarl import URL

from bot.domain.addresses import shown
from bot.domain.fetches import FailureKind, Fetched, FetchFailure, Hop
from bot.domain.hosts import Network, may_be_asked
from bot.domain.logins import Login

_AddressInfo = tuple[
    int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[object, ...]
]

#: Bytes of a body, decompressed.
MAX_BODY = 5 * 1024 * 1024
#: Redirects followed.
MAX_HOPS = 5
_CHUNK = 64 * 1024
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/rdf+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, text/html;q=0.8, */*;q=0.5"
)
#: Unpacked by chunks, here and in the client; whatever else it may know is not asked for.
_PACKED = frozenset(("gzip", "x-gzip", "deflate"))
_ACCEPT_ENCODING = "gzip, deflate"
_NOT_ASKED = frozenset(("br", "zstd", "compress", "x-compress"))
#: Behind the first of these, a body that broke off still has whole entries.
_ENTRY_ENDS = (b"</item>", b"</entry>")
_REFUSED = "refused: a private address"


class _Refused(OSError):
    """The address is none that may be asked."""


class _Unusable(Exception):
    """An answer that gives no document; becomes a FetchFailure."""

    def __init__(
        self,
        problem: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        kind: FailureKind | None = None,
        location: str | None = None,
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.status = status
        self.retry_after = retry_after
        self.kind = kind
        self.location = location


class HttpFetcher:
    """Implements ``Fetcher``; one session, made at the first fetch."""

    def __init__(
        self,
        *,
        user_agent: str,
        allow: Sequence[Network] = (),
        max_body: int = MAX_BODY,
        timeout: float = 30.0,
        per_host: int = 2,
        proxy: str | None = None,
        ca_file: str | None = None,
    ) -> None:
        """Nothing is opened yet.

        Args:
            user_agent: ``nato-brief/1.0 (+contact)``; see ``user_agent``.
            allow: Private networks that may be fetched from: internal feeds, the demo, tests.
            max_body: Bytes of a decompressed body.
            timeout: Seconds for one fetch, redirects and waiting for a connection included.
            per_host: Connections to one host at once.
            proxy: URL of a proxy that every request goes through.
            ca_file: PEM file of authorities to trust besides the system's.
        """
        self._user_agent = user_agent
        self._allow = tuple(allow)
        self._max_body = max_body
        self._timeout = timeout
        self._per_host = per_host
        self._proxy = proxy
        self._ca_file = ca_file
        self._session: aiohttp.ClientSession | None = None

    async def fetch(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        max_body: int | None = None,
        follow: bool = True,
        login: Login | None = None,
    ) -> Fetched | FetchFailure:
        """One conditional GET with redirects followed; see ``Fetcher``."""
        headers = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        sent = {name: value for name, value in headers.items() if value and _sendable(value)}
        try:
            async with asyncio.timeout(self._timeout):
                return await self._follow(
                    URL(url),
                    sent,
                    login,
                    max_body or self._max_body,
                    hops_left=MAX_HOPS if follow else 0,
                )
        except TimeoutError:
            return FetchFailure(
                url=url,
                problem=f"no answer within {self._timeout:g} s",
                kind=FailureKind.NETWORK,
            )
        except _Unusable as error:
            return FetchFailure(
                url=url,
                problem=error.problem,
                status=error.status,
                retry_after=error.retry_after,
                kind=error.kind,
                location=error.location,
            )
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return FetchFailure(url=url, problem=_said(error), kind=_kind(error))

    async def close(self) -> None:
        """Close every connection; fetching afterwards opens new ones."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _follow(
        self,
        url: URL,
        headers: dict[str, str],
        login: Login | None,
        max_body: int,
        *,
        hops_left: int,
    ) -> Fetched:
        """The answer at the end of the redirects."""
        hops: tuple[Hop, ...] = ()
        for _ in range(hops_left + 1):
            self._check(url)
            if login is not None and URL(login.to).origin() != url.origin():
                login = None  # for good: where another host sends us back to is its choice
            proof = {login.header: login.value.reveal()} if login else {}
            async with self._opened().get(
                url, headers=headers | proof, allow_redirects=False, proxy=self._proxy
            ) as response:
                if response.status in _REDIRECTS and "Location" in response.headers:
                    url = _anonymous(url).join(URL(response.headers["Location"].strip()))
                    shown = _anonymous(url)
                    hops += (Hop(status=response.status, url=str(shown)),)
                    response.close()
                    continue
                return await self._answer(response, url, hops=hops, max_body=max_body)
        if hops_left == 0:
            raise _Unusable(
                "a redirect", status=hops[0].status, kind=FailureKind.HARD, location=hops[0].url
            )
        raise _Unusable(f"more than {MAX_HOPS} redirects", kind=FailureKind.HARD)

    async def _answer(
        self,
        response: aiohttp.ClientResponse,
        url: URL,
        *,
        hops: tuple[Hop, ...],
        max_body: int,
    ) -> Fetched:
        """A usable answer; raises _Unusable for any other."""
        headers = response.headers
        now = datetime.now(UTC)
        retry_after = seconds_to_wait(headers.get("Retry-After"), now=now)
        if response.status not in (200, 304):
            response.close()
            at = f" at {shown(str(url))}" if hops else ""
            checked = headers.get("cf-mitigated") == "challenge"
            raise _Unusable(
                f"HTTP {response.status}{at}{', a bot check' if checked else ''}",
                status=response.status,
                retry_after=retry_after,
                kind=FailureKind.BLOCKED if checked else None,
            )
        body, partial = b"", False
        if response.status != 304:
            _check_encoding(response)
            body, partial = await self._read(response, max_body)
        return Fetched(
            status=response.status,
            url=str(_anonymous(url)),
            body=body,
            content_type=headers.get("Content-Type"),
            etag=headers.get("ETag"),
            last_modified=headers.get("Last-Modified"),
            max_age=seconds_fresh(headers.getall("Cache-Control", ()), headers.get("Expires"), now),
            retry_after=retry_after,
            hops=hops,
            partial=partial,
        )

    async def _read(self, response: aiohttp.ClientResponse, max_body: int) -> tuple[bytes, bool]:
        """The body, and whether it broke off behind an entry.

        It is decompressed as it comes in, so that no bomb is ever unpacked whole.
        """
        body, partial = bytearray(), False
        try:
            async for chunk in response.content.iter_chunked(_CHUNK):
                body += chunk
                if len(body) > max_body:
                    response.close()
                    raise _too_large(response, max_body)
        except aiohttp.ClientPayloadError:
            partial = any(end in body for end in _ENTRY_ENDS)
            if not partial:
                raise
        if body[:2] != b"\x1f\x8b":
            return bytes(body), partial
        # Compressed without saying so.
        try:
            inflated = zlib.decompressobj(31).decompress(bytes(body), max_body + 1)
        except zlib.error:
            return bytes(body), partial
        if len(inflated) > max_body:
            raise _too_large(response, max_body)
        return inflated, partial

    def _check(self, url: URL) -> None:
        """Raise _Unusable for what must not be asked for."""
        if url.scheme not in ("http", "https") or not url.host:
            raise _Unusable("not an http or https address", kind=FailureKind.HARD)
        if self._proxy is not None and not may_be_asked(url.host, allow=self._allow):
            raise _Unusable(_REFUSED, kind=FailureKind.HARD)

    def _socket(self, info: _AddressInfo) -> socket.socket:
        """A socket for an address that may be dialled.

        Raises:
            _Refused: it may not.
        """
        family, kind, protocol, _, address = info
        if not may_be_asked(str(address[0]), allow=self._allow):
            raise _Refused(errno.EACCES, _REFUSED)
        return socket.socket(family, kind, protocol)

    def _opened(self) -> aiohttp.ClientSession:
        """The session, which has to be made inside the running loop."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=200,
                    limit_per_host=self._per_host,
                    ttl_dns_cache=300,
                    ssl=self._tls(),
                    # The address of a proxy is the operator's own choice.
                    socket_factory=None if self._proxy else self._socket,
                ),
                headers={
                    "User-Agent": self._user_agent,
                    "Accept": _ACCEPT,
                    "Accept-Encoding": _ACCEPT_ENCODING,
                },
                # ``fetch`` ends everything by one clock, so a slow drip gains nothing.
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=10),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
            )
        return self._session

    def _tls(self) -> ssl.SSLContext | bool:
        if self._ca_file is None:
            return True
        context = ssl.create_default_context()
        context.load_verify_locations(self._ca_file)
        return context


def _check_encoding(response: aiohttp.ClientResponse) -> None:
    """Raise _Unusable for a body packed twice, or in a way that was not asked for.

    What is no encoding at all ("utf-8") servers say as well, and mean nothing by it.
    """
    said = ",".join(response.headers.getall("Content-Encoding", ()))
    layers = [layer for one in said.split(",") if (layer := one.strip().lower())]
    packed = [layer for layer in layers if layer in _PACKED]
    if len(packed) > 1 or _NOT_ASKED.intersection(layers):
        response.close()
        raise _Unusable(
            f"encoded as was not asked for: {said[:80]}",
            status=response.status,
            kind=FailureKind.HARD,
        )


def _too_large(response: aiohttp.ClientResponse, max_body: int) -> _Unusable:
    return _Unusable(
        f"larger than {max_body / 1024 / 1024:.3g} MiB",
        status=response.status,
        kind=FailureKind.HARD,
    )


def user_agent(*, version: str, contact: str) -> str:
    """How we introduce ourselves; ``contact`` is a URL or address for whoever runs a site."""
    return f"nato-brief/{version} (+{contact})"


def seconds_to_wait(header: str | None, *, now: datetime) -> float | None:
    """A ``Retry-After`` header in seconds from ``now``; None for none, or one without sense."""
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    until = until.replace(tzinfo=UTC) if until.tzinfo is None else until
    return max((until - now).total_seconds(), 0.0)


def seconds_fresh(cache_control: Iterable[str], expires: str | None, now: datetime) -> float | None:
    """Seconds for which an answer says it stays good; None where it does not, or forbids it.

    Of a ``Cache-Control`` with ``no-cache``, and of an ``Expires`` in the past, nothing follows.
    """
    told = {
        name.strip().lower(): value.strip(' "')
        for one in ",".join(cache_control).split(",")
        for name, _, value in (one.partition("="),)
    }
    if told.keys() & {"no-cache", "no-store"}:
        return None
    if "max-age" in told:
        age = told["max-age"]
        return float(age[:9]) if age.isascii() and age.isdigit() else None
    # "0", and any other number, is no date.
    dated = expires is not None and not expires.strip().isdigit()
    return (seconds_to_wait(expires, now=now) or None) if dated else None


def _anonymous(url: URL) -> URL:
    """``url`` without user and password."""
    return url.with_user(None) if "@" in url.raw_authority else url


def _sendable(value: str) -> bool:
    """Whether a stored validator can go into a header line."""
    return value.isprintable()


def _said(error: Exception) -> str:
    """What went wrong, in words that hold nothing of the request."""
    for kind, text in _WORDS:
        if isinstance(error, kind):
            return text
    if _REFUSED in str(error):
        return _REFUSED
    number = error.errno if isinstance(error, OSError) else None
    if number is not None:
        return f"no connection: {os.strerror(number).lower()}"
    return f"the request failed ({type(error).__name__})"


def _kind(error: Exception) -> FailureKind:
    """What an error says about the next try: names and connections recover, certificates hardly."""
    if isinstance(error, aiohttp.ClientSSLError | ValueError) or _REFUSED in str(error):
        return FailureKind.HARD
    if isinstance(error, aiohttp.ClientPayloadError | aiohttp.ClientResponseError):
        return FailureKind.SERVER
    return FailureKind.NETWORK


_WORDS: tuple[tuple[type[Exception], str], ...] = (
    (ClientConnectorDNSError, "the host name cannot be resolved"),
    (aiohttp.ClientConnectorCertificateError, "the TLS certificate cannot be trusted"),
    (aiohttp.ClientSSLError, "no TLS connection"),
    (aiohttp.ClientHttpProxyError, "the proxy refused"),
    (aiohttp.ClientProxyConnectionError, "no connection to the proxy"),
    (aiohttp.ServerDisconnectedError, "the server hung up"),
    (aiohttp.ClientPayloadError, "the answer broke off or was garbled"),
    (aiohttp.ClientResponseError, "not a valid HTTP answer"),
    (ValueError, "not a usable address"),
)
