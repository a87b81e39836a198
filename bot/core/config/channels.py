"""``channels.yaml``: where posts go, which topics, from which score, and when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from bot.core.config import words
from bot.core.config.closest import or_similar
from bot.core.config.shapes import (
    Clock,
    Format,
    Many,
    Name,
    OneOrMany,
    OnlyShape,
    Shape,
    To,
    Weekdays,
    Zone,
)
from bot.core.config.tree import Mapping, Node, Scalar, Sequence, find, problem_at
from bot.domain.channels import (
    CONSOLE,
    EVERY_DAY,
    Alerts,
    Channel,
    Critical,
    Destination,
    DigestPlan,
    Quiet,
)
from bot.domain.errors import Problem
from bot.domain.watch import Only

_PER_HOUR = re.compile(r"(\d{1,4}) (?:per|an|in an) hour")
_QUIET = re.compile(r"\s*(\d{1,2}:\d{2})\s*[-–]\s*(\d{1,2}:\d{2})\s*")
_OFF = ("none", "off", "no")
Score = Annotated[float, Field(ge=0, le=1000)]


def _per_hour(value: Any) -> Any:
    """``6 per hour`` → 6; ``none`` → None."""
    if isinstance(value, str):
        if value.strip().lower() in _OFF:
            return None
        found = _PER_HOUR.fullmatch(value.strip().lower())
        if found is not None:
            return int(found.group(1))
    if value is None:
        return None
    raise ValueError("write `6 per hour`, or `none` for no limit")


def _off(value: Any) -> Any:
    """``none`` in place of a mapping → None."""
    if value is False or (isinstance(value, str) and value.strip().lower() in _OFF):
        return None
    return value


def _quiet(value: Any) -> Any:
    """``22:00-06:30`` → its two times."""
    found = _QUIET.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError('write from and until, as in `"22:00-06:30"`')
    start, end = words.clock(found.group(1)), words.clock(found.group(2))
    if start == end:
        raise ValueError("quiet hours that begin and end at once are none")
    return start, end


class AlertsShape(Shape):
    """What is worth a message now."""

    from_score: Score = Field(
        3, alias="from score", description="Lowest score that alerts. Default: 3."
    )
    at_most: Annotated[
        int | None,
        Field(ge=1),
        BeforeValidator(_per_hour),
        WithJsonSchema({"type": "string", "examples": ["6 per hour", "none"]}),
    ] = Field(
        None,
        alias="at most",
        description="Limit, as in `6 per hour`; the rest comes later, together. Default: none.",
    )

    def value(self) -> Alerts:
        """As the domain has it."""
        return Alerts(from_score=self.from_score, per_hour=self.at_most)


class DigestShape(Shape):
    """When the digest comes."""

    at: OneOrMany[Clock] = Field(description='Local times, as in ["07:30", "17:00"].')
    on: OneOrMany[Weekdays] | None = Field(
        None, description="weekdays, weekend, every day, or days. Default: every day."
    )
    timezone: Zone | None = Field(
        None, description="As in Europe/Brussels. Default: the channel's `timezone`."
    )
    quotes: Annotated[int, Field(ge=1, le=100)] | None = Field(
        None,
        description="At most so many in all, up to 8 a story; the best of each story first."
        " Default: two a story.",
    )

    def value(self, timezone: str) -> DigestPlan:
        """As the domain has it, ``timezone`` where it names none."""
        return DigestPlan(
            at=tuple(sorted(set(self.at))),
            on=frozenset().union(*self.on) if self.on else EVERY_DAY,
            timezone=self.timezone or timezone,
            quotes=self.quotes,
        )


class CriticalShape(Shape):
    """What breaks through quiet hours."""

    topics: Many[Name] | None = Field(
        None, description="Names of topics. Default: every topic of the channel."
    )
    from_score: Score = Field(
        8, alias="from score", description="Lowest score that breaks through. Default: 8."
    )

    def value(self) -> Critical:
        """As the domain has it."""
        return Critical(topics=tuple(self.topics or ()), from_score=self.from_score)


class ChannelShape(Shape):
    """One place, the topics it gets, and how."""

    to: To = Field(
        description="slack:#channel, slack:WORKSPACE/#channel, slack:@U0123, teams:Team/Channel, "
        "webhook:NAME, email:NAME, console."
    )
    topics: Many[Name] | None = Field(None, description="Names of topics. Default: every topic.")
    only: OnlyShape | None = Field(
        None, description="What an article must be to come here. Default: anything."
    )
    timezone: Zone | None = Field(
        None, description="Of digests and quiet hours, as in Europe/Brussels. Default: UTC."
    )
    alerts: Annotated[
        AlertsShape | None,
        BeforeValidator(_off),
        Field(json_schema_extra=lambda schema: schema["anyOf"].append({"enum": list(_OFF)})),
    ] = Field(
        default_factory=lambda: AlertsShape.model_validate({}),
        description="When to post at once; `none` for digests only. Default: from score 3.",
    )
    digest: DigestShape | None = Field(None, description="Default: no digest.")
    quiet: Annotated[
        tuple[Any, Any] | None,
        BeforeValidator(_quiet),
        WithJsonSchema({"type": "string", "examples": ["22:00-06:30"]}),
    ] = Field(None, description='Hours in which alerts wait, as in "22:00-06:30". Default: none.')
    critical: CriticalShape | None = Field(
        None, description="What comes in quiet hours all the same. Default: nothing."
    )

    def value(self) -> Channel:
        """As the domain has it."""
        timezone = self.timezone or (self.digest and self.digest.timezone) or "UTC"
        return Channel(
            to=self.to,
            topics=tuple(self.topics or ()),
            only=self.only.value() if self.only else Only(),
            alerts=self.alerts.value() if self.alerts else None,
            digest=self.digest.value(timezone) if self.digest else None,
            quiet=Quiet(start=self.quiet[0], end=self.quiet[1], timezone=timezone)
            if self.quiet
            else None,
            critical=self.critical.value() if self.critical else None,
        )


class AdminsShape(Shape):
    """Who is told of problems."""

    channel: To = Field(description="Where notices to the admins go, as in slack:#nato-admin.")


class ChannelsShape(Shape):
    """The whole file."""

    format: Format = Field(description="Version of this file's layout: 1.")
    channels: list[ChannelShape] = Field(description="The places posts go to.")
    fallback: To = Field(
        CONSOLE, description="Where posts go when no channel takes the topic. Default: console."
    )
    admins: AdminsShape | None = Field(None, description="Default: notices go to the log.")

    def value(self) -> tuple[tuple[Channel, ...], Destination, Destination | None]:
        """Channels, the fallback, and where notices to the admins go."""
        admin_channel = self.admins.channel if self.admins else None
        return tuple(channel.value() for channel in self.channels), self.fallback, admin_channel


def checks(root: Node | None, *, file: str, topics: Iterable[str] | None) -> Iterator[Problem]:
    """A place listed twice; topics nobody wrote (unless ``topics`` is None: not known)."""
    known = None if topics is None else tuple(topics)
    listed = find(root, ("channels",))
    seen: dict[str, int] = {}
    for channel in listed.items if isinstance(listed, Sequence) else ():
        if not isinstance(channel, Mapping):
            continue
        to = channel.get("to")
        if isinstance(to, Scalar) and to.text:
            if to.text in seen:
                message = f"`{to.text}` has an entry on line {seen[to.text]} already; merge the two"
                yield problem_at(to, message, file=file)
            seen.setdefault(to.text, to.line)
        for names in (channel.get("topics"), find(channel, ("critical", "topics"))):
            for name in names.items if isinstance(names, Sequence) else ():
                if known is not None and isinstance(name, Scalar) and name.text not in known:
                    hint = or_similar(name.text, known) or "; see the watchlists"
                    yield problem_at(name, f"no topic `{name.text}`{hint}", file=file)
