"""deliver: claim → render the latest → send or edit → settle.

DELIVERIES names only the post's key. Whoever claims it goes on until the sent revision equals
the desired one, so edits coalesce and stay in order. A first send that may or may not have gone
out is looked up before it is repeated; where the platform cannot be asked, the repeat says so.
Doubt begins right before the call and ends with an answer to that call, a look-up or a receipt: a
later refusal says nothing about an earlier call.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from bot.core.briefs.check import checked, quoted
from bot.core.briefs.corrected import corrected_brief
from bot.core.quotes.corrections import corrections_of
from bot.domain.errors import LostOwnership, NotYet, OutcomeUnknown, Permanent, Recoverable
from bot.domain.jobs import Claimed
from bot.domain.news import Record
from bot.domain.posts import Brief, ClaimAction, Post, PostClaim, PostKey, Receipt
from bot.ports.ledger import CorrectionLog, Tally
from bot.ports.news import ArticleLog
from bot.ports.work import Outbox, Sender, Senders
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
                    raise NotYet(f"{key} is being sent", after=BUSY_AGAIN)
                case ClaimAction.SETTLED:
                    if await self._outbox.settle(claimed, key):
                        return
                case ClaimAction.SEND | ClaimAction.EDIT | ClaimAction.RECONCILE:
                    await self._carry_out(key, claim)

    async def _carry_out(self, key: PostKey, claim: PostClaim) -> None:
        assert claim.post is not None  # noqa: S101 - what these three actions come with
        turn = _Turn(self._outbox, key, claim.token, claim.post)
        try:
            await self._look_or_show(turn, claim)
        except LostOwnership:
            return  # the lease has gone; whoever has it now goes on
        except OutcomeUnknown as error:
            # In doubt: the lease runs out, so that what is late lands, and the next claimer looks.
            if not turn.begun:
                await turn.failed(str(error))
            raise Recoverable(str(error), after=error.after or BUSY_AGAIN) from error
        except Recoverable as error:
            await turn.failed(str(error))
            raise
        except Permanent as error:
            await turn.failed(str(error), dead=True)
            _log.error(line("deliver.dead", post=key, problem=error))

    async def _look_or_show(self, turn: _Turn, claim: PostClaim) -> None:
        sender = self._senders(turn.key.destination)
        if claim.action is ClaimAction.RECONCILE and sender.can_look_up:
            found = await sender.find(turn.key, since=claim.first_try or turn.post.created)
            if found is not None:
                # Which revision arrived is not known; revision 0 makes the next claim an edit.
                await turn.sent(revision=0, receipt=found)
                _log.info(line("deliver.found", post=turn.key, handle=found.handle))
                return
            turn.doubt = False
        await self._show(turn, sender)

    async def _show(self, turn: _Turn, sender: Sender) -> None:
        key, post = turn.key, turn.post
        brief = await self._current(post.brief, shown=post.handle is not None)
        in_place = post.handle is not None and sender.edits_in_place
        # A message that may be a repeat says so as long as it stands; another edit is harmless.
        repeat = post.repeat if in_place else turn.doubt
        if repeat:
            brief = replace(brief, notes=(*brief.notes, POSSIBLY_REPEATED))
        if post.handle is None:
            receipt = await sender.send(key, brief, turn.begin)
        else:
            await sender.edit(key, post.handle, brief, turn.begin)
            receipt = Receipt(handle=post.handle, at=self._clock())
        await turn.sent(revision=post.desired, receipt=receipt, repeat=repeat)
        if post.handle is None and self._posted is not None:
            await self._posted(key, receipt.at)
        _log.info(line("deliver.done", post=key, revision=post.desired, handle=receipt.handle))

    async def _current(self, brief: Brief, *, shown: bool) -> Brief:
        """The brief with every quote checked against the stored article, and names withdrawn.

        A post that was ``shown`` keeps the quotes of records that were dropped since.
        """
        records: dict[str, Record] = {}
        dropped: set[str] = set()
        for position in quoted((brief,)):
            record = await self._articles.at(position)
            if record is not None:
                records[position] = record
            elif shown and await self._articles.dropped(position):
                dropped.add(position)
        result, withheld = checked(brief, records, dropped=dropped)
        if withheld:
            _log.error(line("deliver.quote_withheld", n=withheld, headline=brief.headline))
            if self._tally is not None:
                await self._tally.withheld("deliver", withheld)
        if self._corrections is None:
            return result
        return corrected_brief(result, corrections_of(await self._corrections.in_force()))


class _Turn:
    """One claimer's turn at a post, from its lease to what is recorded at its end."""

    def __init__(self, outbox: Outbox, key: PostKey, token: int, post: Post) -> None:
        self.key = key
        self.post = post
        #: Whether an earlier call may have shown it; a look-up can end that.
        self.doubt = post.doubt
        #: Whether this turn's own call may have.
        self.begun = False
        self._outbox = outbox
        self._token = token

    async def begin(self) -> None:
        """Note that the call leaves now; raises LostOwnership when the lease has gone."""
        if not await self._outbox.begin(self.key, self._token):
            raise LostOwnership(f"{self.key} is in other hands")
        self.begun = True

    async def sent(self, *, revision: int, receipt: Receipt, repeat: bool = False) -> None:
        """Record that a revision is out."""
        if not await self._outbox.mark_sent(
            self.key, self._token, revision=revision, receipt=receipt, repeat=repeat
        ):
            _log.warning(line("deliver.mark_refused", post=self.key))

    async def failed(self, problem: str, *, dead: bool = False) -> None:
        """Give the lease back; what was in doubt before this turn still is."""
        await self._outbox.mark_failed(
            self.key, self._token, problem=problem, dead=dead, doubt=self.doubt
        )
