"""The way of a feed's last entries in time → how fast it is, at the median and in the tail."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from bot.domain.incidents import Freshness, Lag, Passage


def freshness(read: Iterable[Passage], posted: Iterable[Passage]) -> Freshness:
    """What the passages of entries that were read, and of those that were posted, come to."""
    return Freshness(
        seen=lag([(p.seen - p.published).total_seconds() for p in read if p.published]),
        posted=lag([(p.posted - p.seen).total_seconds() for p in posted if p.posted]),
    )


def lag(seconds: Sequence[float]) -> Lag | None:
    """Median and 95th percentile, by nearest rank; None for nothing."""
    if not seconds:
        return None
    ordered = sorted(max(one, 0.0) for one in seconds)
    at = [ordered[math.ceil(share * len(ordered)) - 1] for share in (0.5, 0.95)]
    return Lag(p50=at[0], p95=at[1], measured=len(ordered))
