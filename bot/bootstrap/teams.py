"""Settings of Teams: the bot's registration, and the addresses of Workflows webhooks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.domain.errors import UsageError
from bot.domain.hosts import is_loopback
from bot.domain.secrets import Secret

_WEBHOOK = "NATO_BRIEF_WEBHOOK_"
#: The three of a registration; the second name is the one that Microsoft's own tools write.
_NAMES = {
    "TEAMS_CLIENT_ID": "CLIENT_ID",
    "TEAMS_CLIENT_SECRET": "CLIENT_SECRET",
    "TEAMS_TENANT_ID": "TENANT_ID",
}
_INSECURE = "NATO_BRIEF_TEAMS_INSECURE"


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamsSettings:
    """A bot's registration in one tenant."""

    client_id: str
    #: The only tenant that is served.
    tenant: str
    #: None only where ``insecure``: then the bot speaks to this machine alone, without a token.
    secret: Secret | None = None
    #: Take requests that prove nothing, for the Agents Playground on this machine.
    insecure: bool = False


def teams_settings(value: Callable[[str], str | None], *, host: str) -> TeamsSettings | None:
    """The registration, or None where Teams is not used.

    Args:
        value: A variable of the environment, None when it is not set.
        host: What the web host is bound to.

    Raises:
        UsageError: it is incomplete, or open to more than this machine.
    """
    own = {name: value(name) for name in _NAMES}
    if not any(own.values()):
        # Bare names may be another program's; all three together are meant.
        theirs = {name: value(bare) for name, bare in _NAMES.items()}
        own = theirs if all(theirs.values()) else own
    client_id, secret, tenant = own.values()
    if (value(_INSECURE) or "0").lower() not in {"0", "no", "false", "off"}:
        if not is_loopback(host):
            raise UsageError(
                f"{_INSECURE} lets anybody who can reach {host} speak for anybody:"
                " bind NATO_BRIEF_LISTEN to 127.0.0.1, or take it away"
            )
        return TeamsSettings(
            client_id=client_id or "nato-brief", tenant=tenant or "local", insecure=True
        )
    missing = [name for name, given in own.items() if not given]
    if len(missing) == len(own):
        return None
    if client_id is None or secret is None or tenant is None:
        raise UsageError(f"Teams needs {', '.join(_NAMES)}; missing: {', '.join(missing)}")
    return TeamsSettings(client_id=client_id, secret=Secret(secret), tenant=tenant)


def webhook_addresses(environment: Mapping[str, str]) -> dict[str, Secret]:
    """Name, as it stands after ``NATO_BRIEF_WEBHOOK_`` → address.

    Raises:
        UsageError: an address is none that a card may be sent to.
    """
    found: dict[str, Secret] = {}
    for variable, written in environment.items():
        address = written.strip()
        if not variable.startswith(_WEBHOOK) or not address:
            continue
        if not re.match(r"https://[^/\s]+/|http://(?:127\.0\.0\.1|localhost)[:/]", address):
            raise UsageError(f"{variable} is no https address")
        found[variable.removeprefix(_WEBHOOK).upper()] = Secret(address)
    return found
