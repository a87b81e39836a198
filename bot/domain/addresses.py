"""Addresses as people and logs may see them: what is or may be a secret is ``***``.

An address often is its own password: ``…/rss?token=abc``, ``…/private/8c1f0e…/feed``, a webhook. A
value counts as one by its name, or when it looks like no word and no number that people write.
Hiding too much costs nothing here, since a feed is shown with its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Final
from urllib.parse import unquote, unquote_plus, urlsplit

HIDDEN: Final = "***"

#: Names whose values open something.
_KEY: Final = re.compile(
    r"token|secret|passw|passphrase|passcode|pwd|signature|session|sessid|credential|hmac|jwt"
    r"|bearer|auth(?!ors?\Z)|key\Z|(?:\A|[^a-z])(?:pass|pw|pin|sig|sid|code|hash|ticket)\Z"
)
#: Names whose values are somebody.
_PERSON: Final = re.compile(r"(?:\A|[^a-z])(?:user|username|login|e?mail)\Z")
#: Hosts of webhooks, whose paths are passwords.
_HOOKS: Final = re.compile(
    r"hooks\.slack(?:-gov)?\.com|(?:.+\.)?webhook\.office\.com|outlook\.office(?:365)?\.com"
    r"|.+\.logic\.azure\.com|.+\.powerplatform\.com|discord(?:app)?\.com|api\.telegram\.org"
)
_WORD_ENDS: Final = re.compile(r"[^a-zA-Z0-9+/~?#&]+")
_CLASSES: Final = (re.compile("[0-9]"), re.compile("[a-z]"), re.compile(".[A-Z]"))
_CAMEL: Final = re.compile(r"(?:[A-Z]?[a-z]{3,})+[A-Z]{0,3}")
#: Letters and digits mixed from so many characters on, and anything from so many on.
_MIXED, _LONG = 8, 20
#: Shorter keys may be words of a path.
_SHORT = 6
_PAIRS: Final = re.compile(r"([&;])")
#: In a text an address ends at a blank, at a bracket, at a quotation mark that closes.
_IN_TEXT: Final = re.compile(r"[a-z][a-z0-9+.-]{,30}://(?:[^\s<>\"'`]|'(?=[^\s,;.:)\]}>]))+", re.I)
_AFTER: Final = ".,;:!?)]}"
_QUERY_IN_TEXT: Final = re.compile(r"([?&]([^\s=&?/]{1,100})=)([^\s&\"'<>)]+)")
_HEADER_IN_TEXT: Final = re.compile(
    r"(\bauthorization['\"]?\s*[:=]\s*['\"]?(?:(?:basic|bearer)\s+)?)[^\s'\",)]+", re.I
)


def shown(url: str) -> str:
    """``url`` without user, password and fragment, and with what may be secret hidden."""
    return _walked(url, lambda _name, _value: HIDDEN)


def shown_in(text: str) -> str:
    """A text, such as an error's, in which every address stands as ``shown`` gives it."""
    if "://" in text:
        text = _IN_TEXT.sub(_one_shown, text)
    if "=" in text or ":" in text:
        text = _QUERY_IN_TEXT.sub(_value_shown, text)
        text = _HEADER_IN_TEXT.sub(rf"\1{HIDDEN}", text)
    return text


def hidden_in(url: str) -> frozenset[tuple[str, str]]:
    """Name and value of what ``shown`` hides, user and password apart; no name in a path."""
    found: set[tuple[str, str]] = set()

    def note(name: str, value: str) -> str:
        found.add((name, value))
        return HIDDEN

    _walked(url, note)
    return frozenset(found)


def keys_in(url: str) -> tuple[str, ...]:
    """Names of the parts of ``url`` that open something, in order of the alphabet."""
    return tuple(sorted({name for name, _ in hidden_in(url) if _KEY.search(name)}))


def without(link: str, hidden: Collection[tuple[str, str]]) -> str:
    """``link`` without the parameters of ``hidden``; empty if a key stands in its path.

    What merely looks like a secret may be a number of the site's: that stays in a path.
    """
    keys = {value for name, value in hidden if len(value) >= _SHORT and _KEY.search(name)}
    rest, mark, fragment = link.partition("#")
    path, _, query = rest.partition("?")
    if keys.intersection(map(unquote, path.split("/"))):
        return ""
    kept = "&".join(
        pair
        for pair in query.split("&")
        if (named := _named(pair)) not in hidden or _PERSON.search(named[0])
    )
    if any(key in unquote(fragment) for key in keys):
        mark = fragment = ""
    return f"{path}{'?' if kept else ''}{kept}{mark}{fragment}"


def _walked(url: str, hide: Callable[[str, str], str]) -> str:
    """``url`` with each secret part as ``hide`` gives it."""
    if "://" not in url:
        return _walked(f"any://{url}", hide).removeprefix("any://")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return HIDDEN
    place = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    if _HOOKS.fullmatch(host.rstrip(".")):
        path = parts.path.strip("/")
        return f"{place}/{hide('', path)}" if path or parts.query else place
    query = "".join(_pair(pair, hide) for pair in _PAIRS.split(parts.query))
    return f"{place}{_path(parts.path, hide)}{'?' if query else ''}{query}"


def _path(path: str, hide: Callable[[str, str], str]) -> str:
    walked: list[str] = []
    before = ""
    for segment in path.split("/"):
        plain, *matrix = segment.split(";")
        is_key = plain and _KEY.search(before)
        name = before if is_key else ""
        shown = hide(name, plain) if is_key or _looks_secret(unquote(plain)) else plain
        walked.append(";".join([shown, *(_pair(pair, hide) for pair in matrix)]))
        before = unquote(plain).lower()
    return "/".join(walked)


def _pair(pair: str, hide: Callable[[str, str], str]) -> str:
    """``name=value`` or a bare value."""
    (name, value), written = _named(pair), pair.partition("=")[0]
    secret = _KEY.search(name) or _PERSON.search(name) or _looks_secret(value)
    if not value or not secret:
        return pair
    return f"{written}={hide(name, value)}" if name else hide("", value)


def _named(pair: str) -> tuple[str, str]:
    """Name in small letters and value, both decoded; no name for a bare value."""
    name, equals, value = pair.partition("=")
    return (unquote_plus(name).lower(), unquote_plus(value)) if equals else ("", unquote_plus(pair))


def _looks_secret(text: str) -> bool:
    """Whether a text holds more than words and numbers: a token, or an address in an address."""
    if "=" in text or "://" in text or "@" in text[1:]:
        return True
    return any(
        len(word) >= _LONG
        or (
            len(word) >= _MIXED
            and sum(bool(one.search(word)) for one in _CLASSES) > 1
            and not _CAMEL.fullmatch(word)
        )
        for word in _WORD_ENDS.split(text)
    )


def _one_shown(found: re.Match[str]) -> str:
    address = found[0].rstrip(_AFTER)
    return shown(address) + found[0][len(address) :]


def _value_shown(found: re.Match[str]) -> str:
    return f"{found[1]}{HIDDEN}" if _KEY.search(unquote_plus(found[2]).lower()) else found[0]
