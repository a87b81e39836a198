"""The Bot Framework's REST connector: create and update activities, list a team's channels.

Not the SDK's client: this one says of every failure whether a message may have gone out, and
each call names its own service URL. See docs/decisions/0015.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

import aiohttp
from yarl import URL

from bot.adapters.teams.answers import body_of, code_of, of_answer, of_exception
from bot.adapters.teams.tokens import Tokens
from bot.domain.errors import Barred, OutcomeUnknown, Uneditable
from bot.ports.work import Begin
from bot.render.teams import dump

#: Well under half of a post's lease.
_TIMEOUT = aiohttp.ClientTimeout(total=10, connect=5)
#: Answers to an edit whose message was deleted, and their codes where it is the whole place.
_GONE = frozenset({404, 410})
_NO_PLACE = frozenset({"ConversationNotFound", "BotNotInConversationRoster"})
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Connector:
    """Calls Teams as the bot; without tokens only a Teams on this machine."""

    def __init__(
        self,
        *,
        session: Callable[[], aiohttp.ClientSession],
        tokens: Tokens | None,
        timeout: aiohttp.ClientTimeout = _TIMEOUT,
    ) -> None:
        self._session = session
        self._tokens = tokens
        self._timeout = timeout

    async def create(
        self,
        service: str,
        conversation: str,
        activity: Mapping[str, Any],
        begin: Begin | None = None,
    ) -> str:
        """Post an activity; returns its id. ``begin`` is awaited right before it leaves.

        Raises Recoverable, Barred, Permanent where it is malformed, or OutcomeUnknown when it may
        have gone out.
        """
        path = f"v3/conversations/{quote(conversation, safe='')}/activities"
        answer = await self._call("POST", service, path, activity, begin=begin)
        name = answer.get("id")
        if not isinstance(name, str) or not name:
            raise OutcomeUnknown("Teams gave the message no id")
        return name

    async def update(
        self,
        service: str,
        conversation: str,
        activity_id: str,
        activity: Mapping[str, Any],
        begin: Begin,
    ) -> None:
        """Put an activity in the place of an earlier one.

        Raises Recoverable, Barred, Permanent where it is malformed, Uneditable where the earlier
        one is not there any more.
        """
        path = (
            f"v3/conversations/{quote(conversation, safe='')}/activities/"
            f"{quote(activity_id, safe='')}"
        )
        changed = {**activity, "id": activity_id}
        await self._call("PUT", service, path, changed, begin=begin, again=True)

    async def channels(self, service: str, team: str) -> tuple[tuple[str, str], ...]:
        """Id and name of each channel of a team; raises Recoverable or Barred."""
        path = f"v3/teams/{quote(team, safe='')}/conversations"
        answer = await self._call("GET", service, path, None, again=True)
        listed = answer.get("conversations")
        return tuple(
            # The first channel of a team has no name of its own in this list.
            (str(channel["id"]), str(channel.get("name") or "General"))
            for channel in (listed if isinstance(listed, list) else [])
            if isinstance(channel, dict) and channel.get("id")
        )

    async def _call(
        self,
        method: str,
        service: str,
        path: str,
        body: Mapping[str, Any] | None,
        *,
        begin: Begin | None = None,
        again: bool = False,
    ) -> dict[str, Any]:
        """One call, once more with a new token if the first was refused."""
        url = URL(f"{service.rstrip('/')}/{path}", encoded=True)
        self._check(service)
        for fresh in (False, True):
            token = await self._tokens.get() if self._tokens else None
            headers = {"Content-Type": "application/json"}
            if token is not None:
                headers["Authorization"] = f"Bearer {token.reveal()}"
            if begin is not None:
                await begin()
            try:
                async with self._session().request(
                    method,
                    url,
                    data=None if body is None else dump(body),
                    headers=headers,
                    timeout=self._timeout,
                    allow_redirects=False,
                ) as answer:
                    content = await body_of(answer)
            except (aiohttp.ClientError, TimeoutError) as error:
                raise of_exception(error, again=again) from error
            if answer.status == 401 and self._tokens is not None and token is not None:
                self._tokens.drop(token)
                if not fresh:
                    continue
                raise Barred("Teams refuses the bot's token", token=True)
            deleted = answer.status in _GONE and code_of(content) not in _NO_PLACE
            if deleted and method == "PUT":
                raise Uneditable(f"the message is not there any more: {answer.status}")
            if answer.status not in range(200, 300):
                raise of_answer(answer.status, answer.headers, content, again=again)
            return _object(content)
        raise AssertionError  # the second round returns or raises

    def _check(self, service: str) -> None:
        """Keep the token off the open network, and an open Teams off any network."""
        parts = urlsplit(service)
        local = parts.hostname in _LOOPBACK
        if self._tokens is None and not local:
            raise Barred("without credentials the bot speaks to this machine only", token=True)
        if parts.scheme != "https" and not local:
            raise Barred("Teams is called over https only")


def _object(content: bytes) -> dict[str, Any]:
    try:
        value = json.loads(content or b"{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
