"""What ``doctor`` looks at in Slack: the token, its scopes, and every channel we post to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from types import MappingProxyType

from bot.adapters.slack.api import Refused, SlackApi
from bot.adapters.slack.place import place_of, with_id
from bot.domain.channels import Destination
from bot.domain.errors import BotError

#: Scope → what does not work without it.
REQUIRED = MappingProxyType(
    {
        "chat:write": "posting",
        "commands": "/nato-brief",
        "app_mentions:read": "answering mentions",
        "im:history": "answering direct messages",
    }
)
_REPEATS = "after a crash a post may be repeated, marked as such"

#: Name of the check, whether it is fine, what was found and the fix.
Finding = tuple[str, bool, str]


async def examine(api: SlackApi, destinations: Iterable[Destination]) -> AsyncIterator[Finding]:
    """Look at the token and at ``destinations``; changes nothing."""
    try:
        about, scopes = await api.who()
    except BotError as error:
        yield "slack token", False, f"{error}; set SLACK_BOT_TOKEN to the bot's xoxb- token"
        return
    yield "slack token", True, f"{about.get('user', 'bot')} in {about.get('team', 'workspace')}"
    if scopes is not None:
        missing = [f"{scope} ({what})" for scope, what in REQUIRED.items() if scope not in scopes]
        fix = f"missing {', '.join(missing)}: add them to the app and reinstall it"
        yield "slack scopes", not missing, fix if missing else "all that are needed"
    for destination in dict.fromkeys(destinations):
        ok, said = await _channel(api, destination)
        yield "slack channel", ok, f"{destination}: {said}"


async def _channel(api: SlackApi, destination: Destination) -> tuple[bool, str]:
    try:
        if destination.workspace and not await api.is_called(destination.workspace):
            return False, "SLACK_BOT_TOKEN is of another workspace"
        place = await with_id(api, place_of(destination))
        await api.read("conversations.history", channel=place.channel, limit=1)
    except Refused as error:
        if error.code == "missing_scope":
            needed = error.needed or "channels:history, channels:read"
            return True, f"cannot be read without {needed}; {_REPEATS}"
        if error.code == "not_in_channel":
            return False, "the bot is not in it; type `/invite @nato-brief` there"
        return False, f"{error.code}; write the channel's id in channels.yaml"
    except BotError as error:
        return False, str(error)
    return True, "can be posted to and read back"
