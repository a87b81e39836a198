"""Where the app is installed: an activity → the references it means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.domain.references import Place, Reference
from handlers.teams.sdk import ActivityBase

_PLACES = {"personal": Place.PERSON, "groupChat": Place.GROUP}


def tenant_of(activity: ActivityBase) -> str:
    """The tenant an activity comes from; empty when it does not say."""
    data = activity.channel_data
    if data is not None and data.tenant is not None and data.tenant.id:
        return data.tenant.id
    return activity.conversation.tenant_id or ""


def team_of(activity: ActivityBase) -> tuple[str, str]:
    """Id and name of the team, both empty outside of one."""
    team = activity.channel_data.team if activity.channel_data else None
    return ("", "") if team is None else (team.id or "", team.name or "")


def chat_of(activity: ActivityBase, *, tenant: str, service_url: str) -> Reference | None:
    """The chat an activity comes from; None in a team."""
    place = _PLACES.get(str(activity.conversation.conversation_type))
    if place is None:
        return None
    person = place is Place.PERSON
    return Reference(
        tenant=tenant,
        conversation=activity.conversation.id,
        place=place,
        service_url=service_url,
        user=(activity.from_.aad_object_id or activity.from_.id) if person else "",
        user_name=(activity.from_.name or "") if person else "",
    )


def channels_of(
    activity: ActivityBase,
    listed: Sequence[tuple[str, str]],
    known: Iterable[Reference],
    *,
    tenant: str,
    service_url: str,
) -> tuple[Reference, ...]:
    """Every channel of the team an activity comes from.

    Args:
        activity: Of a team.
        listed: Id and name of its channels; without, what is known and the activity's own.
        known: References kept so far, for names the activity does not give.
        tenant: Of the team.
        service_url: Where its messages go.
    """
    team, name = team_of(activity)
    before = [reference for reference in known if reference.team == team]
    name = name or next((r.team_name for r in before if r.team_name), "")
    if not listed:
        channel = activity.channel_data.channel if activity.channel_data else None
        own = channel.name if channel is not None and channel.name else "General"
        root = activity.conversation.id.partition(";")[0]
        listed = [(root, own), *((r.conversation, r.channel_name) for r in before)]
    return tuple(
        Reference(
            tenant=tenant,
            conversation=conversation,
            place=Place.CHANNEL,
            service_url=service_url,
            team=team,
            team_name=name,
            channel_name=channel_name,
        )
        for conversation, channel_name in listed
    )
