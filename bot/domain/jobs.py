"""Stream entries as work: which entry a consumer owns, and requests recorded for later."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.answers import Reply
from bot.domain.channels import Destination


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """One stream entry in the hands of one consumer; every settling script checks it."""

    #: ``entries``, ``articles``, ``deliveries`` or ``jobs``.
    stream: str
    group: str
    consumer: str
    #: Stream id.
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareReply:
    """A request on JOBS: post a reply to a channel. Its key is the request id."""

    request_id: str
    destination: Destination
    reply: Reply
    #: Who asked for it, as shown to readers.
    requested_by: str = ""
