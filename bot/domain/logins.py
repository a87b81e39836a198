"""Logins of feeds: what a variable of the environment says, as a header of a request."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.secrets import Secret

#: How a variable is written; other variables can thus never be sent to a feed.
FORMS = "`basic USER:PASSWORD`, `bearer TOKEN` or `header NAME: VALUE`"
_BASIC = re.compile(r"basic\s+([^:]+:.*)", re.IGNORECASE)
_BEARER = re.compile(r"bearer\s+([\x21-\x7e]+)", re.IGNORECASE)
_HEADER = re.compile(
    r"header\s+([\w!#$%&'*+.^`|~-]+)\s*:\s*([\x20-\x7e]+)", re.IGNORECASE | re.ASCII
)
#: Headers that shape the request itself.
_OURS = frozenset(("host", "content-length", "transfer-encoding", "connection", "te", "upgrade"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """One header that proves who we are."""

    header: str
    value: Secret
    #: The address it is for: no other scheme, host or port gets to see it.
    to: str = ""


def logins_in(environment: Mapping[str, str]) -> dict[str, Login]:
    """Name of a variable → the login that it holds; variables of other forms are left out."""
    found = {name: login_of(text) for name, text in environment.items()}
    return {name: login for name, login in found.items() if login is not None}


def login_of(text: str) -> Login | None:
    """``basic user:password``, ``bearer token``, ``header X-Key: value``; None for others."""
    text = text.strip()
    if basic := _BASIC.fullmatch(text):
        packed = b64encode(basic[1].encode("utf-8", "replace")).decode("ascii")
        return Login(header="Authorization", value=Secret(f"Basic {packed}"))
    if bearer := _BEARER.fullmatch(text):
        return Login(header="Authorization", value=Secret(f"Bearer {bearer[1]}"))
    header = _HEADER.fullmatch(text)
    if header is None or header[1].lower() in _OURS:
        return None
    return Login(header=header[1], value=Secret(header[2]))


def missing(variable: str) -> str:
    """What to do about a login that is not there."""
    return f"no login: set the variable {variable} to {FORMS}"
