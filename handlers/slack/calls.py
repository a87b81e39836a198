"""A request of Slack's → the body that Bolt gets: of Slack's own shape, and no more than we read.

Bolt and the listeners take a body as it is; a part that is missing, or of another kind, would be
an error of ours. Nothing here asks who sent it: see ``signature``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, TypeVar
from urllib.parse import parse_qsl

import msgspec
from msgspec import Meta, Struct

from bot.render.slack import SHARE

COMMAND: Final = "/nato-brief"
EVENTS: Final = frozenset({"app_mention", "message"})

T = TypeVar("T")
#: Ids and names; Slack's are far shorter.
Id = Annotated[str, Meta(min_length=1, max_length=255)]
Text = Annotated[str, Meta(max_length=200_000)]
#: The last second of the year 9999.
_LATEST: Final = 253_402_300_799
#: Fields of a form.
_MOST_FIELDS: Final = 100


class Unreadable(Exception):
    """Not as Slack writes it; says where, and nothing of what it says."""


class Unknown(Exception):
    """A content type that Slack does not use."""


class Unheard(Exception):
    """Nobody listens to it; it is acknowledged with ``answer``."""

    def __init__(self, answer: Mapping[str, Any] | None = None) -> None:
        super().__init__()
        self.answer = answer


class Shared(Struct, frozen=True):
    """What the button under an answer carries: the question, and when it was asked."""

    q: Text
    #: Seconds since 1970.
    at: Annotated[int, Meta(ge=0, le=_LATEST)]


class _Command(Struct, omit_defaults=True):
    command: Id
    team_id: Id
    channel_id: Id
    trigger_id: Id
    text: Text = ""
    user_id: Id | None = None


class _Of(Struct, omit_defaults=True):
    id: Id
    team_id: Id | None = None
    username: str | None = None
    name: str | None = None


class _Action(Struct, omit_defaults=True):
    action_id: Id
    value: Text | None = None
    action_ts: Id | None = None


class _Press(Struct, omit_defaults=True):
    type: str
    actions: Annotated[list[_Action], Meta(min_length=1)]
    user: _Of
    team: _Of | None = None
    channel: _Of | None = None
    trigger_id: Id | None = None
    response_url: Text | None = None


class _Event(Struct, omit_defaults=True):
    type: str
    channel: Id
    ts: Id
    text: Text | None = None
    thread_ts: Id | None = None
    user: Id | None = None
    bot_id: str | None = None
    subtype: str | None = None
    channel_type: str | None = None


class _Installed(Struct):
    team_id: Id | None = None


class _Told(Struct):
    event: dict[str, Any]
    team_id: Id | None = None
    authorizations: list[_Installed] | None = None


def over_http(body: bytes, content_type: str) -> Mapping[str, Any]:
    """What the body of a request says; raises Unreadable, or Unknown for a content type."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        return _decoded(body, dict[str, Any], "the JSON")
    if kind != "application/x-www-form-urlencoded":
        raise Unknown
    try:
        text = body.decode()
        fields = parse_qsl(text, True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise Unreadable("the form") from error
    form = dict(fields)
    if "payload" in form:
        return _decoded(form["payload"], dict[str, Any], "the payload")
    return form


def fitting(said: Mapping[str, Any]) -> dict[str, Any]:
    """What ``said`` is for our listeners.

    Raises:
        Unreadable: it is not as Slack writes it.
        Unheard: it is, and nobody listens.
    """
    match said.get("type"):
        case None if "command" in said:
            return _command(said)
        case None if said.get("ssl_check") == "1":
            raise Unheard
        case "event_callback":
            return _event(_as(_Told, said, "the event"))
        case "block_actions":
            return _press(_as(_Press, said, "the action"))
        case "url_verification" if isinstance(said.get("challenge"), str):
            raise Unheard({"challenge": said["challenge"]})
        case "block_suggestion":
            raise Unheard({"options": []})
        case str(kind) if kind != "url_verification":
            raise Unheard
    raise Unreadable("the kind")


def shared(press: Mapping[str, Any]) -> Shared:
    """What the button that was pressed carries; raises Unreadable."""
    return _decoded(press["actions"][0].get("value", ""), Shared, "the action's value")


def once(body: Mapping[str, Any]) -> str:
    """What a call is known by, however often and by whatever event Slack tells of it."""
    if "event" in body:
        return f"slack:{body['team_id']}:{body['event']['channel']}:{body['event']['ts']}"
    team = body["team_id"] if "command" in body else body["team"]["id"]
    return f"slack:{team}:trigger:{body['trigger_id']}"


def _command(said: Mapping[str, Any]) -> dict[str, Any]:
    command = _as(_Command, said, "the command")
    if command.command != COMMAND:
        raise Unheard
    return _plain(command)


def _event(told: _Told) -> dict[str, Any]:
    kind = told.event.get("type")
    if not isinstance(kind, str):
        raise Unreadable("the event's type")
    if kind not in EVENTS:
        raise Unheard
    # The workspace that the bot is in; a guest's message in a shared channel names both.
    ours = [each.team_id for each in told.authorizations or () if each.team_id]
    return {
        "type": "event_callback",
        "team_id": (ours or [told.team_id or ""])[0],
        "event": _plain(_as(_Event, told.event, "the event")),
    }


def _press(press: _Press) -> dict[str, Any]:
    action = press.actions[0]
    if action.action_id != SHARE:
        raise Unheard
    team = press.team.id if press.team else press.user.team_id
    trigger = press.trigger_id or action.action_ts
    if not team or not trigger or press.channel is None:
        raise Unreadable("the action's place")
    body = {**_plain(press), "team": {"id": team}, "trigger_id": trigger}
    shared(body)
    return body


def _plain(fitted: Struct) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(fitted)
    return plain


def _decoded(text: bytes | str, kind: type[T], what: str) -> T:
    try:
        return msgspec.json.decode(text, type=kind)
    except (ValueError, RecursionError) as error:
        raise Unreadable(what) from error


def _as(kind: type[T], said: Mapping[str, Any], what: str) -> T:
    try:
        return msgspec.convert(said, kind)
    except (msgspec.ValidationError, RecursionError) as error:
        raise Unreadable(what) from error
