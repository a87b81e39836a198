"""Many entries at once that no key knows: renamed, missed while we were away, or a flood.

    most are known by address or title   renamed: adopted silently
    dated since the last poll            missed: they are news
    anything else                        a flood: parked until an admin decides

A publisher that imports its archive, a lapsed domain and a broken generator look alike from here,
and none of them is thirty pieces of news.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.core.feeds.settings import PollSettings
from bot.domain.feeds import FeedState

#: So many known titles at least tell a renaming from a title that comes back every day.
RENAMED_LEAST = 3
#: A share of the entries that decides what all of them are.
_MOST = 0.8
#: Publishers date an entry a little before they list it.
_MARGIN = timedelta(hours=1)
#: Entries without dates are believed after so long a silence of ours.
_LONG = timedelta(hours=24)
#: A document longer than the last by this factor is not what was missed.
_SWOLLEN = 3


def is_mass(unseen: int, listed: int, *, settings: PollSettings) -> bool:
    """Whether so many of the listed entries are unseen that something else than news happened."""
    return unseen > settings.flood_share * listed


def was_renamed(alike: int, unseen: int) -> bool:
    """Whether unseen entries are known ones under other keys, ``alike`` of them being so."""
    return alike >= RENAMED_LEAST and 2 * alike >= unseen


def was_missed(dates: Sequence[datetime | None], state: FeedState, *, now: datetime) -> bool:
    """Whether unseen entries appeared since the last good poll, as their dates tell.

    Args:
        dates: The stated date of each; None where there is none.
        state: Before this poll.
        now: The moment of this poll.
    """
    last = state.last_success
    if last is None:
        return True
    if state.window and len(dates) > _SWOLLEN * state.window:
        return False
    stated = [date for date in dates if date is not None]
    if not stated:
        return now - last >= _LONG
    since = [date for date in stated if date > last - _MARGIN]
    # An import gives all of them the same second.
    return len(since) >= _MOST * len(dates) and 2 * len(set(stated)) >= len(stated)
