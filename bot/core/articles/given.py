"""What text the feed itself gave of an article: how whole it is, and whether the page is needed.

A feed's content is the article when it is long and is not cut. A page is worth a request only
when it is the entry's own: no home page, no page that several entries share, no Google News link.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from bot.core.feeds.identity import article_id
from bot.domain.news import Entry

#: A feed's own text of so many characters is taken for the whole article.
WHOLE_TEXT = 1_200
#: How cut texts end.
_CUT = re.compile(
    r"(?:\.\.\.|…|\[…\]|\[\.\.\.\]|(?:read|see|learn) more|continue reading|"
    r"(?:read|see) the (?:full|rest)[^\n]{0,60}|keep reading)[\s.\]»>→]*\Z",
    re.IGNORECASE,
)
#: What blogging software puts under every entry.
_FOOTER = re.compile(
    r"\s*^The post [^\n]{1,500} (?:appeared )?first (?:appeared )?on [^\n]{1,200}\Z", re.MULTILINE
)
_GOOGLE_NEWS = "news.google.com"
_HOME = re.compile(r"/?(?:index\.\w{1,5}|home/?|[a-z]{2}/?)?", re.IGNORECASE)


def given_text(entry: Entry) -> str:
    """The longest text the feed gave, without its footer; offsets into it stay as they are."""
    return _FOOTER.sub("", max(entry.text, entry.summary, key=len))


def is_whole(text: str) -> bool:
    """Whether ``text`` can be taken for the article without a look at its page."""
    return len(text) >= WHOLE_TEXT and _CUT.search(text[-200:]) is None


def needs_page(entry: Entry) -> bool:
    """Whether the feed gave too little and the linked page is worth a request."""
    return has_own_page(entry) and not is_whole(given_text(entry))


def has_own_page(entry: Entry) -> bool:
    """Whether the entry's address leads to a page about it, and it alone."""
    try:
        parts = urlsplit(entry.url)
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return False
    if parts.hostname == _GOOGLE_NEWS:  # opaque: it leads to a script, not to the article
        return False
    if not parts.query and _HOME.fullmatch(parts.path):
        return False
    # An address that several entries share names none of them: their id is made of the title.
    return entry.article_id != article_id("", title=entry.title or entry.key, outlet=entry.outlet)
