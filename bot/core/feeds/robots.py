"""robots.txt: whether a page may be asked for, and how far apart.

Read as RFC 9309 says: the group of our own name, else that of ``*``; wildcards; of the rules that
fit, the longest holds. No file (a 4xx) forbids nothing; a site whose file cannot be had (no
answer, a 5xx) is left alone for a while.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit, urlunsplit

from protego import Protego

#: What sites call us in their rules: the first word of the User-Agent.
NAME = "nato-brief"
#: Characters of a file that are read, as the RFC asks for at least.
MOST = 500 * 1024
#: Stands for the file of a site that could not be asked.
CLOSED = "User-agent: *\nDisallow: /\n"
_AGENT = re.compile(r"\s*user(?:-|\s*)agent(?:\s*:|\s)([^#]*)", re.IGNORECASE)
#: Longest distance that is honoured, in seconds; a day between two pages means "never".
_LONGEST_DELAY = 60.0


def robots_url(url: str) -> str | None:
    """Where the rules for ``url`` stand; None for what is no web address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, "/robots.txt", "", ""))


def may_fetch(robots: str, url: str) -> bool:
    """Whether the rules in ``robots`` let us ask for ``url``; rules that make no sense do."""
    return bool(_rules(robots[:MOST]).can_fetch(url, NAME))


def delay(robots: str) -> float:
    """Seconds the rules want between two requests, at most a minute; 0 without a wish."""
    asked = _rules(robots[:MOST]).crawl_delay(NAME)
    return min(max(float(asked or 0), 0.0), _LONGEST_DELAY)


@lru_cache(maxsize=256)
def _rules(robots: str) -> Protego:
    return Protego.parse("\n".join(map(_for_us, robots.splitlines())))


def _for_us(line: str) -> str:
    """``line``, with one name for all other robots: the parser copies a group's rules to each."""
    found = _AGENT.match(line)
    if found is None:
        return line
    name = found[1].replace("*", "").strip().lower()
    return f"User-agent: {name or '*'}" if NAME.startswith(name) else "User-agent: others"
