"""What the desk, delivery and CPU work need from outside."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import ParamSpec, Protocol, TypeAlias, TypeVar

from bot.domain.channels import Destination
from bot.domain.dead_letters import DeadLetter
from bot.domain.jobs import Claimed, ShareReply
from bot.domain.parked import Barring, Parked
from bot.domain.posts import Brief, DesiredPost, Post, PostClaim, PostKey, Receipt
from bot.domain.stories import Decision, DeskState, DigestDue, Outcome

P = ParamSpec("P")
T = TypeVar("T")

#: Awaited right before the request that shows something leaves: from then on, until an answer
#: says otherwise, it may have gone out. Raises LostOwnership when somebody else is at it by now.
Begin: TypeAlias = Callable[[], Awaitable[None]]


class Desk(Protocol):
    """The fold's memory behind a fenced lease. Called by ``services.desk``."""

    async def lease(self, owner: str) -> int:
        """Take or renew the lease; returns the fencing token, 0 while another owner holds it."""

    async def release(self, owner: str) -> None:
        """Give the lease up, so that a standby takes over at once."""

    async def load(self, *, since: datetime) -> DeskState:
        """Stories with a member stored after ``since``, and every channel's state."""

    async def commit(self, token: int, claimed: Claimed, outcome: Outcome) -> None:
        """Write the outcome, add changed posts to DELIVERIES and ack, in one script.

        Raises LostOwnership when the token or the entry is not ours any more.
        """

    async def decisions(self, article_id: str) -> tuple[Decision, ...]:
        """What was decided about an article, oldest first."""


class DeadLetters(Protocol):
    """What the pipeline gave up. Called by ``why``."""

    async def newest(self, limit: int) -> tuple[DeadLetter, ...]:
        """At most ``limit``, the newest first."""


class DigestClock(Protocol):
    """When digests fall due. Called by the digest tick."""

    async def schedule(self, due: Mapping[DigestDue, datetime]) -> None:
        """Add digests; one already there or already fired keeps its time."""

    async def forget_unplanned(self, planned: Collection[DigestDue]) -> None:
        """Take off digests that are not due yet and planned no more; not what was asked for."""

    async def fire_due(self) -> tuple[DigestDue, ...]:
        """Move every due digest onto ARTICLES in one script; each fires once."""


class Outbox(Protocol):
    """Posts as desired state. Called by ``services.deliver``, the pages and ``why``."""

    async def claim(self, key: PostKey) -> PostClaim:
        """Lease a post, or say why not; see ``ClaimAction``."""

    async def mark_sent(
        self,
        key: PostKey,
        token: int,
        *,
        revision: int,
        receipt: Receipt,
        repeat: bool = False,
        problem: str = "",
    ) -> bool:
        """Record that a revision is out; False when the token is not ours any more.

        ``repeat`` is whether the message says that it may be one, ``problem`` why it could not
        be brought to this revision.
        """

    async def mark_failed(
        self, key: PostKey, token: int, *, problem: str, doubt: bool = False
    ) -> bool:
        """Give the lease up without a receipt, to be tried again.

        ``doubt`` is whether an earlier call may have shown it; what refused this one cannot tell.
        """

    async def mark_dead(self, key: PostKey, token: int, *, revision: int, problem: str) -> bool:
        """Give a revision up that the platform finds malformed; a later one is tried again."""

    async def mark_told(self, key: PostKey, token: int, *, revision: int) -> bool:
        """Leave it at what a digest said: this revision says no more."""

    async def bar(
        self,
        claimed: Claimed,
        key: PostKey,
        token: int,
        *,
        where: Destination,
        problem: str,
        doubt: bool,
    ) -> Barring:
        """Let the post wait, and all others ``where`` stands for; ack its DELIVERIES entry."""

    async def park(self, claimed: Claimed, key: PostKey, where: Destination) -> bool:
        """Let the post wait, and ack its entry; False when nothing is parked there any more.

        Raises LostOwnership when the entry is not ours any more.
        """

    async def begin(self, key: PostKey, token: int) -> bool:
        """Renew the lease and note that the post may be out from now on.

        Returns False when the token is not ours any more.
        """

    async def settle(self, claimed: Claimed, key: PostKey) -> bool:
        """Ack a DELIVERIES entry in one script; False, not acked, when there is work left again.

        Raises LostOwnership when the entry is not ours any more.
        """

    async def ask_for(self, claimed: Claimed, post: DesiredPost) -> None:
        """Want a post on behalf of a JOBS entry: record, DELIVERIES and ack in one script."""

    async def want(self, post: DesiredPost) -> bool:
        """Want a post on nobody's behalf: record and DELIVERIES in one script.

        Returns False, and changes nothing, when this revision or a later one is wanted already.
        """

    async def post(self, key: PostKey) -> Post | None:
        """The post as recorded."""

    async def recent(self, *, limit: int) -> tuple[Post, ...]:
        """The posts changed last, the newest first."""


class Waiting(Protocol):
    """Posts that wait for a token or a channel. Called by ``services.parking``."""

    async def parked(self) -> tuple[Parked, ...]:
        """What is refused, the longest first."""

    async def hasten(self, platform: str | None = None) -> None:
        """Try soon what is parked, of one platform or all: something there has changed."""

    async def posts(self, where: Destination, *, limit: int) -> tuple[Post, ...]:
        """What waits there, the oldest first."""

    async def probe(self, where: Destination, key: PostKey | None) -> None:
        """Have one post tried; None where nothing waits, which ends the parking."""

    async def release(self, where: Destination, keys: Sequence[PostKey]) -> bool:
        """Put posts back on DELIVERIES once it works; returns whether nothing waits any more."""

    async def fold(
        self, where: Destination, digest: DesiredPost, posts: Sequence[tuple[Post, str]]
    ) -> bool:
        """Want ``digest`` in place of posts, each with what it says of it, in one script.

        Returns False, and changes nothing, when one of them has moved on meanwhile.
        """


class Jobs(Protocol):
    """The queue of recorded requests."""

    async def submit(self, request: ShareReply) -> None:
        """Put a request on JOBS, once per request id."""


class Sender(Protocol):
    """One platform's way to show a brief. Called by ``services.deliver``."""

    #: Whether ``find`` can tell that a message is not there.
    can_look_up: bool
    #: Whether ``edit`` changes the message itself; if not, it shows another.
    edits_in_place: bool

    async def send(self, key: PostKey, brief: Brief, begin: Begin) -> Receipt:
        """Post it.

        Raises Recoverable, Barred, Permanent where the brief itself is malformed, or
        OutcomeUnknown when it may have gone out.
        """

    async def edit(self, key: PostKey, handle: str, brief: Brief, begin: Begin) -> None:
        """Show ``brief`` in the message ``handle`` names; in place, repeating it is harmless.

        Raises like ``send``, and Uneditable.
        """

    async def find(self, key: PostKey, *, since: datetime) -> Receipt | None:
        """Our own message of this key, if it is there."""


class Senders(Protocol):
    """Picks the sender of a destination; one without a token goes to the terminal."""

    def __call__(self, destination: Destination) -> Sender:
        """The sender for ``destination``."""


class Pool(Protocol):
    """Worker processes that can be killed. Called by ``poll`` and ``read``."""

    async def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a picklable function in a worker process.

        Raises Permanent when it used too much CPU time or memory or died, Recoverable when it
        waited too long; its own exceptions come through.
        """
