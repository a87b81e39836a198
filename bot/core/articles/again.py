"""Pages looked at again: when, and whether the article on it was edited since it was read.

A feed that gives a summary keeps silent about an edited article; its page does not. A page that
shows less than before (a paywall, a notice, nothing) tells nothing, and what changes by itself
(times of day, counters, addresses) is no edit.
"""

from __future__ import annotations

from bot.core.articles.read import text_of
from bot.core.feeds.identity import fingerprint
from bot.domain.feeds import ParsedEntry
from bot.domain.news import Article, Entry, TextState

#: When a page is looked at, as multiples of the time to the first look.
LOOKS = (1, 6, 24)


def seconds_until(look: int, *, first: float) -> float | None:
    """Seconds from one look (0 is the reading) to the next; None after the last."""
    if look >= len(LOOKS):
        return None
    return first * (LOOKS[look] - (LOOKS[look - 1] if look else 0))


def was_edited(entry: Entry, page: bytes, article: Article) -> bool:
    """Whether ``page`` shows another text than ``article`` has, which was read from it before."""
    text, state = text_of(entry, page)
    if state is not TextState.FULL:
        return False
    return _print(entry.title, text) != _print(entry.title, article.text)


def _print(title: str, text: str) -> str:
    return fingerprint(ParsedEntry(title=title, text=text))
