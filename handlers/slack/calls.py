"""A request of Slack's → the call it is, with no more in it than we read.

What has another shape than Slack's own is Unreadable; what has it and is none of ours is Other,
which is acknowledged and nothing else. Nothing here asks who sent it: see ``signature``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, TypeVar
from urllib.parse import parse_qsl

import msgspec
from msgspec import Meta, Struct

from bot.render.slack import SHARE

T = TypeVar("T")

#: Ids and names; Slack's are far shorter.
Id = Annotated[str, Meta(min_length=1, max_length=255)]
Text = Annotated[str, Meta(max_length=200_000)]
#: The last second of the year 9999.
_LATEST: Final = 253_402_300_799
#: Fields of a form.
_MOST_FIELDS: Final = 100
EVENTS: Final = frozenset({"app_mention", "message"})


class Unreadable(Exception):
    """Not as Slack writes it; says where, and nothing of what it says."""


class Unknown(Exception):
    """A content type that Slack does not use."""


class Command(Struct, frozen=True, kw_only=True):
    """``/nato-brief …``."""

    name: Id = msgspec.field(name="command")
    team: Id = msgspec.field(name="team_id")
    channel: Id = msgspec.field(name="channel_id")
    #: Names this very request.
    trigger: Id = msgspec.field(name="trigger_id")
    text: Text = ""
    response_url: Text = ""

    @property
    def once(self) -> str:
        """What this request is known by, however often it comes."""
        return f"slack:{self.team}:trigger:{self.trigger}"


class Shared(Struct, frozen=True, kw_only=True):
    """What the button under an answer carries."""

    question: Text = msgspec.field(name="q")
    #: Seconds since 1970.
    at: Annotated[int, Meta(ge=0, le=_LATEST)]


class Share(Struct, frozen=True, kw_only=True):
    """The button under an answer was pressed."""

    team: str
    channel: str
    trigger: str
    shared: Shared
    user: str = ""
    response_url: str = ""

    @property
    def once(self) -> str:
        """What this request is known by, however often it comes."""
        return f"slack:{self.team}:trigger:{self.trigger}"


class Event(Struct, frozen=True, kw_only=True):
    """Somebody said something, perhaps to the bot."""

    name: Id = msgspec.field(name="type")
    channel: Id
    ts: Id
    text: Text | None = None
    thread: Id | None = msgspec.field(name="thread_ts", default=None)
    user: Id | None = None
    bot: str | None = msgspec.field(name="bot_id", default=None)
    subtype: str | None = None
    channel_type: str | None = None
    team: str = ""

    @property
    def once(self) -> str:
        """What the message is known by, whatever event tells of it."""
        return f"slack:{self.team}:{self.channel}:{self.ts}"

    @property
    def is_addressed(self) -> bool:
        """Whether a person says it to the bot; two bots that answer each other never end."""
        if self.bot or self.subtype:
            return False
        return self.name == "app_mention" or self.channel_type == "im"


class Other(Struct, frozen=True, kw_only=True):
    """Nothing that we listen to; ``answer`` is its acknowledgement."""

    kind: str
    answer: dict[str, Any] | None = None


Call = Command | Share | Event | Other


class _Of(Struct):
    id: Id
    team_id: str | None = None
    username: str | None = None
    name: str | None = None


class _Action(Struct):
    action_id: str | None = None
    value: Text | None = None
    action_ts: Id | None = None


class _Press(Struct):
    actions: Annotated[list[_Action], Meta(min_length=1)]
    user: _Of
    team: _Of | None = None
    channel: _Of | None = None
    trigger_id: Id | None = None
    response_url: Text | None = None


class _Authorization(Struct):
    team_id: str | None = None


class _Told(Struct):
    event: dict[str, Any]
    team_id: str | None = None
    authorizations: list[_Authorization] | None = None


def over_http(body: bytes, content_type: str) -> Call:
    """The call in the body of a request.

    Raises:
        Unreadable: it is not as Slack writes it.
        Unknown: it is neither JSON nor a form.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        return heard(_object(body))
    if kind != "application/x-www-form-urlencoded":
        raise Unknown
    try:
        fields = parse_qsl(
            body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
        )
    except ValueError as error:
        raise Unreadable("the form") from error
    form = dict(fields)
    return heard(_object(form["payload"].encode()) if "payload" in form else form)


def heard(payload: Mapping[str, Any]) -> Call:
    """The call that ``payload`` is; raises Unreadable."""
    if "command" in payload:
        return _as(Command, payload, "the command")
    kind = payload.get("type")
    if kind == "event_callback":
        return _event(_as(_Told, payload, "the event"))
    if kind == "block_actions":
        return _press(_as(_Press, payload, "the action"))
    if kind == "url_verification":
        challenge = payload.get("challenge")
        if not isinstance(challenge, str):
            raise Unreadable("the challenge")
        return Other(kind="url_verification", answer={"challenge": challenge})
    if kind == "block_suggestion":
        return Other(kind="block_suggestion", answer={"options": []})
    if isinstance(kind, str) or payload.get("ssl_check") == "1":
        return Other(kind="other")
    raise Unreadable("the kind")


def _event(told: _Told) -> Event | Other:
    kind = told.event.get("type")
    if not isinstance(kind, str):
        raise Unreadable("the event's type")
    if kind not in EVENTS:
        return Other(kind="event")
    # The workspace that the bot is in; a guest's message in a shared channel names both.
    ours = [each.team_id for each in told.authorizations or () if each.team_id]
    event = _as(Event, told.event, "the event")
    return msgspec.structs.replace(event, team=(ours or [told.team_id or ""])[0])


def _press(press: _Press) -> Share | Other:
    action = press.actions[0]
    if action.action_id != SHARE:
        return Other(kind="action")
    team = press.team.id if press.team else press.user.team_id
    trigger = press.trigger_id or action.action_ts
    if not team or not trigger or press.channel is None:
        raise Unreadable("the action's place")
    try:
        shared = msgspec.json.decode((action.value or "").encode(), type=Shared)
    except (ValueError, RecursionError) as error:
        raise Unreadable("the action's value") from error
    return Share(
        team=team,
        channel=press.channel.id,
        trigger=trigger,
        shared=shared,
        user=press.user.username or press.user.name or "",
        response_url=press.response_url or "",
    )


def _object(text: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except (ValueError, RecursionError) as error:
        raise Unreadable("the JSON") from error


def _as(kind: type[T], payload: Mapping[str, Any], what: str) -> T:
    try:
        return msgspec.convert(payload, kind)
    except (msgspec.ValidationError, RecursionError) as error:
        raise Unreadable(what) from error
