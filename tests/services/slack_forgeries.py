"""Requests to ``/slack/events`` that prove nothing."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Sequence

from tests.builders import NOW
from tests.services.broken_bodies import MARK
from tests.services.slack_calls import SECRET, as_form, as_interaction, command, event, press

AT = int(NOW.timestamp())

Headers = list[tuple[bytes, bytes]]
_AT, _SIGNATURE = b"x-slack-request-timestamp", b"x-slack-signature"


def harmful(response_url: str) -> list[bytes]:
    """Bodies that would have something said or posted, were they believed."""
    mention = event("app_mention", MARK)
    share = {"action_id": "share_reply", "value": json.dumps({"q": MARK, "at": AT})}
    return [
        json.dumps(mention).encode(),
        json.dumps({**mention, "event": {"channel": "C0000001"}}).encode(),
        json.dumps({**mention, "response_url": response_url}).encode(),
        as_form(command(MARK, response_url=response_url)).encode(),
        as_interaction(press(share, response_url)).encode(),
        as_interaction(press({"action_id": MARK}, response_url)).encode(),
        b"ssl_check=1&token=" + MARK.encode(),
        json.dumps({"type": "url_verification", "challenge": MARK}).encode(),
    ]


def signature(body: bytes, at: bytes = b"%d" % AT, *, secret: str = SECRET) -> bytes:
    """What Slack would sign ``body`` with."""
    return b"v0=%s" % _hex(b"v0:%b:%b" % (at, body), secret)


def _hex(text: bytes, secret: str) -> bytes:
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest().encode()


#: Timestamps of requests; each is signed as it stands.
_TIMES: dict[str, Sequence[bytes]] = {
    "missing": [],
    "empty": [b""],
    "blank": [b" "],
    "letters": [b"abc"],
    "nan": [b"nan"],
    "infinite": [b"inf"],
    "a fraction": [b"1.5"],
    "an exponent": [b"1e9"],
    "negative": [b"-1"],
    "with a plus": [b"+%d" % AT],
    "with an underscore": [b"1_7%d" % AT],
    "with a tab": [b"%d\t" % AT],
    "very long": [b"9" * 5000],
    "in other digits": ["١٧٤٣".encode()],
    "not ASCII": [b"\xff\xfe"],
    "stale": [b"%d" % (AT - 301)],
    "future": [b"%d" % (AT + 900)],
    "of 1970": [b"0"],
    "doubled": [b"%d" % AT, b"%d" % AT],
    "two": [b"%d" % AT, b"abc"],
}


def proof(body: bytes) -> Headers:
    """Headers under which ``body`` is to be believed."""
    return [(_AT, b"%d" % AT), (_SIGNATURE, signature(body))]


def forgeries(body: bytes) -> Iterator[tuple[str, Headers]]:
    """Headers under which ``body`` is not to be believed, by name."""
    good, at = signature(body), b"%d" % AT
    for name, times in _TIMES.items():
        proof = signature(body, times[0]) if times else good
        yield f"timestamp {name}", [*((_AT, each) for each in times), (_SIGNATURE, proof)]
    signatures: dict[str, Sequence[bytes]] = {
        "missing": [],
        "empty": [b""],
        "without its end": [b"v0="],
        "of another version": [b"v1" + good[2:]],
        "without a version": [good[3:]],
        "short": [good[:-1]],
        "long": [good + b"0"],
        "in upper case": [good.upper()],
        "in other digits": [b"v0=" + "٠".encode() * 32],
        "not ASCII": [b"v0=\xff" + b"0" * 63],
        "of zeros": [b"v0=" + b"0" * 64],
        "with another secret": [signature(body, secret="another")],
        "of another body": [signature(body + b" ")],
        "of another time": [signature(body, b"%d" % (AT - 1))],
        "doubled": [good, good],
        "two": [b"v0=" + b"0" * 64, good],
    }
    for name, proofs in signatures.items():
        yield f"signature {name}", [(_AT, at), *((_SIGNATURE, each) for each in proofs)]
    yield "both missing", []


NAMES = [name for name, _ in forgeries(b"")]
