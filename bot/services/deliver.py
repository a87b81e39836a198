"""deliver: claim → render the latest → send or edit → settle.

DELIVERIES names only the post's key. Whoever claims it goes on until the sent revision equals
the desired one, so edits coalesce and stay in order. A first send that may or may not have gone
out is looked up before it is repeated; where the platform cannot be asked, the repeat says so.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from bot.core.briefs.check import checked
from bot.core.briefs.corrected import corrected_brief
from bot.core.quotes.corrections import corrections_of
from bot.domain.errors import OutcomeUnknown, Permanent, Recoverable
from bot.domain.jobs import Claimed
from bot.domain.news import Record
from bot.domain.posts import Brief, ClaimAction, Post, PostClaim, PostKey, PostStatus, Receipt
from bot.ports.ledger import CorrectionLog, Tally
from bot.ports.news import ArticleLog
from bot.ports.work import Outbox, Senders
from bot.services.log import line, logger

_log = logger("deliver")

#: Seconds until a post that somebody else is sending is looked at again.
BUSY_AGAIN = 5.0
POSSIBLY_REPEATED = "Possibly repeated: it is not known whether this was posted before."


class Deliver:
    """Brings posts to their destination, many posts at once, each by one claimer."""

    def __init__(
        self,
        *,
        outbox: Outbox,
        articles: ArticleLog,
        senders: Senders,
        clock: Callable[[], datetime],
        posted: Callable[[PostKey, datetime], Awaitable[None]] | None = None,
        corrections: CorrectionLog | None = None,
        tally: Tally | None = None,
    ) -> None:
        """``posted`` is told of every first post that stands.

        Names withdrawn by ``corrections`` are taken off; ``tally`` counts what is not shown.
        """
        self._outbox = outbox
        self._articles = articles
        self._senders = senders
        self._clock = clock
        self._posted = posted
        self._corrections = corrections
        self._tally = tally

    async def __call__(self, claimed: Claimed, key: PostKey) -> None:
        """Go on with one post until nothing is left to do, then acknowledge.

        Raises Recoverable to be tried again later, LostOwnership when the entry has gone.
        """
        while True:
            claim = await self._outbox.claim(key)
            match claim.action:
                case ClaimAction.BUSY:
                    raise Recoverable(f"{key} is being sent", after=BUSY_AGAIN)
                case ClaimAction.SETTLED:
                    if await self._outbox.settle(claimed, key):
                        return
                case ClaimAction.SEND | ClaimAction.EDIT | ClaimAction.RECONCILE:
                    await self._carry_out(key, claim)

    async def _carry_out(self, key: PostKey, claim: PostClaim) -> None:
        assert claim.post is not None  # noqa: S101 - what these three actions come with
        post = claim.post
        try:
            if claim.action is ClaimAction.RECONCILE:
                await self._reconcile(key, claim, post)
            else:
                await self._show(key, claim, post, await self._current(post.brief))
        except OutcomeUnknown as error:
            # Neither sent nor failed: the lease runs out and the next claimer looks it up.
            raise Recoverable(str(error), after=BUSY_AGAIN) from error
        except Recoverable as error:
            await self._outbox.mark_failed(key, claim.token, problem=str(error), dead=False)
            raise
        except Permanent as error:
            await self._outbox.mark_failed(key, claim.token, problem=str(error), dead=True)
            _log.error(line("deliver.dead", post=key, problem=error))

    async def _reconcile(self, key: PostKey, claim: PostClaim, post: Post) -> None:
        """Find out whether an earlier first send arrived, before sending once more."""
        sender = self._senders(key.destination)
        brief = await self._current(post.brief)
        if not sender.can_look_up:
            # A post that was only ever wanted has not been sent, whatever the server forgot.
            if post.status is PostStatus.SENDING:
                brief = replace(brief, notes=(*brief.notes, POSSIBLY_REPEATED))
            await self._show(key, claim, post, brief)
            return
        since = claim.first_try or post.created
        receipt = await sender.find(key, since=since)
        if receipt is None:
            await self._show(key, claim, post, brief)
        else:
            # Which revision arrived is not known; revision 0 makes the next claim an edit.
            await self._mark(key, claim, revision=0, receipt=receipt)
            _log.info(line("deliver.found", post=key, handle=receipt.handle))

    async def _show(self, key: PostKey, claim: PostClaim, post: Post, brief: Brief) -> None:
        sender = self._senders(key.destination)
        if not await self._outbox.extend(key, claim.token):
            return  # the lease has gone; whoever has it now sends
        if post.handle is None:
            receipt = await sender.send(key, brief)
        else:
            await sender.edit(key, post.handle, brief)
            receipt = Receipt(handle=post.handle, at=self._clock())
        await self._mark(key, claim, revision=post.desired, receipt=receipt)
        if post.handle is None and self._posted is not None:
            await self._posted(key, receipt.at)
        _log.info(line("deliver.done", post=key, revision=post.desired, handle=receipt.handle))

    async def _mark(
        self, key: PostKey, claim: PostClaim, *, revision: int, receipt: Receipt
    ) -> None:
        if not await self._outbox.mark_sent(key, claim.token, revision=revision, receipt=receipt):
            _log.warning(line("deliver.mark_refused", post=key))

    async def _current(self, brief: Brief) -> Brief:
        """The brief with every quote checked against the stored article, and names withdrawn."""
        positions = {q.position for item in brief.items for q in item.quotes}
        records: dict[str, Record] = {}
        for position in positions:
            record = await self._articles.at(position)
            if record is not None:
                records[position] = record
        result, withheld = checked(brief, records)
        if withheld:
            _log.error(line("deliver.quote_withheld", n=withheld, headline=brief.headline))
            if self._tally is not None:
                await self._tally.withheld("deliver", withheld)
        if self._corrections is None:
            return result
        return corrected_brief(result, corrections_of(await self._corrections.in_force()))
