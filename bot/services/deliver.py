"""deliver: claim → render the latest → send or edit → settle.

DELIVERIES names only the post's key. Whoever claims it goes on until the sent revision equals
the desired one, so edits coalesce and stay in order. A first send that may or may not have gone
out is looked up before it is repeated; where the platform cannot be asked, the repeat says so.
Doubt begins right before the call and ends with an answer to that call, a look-up or a receipt: a
later refusal says nothing about an earlier call. Where the token or the channel is refused a post
waits (``services.parking``); only one that the platform finds malformed is given up, and told.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from bot.core.briefs.caught_up import substance
from bot.core.briefs.check import checked, quoted
from bot.core.briefs.corrected import corrected_brief
from bot.core.quotes.corrections import corrections_of
from bot.domain.channels import Destination
from bot.domain.errors import (
    Barred,
    LostOwnership,
    NotYet,
    OutcomeUnknown,
    Permanent,
    Recoverable,
    Uneditable,
)
from bot.domain.jobs import Claimed
from bot.domain.news import Record
from bot.domain.parked import Barring, token_of
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
        malformed: Callable[[Post, str], Awaitable[None]] | None = None,
        corrections: CorrectionLog | None = None,
        tally: Tally | None = None,
    ) -> None:
        """``posted`` is told of every first post that stands, ``malformed`` of what cannot be.

        Names withdrawn by ``corrections`` are taken off; ``tally`` counts what is not shown.
        """
        self._outbox = outbox
        self._articles = articles
        self._senders = senders
        self._clock = clock
        self._posted = posted
        self._malformed = malformed
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
                case ClaimAction.PARKED:
                    assert claim.parked is not None  # noqa: S101 - what this one comes with
                    if await self._outbox.park(claimed, key, claim.parked):
                        return
                case ClaimAction.SEND | ClaimAction.EDIT | ClaimAction.RECONCILE:
                    if await self._carry_out(claimed, key, claim):
                        return

    async def _carry_out(self, claimed: Claimed, key: PostKey, claim: PostClaim) -> bool:
        """Take one turn at a post; returns whether its entry is acknowledged."""
        assert claim.post is not None  # noqa: S101 - what these three actions come with
        turn = _Turn(self._outbox, key, claim.token, claim.post)
        try:
            await self._look_or_show(turn, claim)
        except LostOwnership:
            pass  # the lease has gone; whoever has it now goes on
        except Barred as error:
            return await self._wait(claimed, turn, error)
        except OutcomeUnknown as error:
            # In doubt: the lease runs out, so that what is late lands, and the next claimer looks.
            if not turn.begun:
                await turn.failed(str(error))
            raise Recoverable(str(error), after=error.after or BUSY_AGAIN) from error
        except Recoverable as error:
            await turn.failed(str(error))
            raise
        except Uneditable as error:
            await turn.left_as_it_is(str(error))
            _log.warning(line("deliver.left", post=key, problem=error))
        except Permanent as error:
            if self._malformed is not None:
                await self._malformed(turn.post, str(error))
            await turn.dead(str(error))
            _log.error(line("deliver.dead", post=key, problem=error))
        return False

    async def _wait(self, claimed: Claimed, turn: _Turn, error: Barred) -> bool:
        to = turn.key.destination
        where = token_of(to) if error.token else to
        barred = await turn.barred(claimed, where, str(error))
        if barred is Barring.FIRST:
            _log.error(line("deliver.parked", where=where, problem=error))
        return barred is not Barring.LOST

    async def _look_or_show(self, turn: _Turn, claim: PostClaim) -> None:
        if turn.post.told == substance(turn.post.brief) and turn.post.handle is None:
            await turn.told()
            return
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

    async def failed(self, problem: str) -> None:
        """Give the lease back; what was in doubt before this turn still is."""
        await self._outbox.mark_failed(self.key, self._token, problem=problem, doubt=self.doubt)

    async def barred(self, claimed: Claimed, where: Destination, problem: str) -> Barring:
        """Wait until ``where`` takes posts again; doubt waits, too."""
        return await self._outbox.bar(
            claimed, self.key, self._token, where=where, problem=problem, doubt=self.doubt
        )

    async def dead(self, problem: str) -> None:
        """Give this revision up."""
        await self._outbox.mark_dead(
            self.key, self._token, revision=self.post.desired, problem=problem
        )

    async def told(self) -> None:
        """Leave it at what a digest said."""
        await self._outbox.mark_told(self.key, self._token, revision=self.post.desired)

    async def left_as_it_is(self, problem: str) -> None:
        """Settle an edit that can never be made; the message is not posted anew."""
        assert self.post.handle is not None  # noqa: S101 - only an edit ends so
        receipt = Receipt(handle=self.post.handle, at=self.post.sent_at or self.post.created)
        await self._outbox.mark_sent(
            self.key,
            self._token,
            revision=self.post.desired,
            receipt=receipt,
            problem=problem,
        )
