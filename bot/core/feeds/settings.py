"""How often feeds are polled, how long a trouble is waited out, and what counts as news.

Every limit of polling stands here with its default; ``bootstrap`` reads other values from the
environment. Times are seconds.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PollSettings:
    """The limits of polling, the same for every feed."""

    # How often.

    #: Between two polls at least, and before anything is known about a feed.
    shortest: float = 5 * 60.0
    first: float = 15 * 60.0
    #: Between two polls at most, and of a feed of tier 1.
    longest: float = 6 * 3600.0
    longest_tier_1: float = 3600.0
    #: New entries a poll should find on average: what sets the interval of a busy feed.
    expected: float = 1.0
    #: Factor by which the interval grows when nothing was new.
    growth: float = 1.25
    #: Unseen, so many entries or more tell that a document has nothing in common with the last.
    gap_least: int = 3

    # Trouble.

    #: After the first failure; doubled with each.
    retry: float = 15 * 60.0
    #: What no backing off and no server's wish exceeds, jitter aside.
    longest_wait: float = 24 * 3600.0
    #: While our own network is down: until the next try, more or less.
    outage_retry: float = 5 * 60.0
    #: A host that gave no time, or a senseless one, with its 429.
    host_pause: float = 15 * 60.0
    #: Time over which the feeds of a host come back after it asked for quiet.
    resume_over: float = 15 * 60.0
    #: Between two looks at a feed that is gone; from the first 410 to the one that is believed.
    gone_retry: float = 7 * 24 * 3600.0
    gone_after: float = 24 * 3600.0

    # Validators.

    #: Since the last request without validators, at most; and such requests by chance, a share.
    full_every: float = 24 * 3600.0
    full_share: float = 0.01

    # Redirects.

    #: A permanent redirect is believed after so long and so many polls.
    moved_after: float = 7 * 24 * 3600.0
    moved_polls: int = 10

    # What is passed on.

    #: Of a feed's first document, so many of its newest entries are announced, if so young.
    announced_at_first: int = 3
    young: float = 24 * 3600.0
    #: Published longer ago, an entry of a known feed is late.
    late: float = 7 * 24 * 3600.0
    #: Further in the future, a date is wrong rather than early.
    early: float = 15 * 60.0
    #: Edits passed on per entry, and the time between two.
    edits: int = 5
    edit_gap: float = 30 * 60.0
    #: Unseen entries of a document, as a share and a number, above which it is a flood.
    flood_share: float = 0.8
    flood_least: int = 5

    # What is remembered.

    #: An entry is known so long after it was last listed (the youngest 200 for ever), and so many
    #: beyond those of the last document; a third of a kilobyte each.
    remembered: float = 30 * 24 * 3600.0
    remembered_most: int = 2_000

    # Many at once.

    #: Feeds polled at once by one process, and of one host by all processes.
    slots: int = 50
    per_host: int = 2


#: What holds unless an operator says otherwise.
DEFAULTS = PollSettings()
