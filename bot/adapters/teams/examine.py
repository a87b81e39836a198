"""What ``doctor`` looks at in Teams: the bot's credentials, and every place we post to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

from bot.adapters.redis.references import RedisReferences
from bot.adapters.teams.tokens import Tokens
from bot.domain.channels import Destination
from bot.domain.errors import BotError

#: Name of the check, whether it is fine, what was found and the fix.
Finding = tuple[str, bool, str]


async def examine(
    tokens: Tokens | None,
    references: RedisReferences,
    destinations: Iterable[Destination],
    *,
    tenant: str,
) -> AsyncIterator[Finding]:
    """Look at the credentials and at ``destinations``; changes nothing.

    Args:
        tokens: None where requests prove nothing, as in the Playground.
        references: Where the app was installed.
        destinations: Those on Teams.
        tenant: The only one that is served.
    """
    if tokens is None:
        yield "teams token", True, "not needed: requests from this machine prove nothing"
    else:
        try:
            await tokens.get()
        except BotError as error:
            yield "teams token", False, str(error)
        else:
            yield "teams token", True, "Microsoft knows the bot; its endpoint is /api/messages"
    for destination in dict.fromkeys(destinations):
        try:
            await references.of(tenant, destination)
        except BotError as error:
            yield "teams channel", False, str(error)
        else:
            yield "teams channel", True, f"{destination}: the app is installed there"
