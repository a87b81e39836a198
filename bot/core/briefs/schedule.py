"""When digests fall due: local wall times turned into moments, over every change of the clocks.

A wall time that the clocks skip falls due later by what they skip: 02:30 becomes 03:30. One that
comes twice falls due the first time. No day is left out and none counted twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.channels import EVERY_DAY, Channel, Quiet
from bot.domain.stories import DigestDue

#: Slot of the digest that ends quiet hours.
QUIET_SLOT = "quiet"
#: How the slots begin that a channel without planned digests has at every full hour, so that
#: what is held for it (more alerts than it takes in an hour, say) comes out.
CATCH_UP = "catch-up"


def next_digests(
    channel: Channel, *, after: datetime, days: int = 2
) -> tuple[tuple[DigestDue, datetime], ...]:
    """The digests of ``channel`` later than ``after`` and within ``days`` of it, in order.

    Raises:
        zoneinfo.ZoneInfoNotFoundError: the plan or the quiet hours name no known time zone.
    """
    until = after + timedelta(days=days)
    found = {
        DigestDue(destination=channel.to, slot=slot, local_date=day.isoformat()): moment
        for slot, day, moment in _slots(channel, after, until)
        if after < moment <= until
    }
    return tuple(sorted(found.items(), key=lambda pair: (pair[1], pair[0].slot)))


def in_quiet(quiet: Quiet, at: datetime) -> bool:
    """Whether ``at`` is in quiet hours: from the start on, no longer at the end."""
    zone = ZoneInfo(quiet.timezone)
    day = at.astimezone(zone).date()
    # A night that began yesterday, or one that begins today; moments, not wall times, so that
    # the hour that comes twice is quiet, or not, as a whole.
    for begins in (day - timedelta(days=1), day):
        ends = begins if quiet.start < quiet.end else begins + timedelta(days=1)
        if moment(begins, quiet.start, zone) <= at < moment(ends, quiet.end, zone):
            return True
    return False


def moment(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """When ``zone``'s clocks show ``wall`` on ``day``, in UTC; see above for the odd days."""
    # With fold=0 zoneinfo reads a skipped time by the offset before the change, which lands as
    # far behind the gap as it stood in it, and a repeated time as the first of the two.
    return datetime.combine(day, wall.replace(tzinfo=zone, fold=0)).astimezone(UTC)


def _slots(
    channel: Channel, after: datetime, until: datetime
) -> Iterator[tuple[str, date, datetime]]:
    """Slot, local date and moment of everything that may fall due in the time given."""
    if channel.digest is not None:
        zone = ZoneInfo(channel.digest.timezone)
        for day in _days(after, until, zone, on=channel.digest.on):
            for wall in channel.digest.at:
                yield f"{wall:%H:%M}", day, moment(day, wall, zone)
    else:
        yield from _catch_ups(channel, after, until)
    if channel.quiet is not None:
        zone = ZoneInfo(channel.quiet.timezone)
        for day in _days(after, until, zone):
            yield QUIET_SLOT, day, moment(day, channel.quiet.end, zone)


def _catch_ups(
    channel: Channel, after: datetime, until: datetime
) -> Iterator[tuple[str, date, datetime]]:
    hour = after.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    while hour <= until:
        if channel.quiet is None or not in_quiet(channel.quiet, hour):
            yield f"{CATCH_UP} {hour:%H}", hour.date(), hour
        hour += timedelta(hours=1)


def _days(
    after: datetime, until: datetime, zone: ZoneInfo, *, on: frozenset[int] = EVERY_DAY
) -> Iterator[date]:
    """Local dates that ``after`` to ``until`` touches, those of the weekdays ``on``."""
    day = after.astimezone(zone).date()
    last = until.astimezone(zone).date()
    while day <= last:
        if day.weekday() in on:
            yield day
        day += timedelta(days=1)
