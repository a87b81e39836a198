"""Whether Slack signed a request: HMAC-SHA256 over ``v0:timestamp:body``, five minutes long.

Not slack_sdk's verifier: it raises on a timestamp or signature that is none, which is exactly
what a stranger may send.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.secrets import Secret

#: Seconds that a signature is good for, either way.
GOOD: Final = 300
_AT: Final = re.compile(rb"[0-9]{1,12}", re.ASCII)
_SIGNATURE: Final = re.compile(rb"v0=[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Claim:
    """What the headers of a request claim; nothing is proven before ``is_of`` says so."""

    at: bytes
    signature: bytes

    def is_of(self, body: bytes, secret: Secret) -> bool:
        """Whether who has ``secret`` signed these very bytes; takes the same time either way."""
        signed = hmac.new(secret.reveal().encode(), b"v0:%b:%b" % (self.at, body), hashlib.sha256)
        return hmac.compare_digest(b"v0=" + signed.hexdigest().encode(), self.signature)


def claim(headers: Iterable[tuple[bytes, bytes]], *, now: datetime) -> Claim | None:
    """The claim of a request; None when it is absent, ill-formed, given twice, or out of time.

    Args:
        headers: Name and value of each header, as they came.
        now: The moment of the request.
    """
    given: dict[bytes, list[bytes]] = {
        b"x-slack-request-timestamp": [],
        b"x-slack-signature": [],
    }
    for name, value in headers:
        given.get(name.lower(), []).append(value)
    at, signature = given.values()
    if len(at) != 1 or len(signature) != 1:
        return None
    if not _AT.fullmatch(at[0]) or not _SIGNATURE.fullmatch(signature[0]):
        return None
    if abs(now.timestamp() - int(at[0])) > GOOD:
        return None
    return Claim(at=at[0], signature=signature[0])
