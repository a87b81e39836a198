"""Where posts go and when: destinations and the channels configured for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time

from bot.domain.feeds import Feed
from bot.domain.people import Person
from bot.domain.watch import Only, Watchlists

#: Monday is 0, as in ``datetime.weekday``.
EVERY_DAY = frozenset(range(7))
WEEKDAYS = frozenset(range(5))


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Destination:
    """A channel or person on one platform: ``slack:T1/#nato-desk``, ``console``."""

    #: ``console``, ``page``, ``slack``, ``teams``, ``webhook``, ``email``.
    platform: str
    #: Empty where the platform has only one.
    workspace: str = ""
    #: Channel name or id, ``@user`` for a person; empty where there is only one.
    channel: str = ""

    def __str__(self) -> str:
        """As written in ``channels.yaml``."""
        place = f"{self.workspace}/{self.channel}" if self.workspace else self.channel
        return f"{self.platform}:{place}" if place else self.platform

    @classmethod
    def parse(cls, written: str) -> Destination:
        """Read ``platform[:[workspace/]channel]``.

        Raises:
            ValueError: no platform is named.
        """
        platform, _, place = written.strip().partition(":")
        if not platform:
            raise ValueError(f"no platform in {written!r}")
        workspace, slash, channel = place.rpartition("/")
        return cls(platform=platform, workspace=workspace if slash else "", channel=channel)


#: The terminal, and the page that carries every post.
CONSOLE = Destination(platform="console")
PAGE = Destination(platform="page")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerts:
    """What is worth a message now."""

    from_score: float = 3
    #: At most so many an hour; the rest rolls into the digest. None is no limit.
    per_hour: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestPlan:
    """When a channel gets its digest, in local wall time."""

    at: tuple[time, ...]
    on: frozenset[int] = EVERY_DAY
    #: IANA name.
    timezone: str = "UTC"
    #: At most so many in all; None shows two a story.
    quotes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Hours in which alerts are held, in local wall time; may span midnight."""

    start: time
    end: time
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Critical:
    """What breaks through quiet hours."""

    topics: tuple[str, ...] = ()
    from_score: float = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One destination, the topics it gets, and how."""

    to: Destination
    #: Names of topics; empty means every topic.
    topics: tuple[str, ...] = ()
    only: Only = field(default_factory=Only)
    #: None posts no alerts.
    alerts: Alerts | None = field(default_factory=Alerts)
    digest: DigestPlan | None = None
    quiet: Quiet | None = None
    critical: Critical | None = None

    def takes(self, topic: str) -> bool:
        """Whether the channel watches ``topic``."""
        return not self.topics or topic in self.topics


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """Everything an admin writes, valid and of one version."""

    feeds: tuple[Feed, ...] = ()
    channels: tuple[Channel, ...] = ()
    people: tuple[Person, ...] = ()
    watchlists: Watchlists = field(default_factory=Watchlists)
    #: Where posts go when no channel takes the topic.
    fallback: Destination = CONSOLE
    #: Where notices to the admins go.
    admin_channel: Destination | None = None
    #: Hash of every file.
    version: str = ""
