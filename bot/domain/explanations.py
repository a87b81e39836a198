"""What ``why`` tells: one article's way through the system."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.dead_letters import DeadLetter
from bot.domain.feeds import FeedState
from bot.domain.ledger import Utterance
from bot.domain.news import Record
from bot.domain.parked import Parked
from bot.domain.posts import Post
from bot.domain.stories import Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One article's way; what is missing did not happen."""

    url: str
    article_id: str
    #: The newest stored revision.
    record: Record | None = None
    #: Its quotes, each as an entry of its own.
    quotes: tuple[Utterance, ...] = ()
    #: Of the feed it came from.
    feed: FeedState | None = None
    decisions: tuple[Decision, ...] = ()
    #: Posts of its story.
    posts: tuple[Post, ...] = ()
    #: What was given up of it, the newest first.
    given_up: tuple[DeadLetter, ...] = ()
    #: Tokens and channels that are refused.
    parked: tuple[Parked, ...] = ()
