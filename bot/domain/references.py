"""Where the Teams app is installed: what it takes to write there unasked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Place(StrEnum):
    """What kind of conversation it is."""

    #: A channel of a team.
    CHANNEL = "channel"
    #: A chat with one person.
    PERSON = "person"
    #: A chat of several people.
    GROUP = "group"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One conversation the app may write in."""

    tenant: str
    #: The conversation's id; a channel's is its own id.
    conversation: str
    place: Place
    #: Where its messages go, as Teams told it in a verified request.
    service_url: str
    #: Id and name of the team, and name of the channel; only of a channel.
    team: str = ""
    team_name: str = ""
    channel_name: str = ""
    #: Directory id and name of the person; only of a chat with one.
    user: str = ""
    user_name: str = ""
