"""How often a feed document asks to be polled: RSS ``ttl``, ``sy:updatePeriod``, in seconds.

Publishers write these words any way they like; what cannot be meant counts as absent.
"""

from __future__ import annotations

_PERIODS = {
    "hourly": 3600.0,
    "hour": 3600.0,
    "daily": 86_400.0,
    "day": 86_400.0,
    "weekly": 7 * 86_400.0,
    "week": 7 * 86_400.0,
    "monthly": 30 * 86_400.0,
    "month": 30 * 86_400.0,
    "yearly": 365 * 86_400.0,
    "year": 365 * 86_400.0,
}
#: Polls a period at most that are taken at their word.
_MOST = 10_000.0


def hint_of(*, ttl: str = "", period: str = "", frequency: str = "") -> float | None:
    """The longer of both wishes; None without any.

    Args:
        ttl: Minutes, as in ``<ttl>60</ttl>``.
        period: ``hourly``, ``daily``, …; anything else is no wish.
        frequency: Updates a period; 1 where it is missing or makes no sense, as ``0`` does.
    """
    wishes = [wish for wish in (_minutes(ttl), _period(period, frequency)) if wish is not None]
    return max(wishes, default=None)


def _minutes(ttl: str) -> float | None:
    minutes = _number(ttl)
    return minutes * 60 if minutes is not None else None


def _period(period: str, frequency: str) -> float | None:
    seconds = _PERIODS.get(period.strip().lower())
    if seconds is None:
        return None
    times = _number(frequency)
    return seconds / times if times is not None and times <= _MOST else seconds


def _number(text: str) -> float | None:
    """A number above 0; None for anything else."""
    text = text.strip()
    if not text.isascii() or not text.replace(".", "", 1).isdigit() or len(text) > 9:
        return None
    return float(text) or None
