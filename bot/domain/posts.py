"""Briefs, and the living posts that show them at a destination.

A post is desired state: the desk writes the Brief and a desired revision, the deliver stage goes
on sending or editing until the sent revision equals it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.channels import Destination
from bot.domain.quotes import Part, QuoteKind, Span, Speaker
from bot.domain.times import utc, utc_or_none


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefQuote:
    """A quote as shown, with all that is needed to check it again before showing."""

    text: str
    kind: QuoteKind = QuoteKind.DIRECT
    #: Full name, or the mention as printed; None shows the quote without a name.
    speaker: str | None = None
    role: str | None = None
    outlet: str
    url: str
    published: datetime
    article_id: str
    revision: int
    #: Position of the stored record the quote was taken from.
    position: str
    span: Span
    #: The whole utterance, ``text`` among it, where "she said" parts it; else empty.
    parts: tuple[Part, ...] = ()
    #: Whether ``speaker`` is an admin's word; then ``as_read`` is whom the text was read to name,
    #: as shown and with the role.
    corrected: bool = False
    as_read: Speaker | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "published", utc(self.published))


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """One outlet's report of a story."""

    outlet: str
    url: str
    title: str
    published: datetime
    #: Whether it goes back to another report of the same story.
    copy: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "published", utc(self.published))


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefItem:
    """One story in a brief."""

    story_id: str
    title: str
    url: str
    outlet: str
    published: datetime
    #: What happened, in the outlet's own first sentence or two.
    lead: str = ""
    #: Topics it was flagged for, the highest score first.
    topics: tuple[str, ...] = ()
    quotes: tuple[BriefQuote, ...] = ()
    #: Every report, the first one included.
    coverage: tuple[Coverage, ...] = ()
    #: Independent reports among ``coverage``.
    origins: int = 1
    #: Why this was sent: one line a topic.
    why: tuple[str, ...] = ()
    #: What changed since the first post: "Headline corrected 18:40 UTC".
    changes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "published", utc(self.published))


class BriefKind(StrEnum):
    """What a brief is for."""

    #: One story, now.
    ALERT = "alert"
    #: Many stories, on a schedule.
    DIGEST = "digest"
    #: A word to the admins.
    NOTICE = "notice"
    #: An answer somebody shared with a channel.
    ANSWER = "answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """Channel-neutral text for people; what one platform shows, all show."""

    kind: BriefKind
    #: The story's headline, or the digest's name.
    headline: str
    #: When it was made, from the record's time.
    made: datetime
    items: tuple[BriefItem, ...] = ()
    #: Stories this channel already has in full; one line each.
    also: tuple[BriefItem, ...] = ()
    #: Sentences of our own: what was held, "possibly repeated".
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "made", utc(self.made))


class PostKind(StrEnum):
    """What a post is keyed by besides its destination."""

    #: Story id.
    STORY = "story"
    #: Slot and local date.
    DIGEST = "digest"
    #: Kind and subject.
    NOTICE = "notice"
    #: Request id.
    ANSWER = "answer"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class PostKey:
    """Identity of a post; the same key is the same message."""

    kind: PostKind
    destination: Destination
    subject: tuple[str, ...]

    def __str__(self) -> str:
        """``story|console|3f2a``: what receipts, logs and message metadata carry."""
        return "|".join((self.kind, str(self.destination), *self.subject))

    @classmethod
    def parse(cls, written: str) -> PostKey:
        """The key that ``str`` wrote."""
        kind, destination, *subject = written.split("|")
        return cls(
            kind=PostKind(kind),
            destination=Destination.parse(destination),
            subject=tuple(subject),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredPost:
    """What a destination should show from now on."""

    key: PostKey
    #: Higher than any desired before for this key.
    revision: int
    brief: Brief


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Proof of sending."""

    #: The platform's own id of the message, to edit it by.
    handle: str
    at: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", utc(self.at))


class PostStatus(StrEnum):
    """Where a post stands."""

    #: Wanted, never tried or to be tried again.
    READY = "ready"
    #: Somebody holds the lease, or held it and died.
    SENDING = "sending"
    SENT = "sent"
    #: It waited too long for a message of its own and was shown in a digest.
    TOLD = "told in a digest"
    #: The platform finds this revision malformed.
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """The living message of one key at its destination."""

    key: PostKey
    brief: Brief
    status: PostStatus = PostStatus.READY
    desired: int = 1
    sent: int = 0
    handle: str | None = None
    #: First wanted, and last sent or edited.
    created: datetime
    sent_at: datetime | None = None
    #: Whether a call whose outcome is not known may have shown it, or shown it anew.
    doubt: bool = False
    #: Whether its message says that it may be a repeat.
    repeat: bool = False
    #: What the digest said that it was shown in; a message of its own needs more than that.
    told: str | None = None
    #: Why it is dead, waits, or cannot be edited.
    problem: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "created", utc(self.created))
        object.__setattr__(self, "sent_at", utc_or_none(self.sent_at))


class ClaimAction(StrEnum):
    """What the claimer of a post has to do."""

    SEND = "send"
    EDIT = "edit"
    #: A first send may or may not have gone out: look it up before sending again.
    RECONCILE = "reconcile"
    #: Somebody else is at it.
    BUSY = "busy"
    #: Its token or channel is refused: it waits there.
    PARKED = "parked"
    #: Nothing is left to do.
    SETTLED = "settled"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostClaim:
    """A lease on a post; every later step names its token."""

    action: ClaimAction
    token: int = 0
    post: Post | None = None
    #: Where it waits.
    parked: Destination | None = None
    #: When the first call began whose outcome is not known; a look-up starts here.
    first_try: datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "first_try", utc_or_none(self.first_try))
