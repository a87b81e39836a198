"""Aware UTC moments: checked at construction, written as ISO 8601.

Every ``datetime`` in the domain passes ``utc`` or ``utc_or_none`` when its value is built, so no
naive or local time gets further than the edge that made it.
"""

from __future__ import annotations

from datetime import UTC, datetime


def utc(moment: datetime) -> datetime:
    """Return ``moment`` in UTC.

    Raises:
        ValueError: ``moment`` carries no time zone, or is beyond what UTC can tell.
    """
    if moment.tzinfo is UTC:
        return moment
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{moment!r} is beyond the years 1 to 9999 in UTC") from error


def utc_or_none(moment: datetime | None) -> datetime | None:
    """Return ``moment`` in UTC, or None for None; raises like ``utc``."""
    return None if moment is None else utc(moment)


def iso(moment: datetime | None) -> str | None:
    """``2025-04-04T18:30:00Z``; None for None."""
    return None if moment is None else utc(moment).isoformat().replace("+00:00", "Z")


def from_iso(text: str) -> datetime:
    """Parse ISO 8601; a date alone is midnight UTC, a time without a zone is taken as UTC.

    Raises:
        ValueError: ``text`` is no ISO 8601 date or time.
    """
    moment = datetime.fromisoformat(text.strip())
    return utc(moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment)


def from_ms(milliseconds: int) -> datetime:
    """The moment ``milliseconds`` after the epoch."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def to_ms(moment: datetime) -> int:
    """Whole milliseconds since the epoch."""
    return round(utc(moment).timestamp() * 1000)
