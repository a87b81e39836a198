"""Who an entry is: its canonical URL, its article id, its key inside the feed, its fingerprint.

The key says "seen before", the fingerprint "changed since", the article id "the same article as
in another feed". None of them looks at a clock or at the order of a document.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from operator import methodcaller
from urllib.parse import urlsplit, urlunsplit

from courlan import clean_url
from url_normalize import url_normalize

from bot.core.text.fold import fold
from bot.domain.feeds import ParsedEntry

#: What feeds write where they have no identifier.
_NO_GUID = frozenset(("n/a", "na", "none", "null", "nil", "undefined", "-", "0", "false", "guid"))
#: Longer keys are replaced by their hash, in characters.
_MAX_KEY = 200
#: Rounds after which an address that still changes is taken as it came.
_ROUNDS = 5
#: Nothing to clean here; most addresses of articles are so, and cleaning costs 0.3 ms.
_CLEAN = re.compile(
    r"https?://(?!xn--)[a-z0-9]+(?:-[a-z0-9]+)*(?:\.(?!xn--)[a-z0-9]+(?:-[a-z0-9]+)*)+"
    r"(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+/?"
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_WEEKDAY = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*"
_DATE = (
    rf"(?:{_MONTH}\s\d{{1,2}}|\d{{1,2}}\s{_MONTH}|\d{{1,4}}[-/.]\d{{1,2}})(?:[-/.,]?\s?\d{{2,4}})?"
)
#: ``_holding("<")(text)`` is ``"<" in text``.
_holding = partial(methodcaller, "__contains__")
#: What changes although nobody edited, by a sign that the slow search is worth it.
_FLEETING: tuple[tuple[Callable[[str], object], re.Pattern[str], str], ...] = (
    (_holding("<"), re.compile(r"<[^<>]{1,500}>"), " "),
    (_holding("http"), re.compile(r"(https?://[^\s?#\"'<>]{1,500})[?#][^\s\"'<>]*"), r"\1"),
    *(
        (_holding(word), re.compile(rf"\b{word}(?: on| at)?:? (?:{_WEEKDAY},? )?{_DATE}"), " ")
        for word in ("updated", "modified", "published", "posted")
    ),
    (
        re.compile(r":\d\d").search,
        re.compile(r"\b\d{1,2}:\d\d(?::\d\d)?(?: ?[ap]\.?m\b\.?)?(?: (?:gmt|utc|[bce]e?s?t))?\b"),
        " ",
    ),
    (_holding(" ago"), re.compile(r"\b\d{1,3} (?:second|sec|minute|min|hour|hr)s? ago\b"), " "),
    *(
        (_holding(f" {counted}"), re.compile(rf"\b\d[\d,.]{{0,12}}k? {counted}s?\b"), " ")
        for counted in ("view", "comment", "share", "read", "like")
    ),
)


def canonical_url(url: str) -> str:
    """The address without what does not tell articles apart; never raises, idempotent.

    Trackers, default ports, dot segments and fragments go (``#!`` routes stay), names are sorted.
    """
    given = url.strip()
    before, after = "", given
    for _ in range(_ROUNDS):
        if after == before or _CLEAN.fullmatch(after):
            return after
        before, after = after, _cleaned(after).strip()
    return given


def _cleaned(url: str) -> str:
    """One round of cleaning."""
    # The fragment stays out of it: the normaliser rewrites "#!" to a form nobody serves any more.
    whole, _, fragment = url.partition("#")
    route = fragment if fragment.startswith("!") else ""
    try:
        normal = url_normalize(whole) or whole
        parts = urlsplit(clean_url(normal) or normal)
        query = parts.query or _bare_query(urlsplit(normal).query)
    except (ValueError, LookupError, TypeError, AttributeError):
        return f"{whole}#{route}" if route else whole
    return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path, query, route))


def _bare_query(query: str) -> str:
    """A query without names, as in ``news.php?1234``: the cleaner would drop the article's id."""
    return "" if "=" in query else query


def article_id(url: str, *, title: str, outlet: str) -> str:
    """16 hexadecimal digits that are the same for the same article in every feed.

    Google News links are opaque and differ from feed to feed, so there the title counts, which
    ends with the outlet's name; without a URL title and outlet do.
    """
    canonical = canonical_url(url)
    if canonical and not _is_google_news(canonical):
        return _digest(canonical)
    headline = _normal(title)
    return _digest("title", headline, "" if canonical and " - " in headline else _normal(outlet))


def _is_google_news(url: str) -> bool:
    return url.startswith(("https://news.google.com/", "http://news.google.com/"))


def entry_keys(entries: Sequence[ParsedEntry], *, by_url: bool = False) -> tuple[str, ...]:
    """One key per entry, unique in the document and the same whatever the order.

    The guid if no other entry has it, else guid and URL, else the canonical URL if there is no
    guid, else a hash of title, date and text; true duplicates are numbered.

    Args:
        entries: The document's.
        by_url: Whether the canonical URL comes first, for a feed whose guids change.
    """
    keys: dict[int, str] = {}
    for level in _BY_URL if by_url else _BY_GUID:
        candidates = {
            place: key
            for place, entry in enumerate(entries)
            if place not in keys and (key := level(entry))
        }
        # A key given at a level above counts, too: nobody else may have it.
        counts = Counter((*candidates.values(), *keys.values()))
        keys |= {place: key for place, key in candidates.items() if counts[key] == 1}
    taken = set(keys.values())
    left = (place for place in range(len(entries)) if place not in keys)
    for place in sorted(left, key=lambda place: repr(entries[place])):  # not by their order
        keys[place] = _numbered(_content_key(entries[place]), taken)
        taken.add(keys[place])
    return tuple(keys[place] for place in range(len(entries)))


def _guid(entry: ParsedEntry) -> str:
    guid = (entry.guid or "").strip()
    return "" if guid.lower() in _NO_GUID else _short(guid)


def _guid_and_url(entry: ParsedEntry) -> str:
    guid = _guid(entry)
    return _short(f"{guid} {canonical_url(entry.url)}") if guid and entry.url else ""


def _url_alone(entry: ParsedEntry) -> str:
    return "" if _guid(entry) or not entry.url else _short(canonical_url(entry.url))


def _url(entry: ParsedEntry) -> str:
    return _short(canonical_url(entry.url)) if entry.url else ""


_BY_GUID = (_guid, _guid_and_url, _url_alone)
_BY_URL = (_url, _guid, _guid_and_url)


def _content_key(entry: ParsedEntry) -> str:
    moment = entry.published or entry.updated
    return _digest(entry.title, moment.isoformat() if moment else "", entry.text or entry.summary)


def _numbered(key: str, taken: Iterable[str]) -> str:
    """``key``, with the first free number if it is taken."""
    free, number = key, 1
    while free in taken:
        number += 1
        free = f"{key}#{number}"
    return free


def _short(key: str) -> str:
    return key if len(key) <= _MAX_KEY else _digest(key)


def fingerprint(entry: ParsedEntry) -> str:
    """16 hexadecimal digits that change when title or text were edited.

    Case, blanks, typographic variants, tags, queries of addresses, times of day, ages ("5 minutes
    ago") and counters ("1,204 views") do not count.
    """
    return _digest(_stable(entry.title), _stable(entry.text or entry.summary))


def _stable(text: str) -> str:
    normal = text = _normal(text)
    for sign, pattern, kept in _FLEETING:
        if sign(text):
            text = pattern.sub(kept, text)
    return text if text == normal else " ".join(text.split())


def _normal(text: str) -> str:
    return " ".join(fold(text).casefold().split())


def _digest(*parts: str) -> str:
    """Hash of strings, told apart by their boundaries."""
    joined = "\x1f".join(parts).encode("utf-8", "replace")
    return hashlib.sha256(joined).hexdigest()[:16]
