"""What comes from Teams → what is answered.

    message               a command or question: the answer as a card, where it was asked
    installed · removed   references kept and forgotten; a first message says what it does
    conversation changed  a team's channels listed again

The order of things in each listener: is it our tenant, was it done before, do it, and whatever
goes wrong is logged under a reference that the person is told. Teams gets its 200 all the same: a
repeat of the request would not go better.
"""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final, TypeVar
from uuid import uuid4

from bot.bootstrap.app import App
from bot.domain.conversation import Help
from bot.domain.errors import Barred, BotError, NotYet, Recoverable
from bot.render.teams import (
    Card,
    activity,
    plain_card,
    spoken_card,
    spoken_line,
    welcome_card,
)
from bot.services.log import line, logger
from handlers.teams.places import channels_of, chat_of, team_of, tenant_of
from handlers.teams.sdk import (
    ActivityBase,
    ActivityContext,
    ConversationUpdateActivity,
    InstalledActivity,
    InvokeResponse,
    MessageActivity,
    TeamsApp,
    UninstalledActivity,
)

_log = logger("teams")

A = TypeVar("A", bound=ActivityBase)

#: Tries to get an answer out, and the longest wait between two, in seconds.
_TRIES: Final = 3
_WAIT: Final = 2.0
#: A mention at the beginning; the marks of any. Both take time by the length of the text.
_CALL: Final = re.compile(r"\A\s*<at[^<>]*>.*?</at>", re.DOTALL)
_MARK: Final = re.compile(r"</?at[^<>]*>")


class Listeners:
    """One method a kind of activity; ``register`` is the table of them."""

    def __init__(self, app: App) -> None:
        assert app.settings.teams is not None  # noqa: S101 - nobody mounts Teams without
        self._app = app
        self._settings = app.settings.teams

    def register(self, sdk: TeamsApp) -> None:
        """Tell the SDK who listens to what."""
        sdk.on_message(self._guarded(self.asked))
        sdk.on_install_add(self._guarded(self.installed))
        sdk.on_install_remove(self._guarded(self.removed))
        sdk.on_conversation_update(self._guarded(self.changed))

    async def asked(self, message: MessageActivity) -> None:
        """Answer a line, in the chat or thread it was written in."""
        text = typed(message)
        spoken = await self._app.converse(text, now=self._app.clock.now())
        await self._answer(message, spoken_card(spoken), spoken_line(spoken))
        await self._remember_chat(message)

    async def installed(self, told: InstalledActivity) -> None:
        """Remember where, and say hello."""
        await self._remember(told)
        team = bool(team_of(told)[0])
        found = await self._app.converse("help", now=self._app.clock.now())
        assert isinstance(found, Help)  # noqa: S101 - what this line asks for
        shown = welcome_card(found, team=team)
        await self._answer(
            told, shown, "NATO brief is here. It says what it does, and how to stop."
        )
        _log.info(line("teams.installed", team=team))

    async def removed(self, told: UninstalledActivity) -> None:
        """Forget where."""
        await self._forget(told)
        _log.info(line("teams.removed", team=bool(team_of(told)[0])))

    async def changed(self, told: ConversationUpdateActivity) -> None:
        """Follow a team's channels, and its removal of the bot."""
        gone = {member.id for member in told.members_removed or ()}
        if told.recipient.id in gone:
            await self._forget(told)
        elif team_of(told)[0]:
            await self._remember(told)

    async def _remember(self, told: ActivityBase) -> None:
        """Keep the chat, or every channel of the team."""
        team, _ = team_of(told)
        if not team:
            await self._remember_chat(told)
            return
        tenant, service = self._settings.tenant, _service(told)
        try:
            listed = await self._app.connector.channels(service, team)
        except BotError as error:
            _log.warning(line("teams.channels_unknown", problem=error))
            listed = ()
        known = await self._app.references.all(tenant)
        found = channels_of(told, listed, known, tenant=tenant, service_url=service)
        await self._app.references.keep_team(tenant, team, found)

    async def _remember_chat(self, told: ActivityBase) -> None:
        chat = chat_of(told, tenant=self._settings.tenant, service_url=_service(told))
        if chat is not None:
            await self._app.references.keep(chat)

    async def _forget(self, told: ActivityBase) -> None:
        team, _ = team_of(told)
        if team:
            await self._app.references.keep_team(self._settings.tenant, team, ())
        else:
            await self._app.references.forget(self._settings.tenant, told.conversation.id)

    async def _answer(self, told: ActivityBase, shown: Card, summary: str) -> None:
        """Post ``shown`` where ``told`` comes from, with a little patience."""
        body: dict[str, Any] = activity(shown, summary=summary)
        for tried in range(1, _TRIES + 1):
            try:
                await self._app.connector.create(_service(told), told.conversation.id, body)
            except Recoverable as error:
                wait = error.after if error.after is not None else 0.5 * tried
                if tried == _TRIES or wait > _WAIT or isinstance(error, Barred):
                    raise
                await asyncio.sleep(wait)
            else:
                return

    def _guarded(
        self, does: Callable[[A], Awaitable[None]]
    ) -> Callable[[ActivityContext[A]], Awaitable[InvokeResponse[Any] | None]]:
        """``does`` for our own tenant only, its failures told and logged once."""

        async def listen(context: ActivityContext[A]) -> InvokeResponse[Any] | None:
            told = context.activity
            tenant = tenant_of(told)
            if not self._settings.insecure and tenant != self._settings.tenant:
                _log.warning(line("teams.other_tenant", tenant=tenant))
                return None
            reference = uuid4().hex[:8]
            try:
                name = f"teams:{told.conversation.id}:{told.id}"
                await self._app.once.do(name, partial(does, told))
                await self._app.waiting.hasten("teams")
            except NotYet:
                return InvokeResponse(status=503)
            except BotError as error:
                _log.warning(line("teams.failed", reference=reference, problem=error))
                await self._apologise(told, reference)
            except Exception:  # noqa: BLE001 - where a bug in an answer ends
                _log.exception(line("teams.failed", reference=reference))
                await self._apologise(told, reference)
            return None

        return listen

    async def _apologise(self, told: ActivityBase, reference: str) -> None:
        if not isinstance(told, MessageActivity):
            return  # nobody waits for an answer
        said = f"That went wrong. An admin finds it in the log under {reference}."
        try:
            await self._answer(told, plain_card(said), said)
        except BotError as error:
            _log.warning(line("teams.not_told", reference=reference, problem=error))


def _service(told: ActivityBase) -> str:
    """Where to answer; the token of a checked request vouches for it."""
    return told.service_url or ""


def typed(message: MessageActivity) -> str:
    """What a person typed, without the mention that called the bot; others keep their names."""
    text = message.text or ""
    mention = message.get_account_mention(message.recipient.id)
    if mention is not None and mention.text:
        text = text.replace(mention.text, " ", 1)
    else:
        text = _CALL.sub(" ", text)
    return html.unescape(_MARK.sub("", text)).replace("\xa0", " ").strip()
