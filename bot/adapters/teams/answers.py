"""Answers of Teams: their bodies, and the reaction that one which is no success asks for.

    refused for now      412 425 429, no connection           Recoverable, Retry-After kept
    malformed            413, 400 of the codes named here     Permanent
    refused as such      every other 4xx                      Barred, until somebody acts
    maybe carried out    5xx, 408, a timeout, no whole answer  OutcomeUnknown; Recoverable where a
                                                              repeat does no harm

A gateway that answers 502, 503 or 504 does not know either: the card may stand behind it.

No message holds an address: a webhook's address is its password.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

import aiohttp

from bot.domain.errors import Barred, BotError, OutcomeUnknown, Permanent, Recoverable

#: Nothing was carried out, and another time it may be. Microsoft's list of what to retry has 502
#: and 504 too: https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
_FOR_NOW: Final = frozenset({412, 425, 429})
#: Codes of a 400 that find fault with the card; any other finds it with us or the place.
_MALFORMED: Final = frozenset(
    {"badsyntax", "messagesizetoobig", "invalidcard", "invalidadaptivecard", "badargument"}
)
_LONGEST_WAIT: Final = 3600.0
#: Bytes of an answer that are read; a team has at most a thousand channels.
_MOST: Final = 1024 * 1024
#: Characters of an error code that are shown.
_CODE: Final = 60


async def body_of(answer: aiohttp.ClientResponse) -> bytes:
    """The body, no more of it than is of use."""
    body = bytearray()
    async for chunk in answer.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > _MOST:
            break
    return bytes(body)


def of_answer(status: int, headers: Mapping[str, str], body: bytes, *, again: bool) -> BotError:
    """The error for an answer that is no success.

    Args:
        status: Of the answer.
        headers: Of the answer.
        body: Of the answer; only its error code is used.
        again: Whether repeating the call does no harm.
    """
    code = code_of(body)
    said = f"Teams answered {status}{f' ({code})' if code else ''}"
    after = _retry_after(headers.get("Retry-After"))
    if status >= 500 or status == 408:
        return Recoverable(said, after=after) if again else OutcomeUnknown(said, after=after)
    if status in _FOR_NOW:
        return Recoverable(said, after=after)
    if status == 413 or (status == 400 and code.casefold() in _MALFORMED):
        return Permanent(said)
    return Barred(said)


def of_exception(error: Exception, *, again: bool) -> BotError:
    """The error for a call without an answer; its own words are left out."""
    name = type(error).__name__
    if isinstance(error, (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)):
        return Recoverable(f"Teams cannot be reached: {name}")
    if isinstance(error, (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError)):
        return Barred(f"not an address that can be called: {name}")
    if isinstance(error, (TimeoutError, asyncio.TimeoutError)):
        name = "timeout"
    said = f"no answer from Teams: {name}"
    return Recoverable(said) if again else OutcomeUnknown(said)


def _retry_after(written: str | None) -> float | None:
    """Seconds to wait, a little more than asked so that many do not come back at once."""
    if not written:
        return None
    try:
        seconds = float(written)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(written) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError):
            return None
    if not 0 <= seconds < float("inf"):
        return None
    return min(seconds, _LONGEST_WAIT) + random.uniform(0, 1)


def code_of(body: bytes) -> str:
    """``BotNotInConversationRoster``, if the body says so much."""
    try:
        code = json.loads(body)["error"]["code"]
    except (ValueError, KeyError, TypeError):
        return ""
    return "".join(c for c in str(code)[:_CODE] if c.isalnum())
