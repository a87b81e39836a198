"""Validators: when they are sent, and how a server that answers 304 for ever is found out.

Now and then a request goes without them. If it finds entries that a 304 has hidden, the server's
validators are worth nothing, and are sent no more.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.core.feeds.settings import PollSettings
from bot.domain.feeds import FeedState
from bot.domain.fetches import Fetched

#: Entries appear later than their date says, by less than this.
_MARGIN = timedelta(hours=1)


def to_send(
    state: FeedState, *, now: datetime, chance: float, settings: PollSettings
) -> tuple[str | None, str | None]:
    """ETag and Last-Modified to send with this poll; nothing for one that asks for all.

    Args:
        state: What is known of the feed.
        now: The moment of this poll.
        chance: From 0 to 1; below the share, this poll goes without.
        settings: The limits.
    """
    full = state.last_full
    due = full is None or (now - full).total_seconds() >= settings.full_every
    if state.validators_bad or due or chance < settings.full_share:
        return None, None
    return state.etag, state.last_modified


def hid_news(state: FeedState, fetched: Fetched, published: Iterable[datetime | None]) -> bool:
    """Whether the 304 before this full answer has hidden some of its new entries.

    Args:
        state: Before this poll.
        fetched: The answer to a request without validators.
        published: The stated dates of the entries that are new with it.
    """
    dates = list(published)
    if not dates or not state.was_304 or state.last_answer is None:
        return False
    sent = (state.etag, state.last_modified)
    if any(sent) and sent == (fetched.etag, fetched.last_modified):
        return True  # other entries under the same validators
    before = state.last_answer - _MARGIN
    return any(date is not None and date < before for date in dates)
