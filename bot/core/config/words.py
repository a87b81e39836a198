"""Words an admin writes for a value, read: ``15 minutes``, ``07:30``, ``Europe/Brussels``.

Every function raises ValueError with a message that says the fix.
"""

from __future__ import annotations

import re
from datetime import date, time
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.core.config.closest import closest, or_similar
from bot.core.feeds.addresses import web_address
from bot.domain.channels import Destination
from bot.domain.logins import FORMS

PLATFORMS = ("console", "slack", "teams", "webhook", "email")
_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86400.0
_UNITS = {"second": 1.0, "minute": _MINUTE, "hour": _HOUR, "day": _DAY}
_INTERVAL = re.compile(r"(\d{1,6}) ?(second|minute|hour|day)s?")
_SIZE = re.compile(r"(\d{1,4}) ?mi?b")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_ZONE = re.compile(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+){0,2}")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_GROUPS = {
    "weekdays": frozenset(range(5)),
    "weekend": frozenset((5, 6)),
    "every day": frozenset(range(7)),
}
_EXAMPLE = {
    "slack": "`slack:#channel`",
    "teams": "`teams:Team/Channel`",
    "webhook": "`webhook:NAME`",
    "email": "`email:NAME`",
}
_NOT_COUNTRIES = {"UK": "GB", "EN": "GB", "EU": "", "EL": "GR", "SU": "RU"}


def interval(text: str) -> float:
    """Seconds of ``15 minutes``."""
    found = _INTERVAL.fullmatch(text.strip().lower())
    if found is None:
        raise ValueError("write a number and a unit, as in `15 minutes`")
    seconds = float(found.group(1)) * _UNITS[found.group(2)]
    if not _MINUTE <= seconds <= 7 * _DAY:
        raise ValueError("between `1 minute` and `7 days`")
    return seconds


def size(text: str) -> int:
    """Bytes of ``15 MiB``."""
    found = _SIZE.fullmatch(text.strip().lower())
    if found is None:
        raise ValueError("write a number and `MiB`, as in `15 MiB`")
    if not 1 <= (megabytes := int(found.group(1))) <= 50:
        raise ValueError("between `1 MiB` and `50 MiB`")
    return megabytes * 1024 * 1024


def language(text: str) -> str:
    """ISO 639-1, lower case."""
    code = text.strip().lower()
    if re.fullmatch(r"[a-z]{2}", code) is None:
        raise ValueError(f"`{text}` is no language code: two letters, as in `en`, `fr`, `uk`")
    return code


def country(text: str) -> str:
    """ISO 3166-1 alpha-2, upper case."""
    code = text.strip().upper()
    if code in _NOT_COUNTRIES:
        instead = _NOT_COUNTRIES[code]
        hint = f"did you mean `{instead}`?" if instead else "leave the key out"
        raise ValueError(f"`{text}` is no country code; {hint}")
    if re.fullmatch(r"[A-Z]{2}", code) is None:
        raise ValueError(f"`{text}` is no country code: two letters, as in `US`, `GB`, `NO`")
    return code


def url(text: str) -> str:
    """A web address as written, blanks round it cut off."""
    url = text.strip()
    if url[:5].lower() in ("feed:", "itpc:"):
        url = web_address(url)
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError(f"this is no web address ({error})") from error
    if parts.scheme not in ("http", "https"):
        hint = f"; did you mean `https://{url}`?" if re.match(r"[\w-]+\.[\w.-]+", url) else ""
        raise ValueError(f"a feed's address begins with `https://` or `http://`{hint}")
    if not host or re.search(r"\s", url):
        raise ValueError("this is no web address: no blanks, and a host after `https://`")
    if parts.username is not None:
        raise ValueError(
            "no user name or password in an address: set a variable to `basic USER:PASSWORD`, and "
            "name it here as `auth: env:VARIABLE`"
        )
    return url


def auth(text: str) -> str:
    """The variable of ``env:NAME``."""
    found = re.fullmatch(r"env: ?([A-Za-z_][A-Za-z0-9_]*)", text.strip())
    if found is None:
        # What stands here may be the secret itself.
        raise ValueError(
            "no login stands in a file: write `auth: env:NAME`, and set the variable NAME to "
            f"{FORMS}"
        )
    return found[1]


def zone(text: str) -> str:
    """An IANA time zone that exists."""
    name = text.strip()
    try:
        if _ZONE.fullmatch(name) is None or len(name) > 50:
            raise ValueError(name)
        ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        zones = {zone.rpartition("/")[2]: zone for zone in sorted(available_timezones())}
        written = name.rpartition("/")[2].replace(" ", "_")
        city = closest(written, zones) if len(written) > 4 else None
        hint = f"did you mean `{zones[city]}`?" if city else "as in `Europe/Brussels`"
        raise ValueError(f"`{text}` is no time zone; {hint}") from None
    return name


def clock(text: str) -> time:
    """A wall time of ``07:30``."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        raise ValueError(f'`{text}` is no time of day: write `"07:30"`')
    try:
        return time(int(found.group(1)), int(found.group(2)))
    except ValueError:
        raise ValueError(f"`{text}` is no time of day: 00:00 to 23:59") from None


def destination(text: str) -> Destination:
    """A place to post to, of a platform that exists."""
    written = text.strip()
    if written.startswith("#"):
        raise ValueError(f"no platform: did you mean `slack:{written}`?")
    try:
        place = Destination.parse(written)
    except ValueError:
        raise ValueError("no platform: write `slack:#channel` or `console`") from None
    platform = place.platform
    if platform not in PLATFORMS:
        raise ValueError(f"unknown platform `{platform}`{or_similar(platform, PLATFORMS)}")
    if platform == "console":
        if ":" in written:
            raise ValueError("`console` stands alone, with nothing after it")
        return place
    if not place.channel.strip("#@ ") or place.channel != place.channel.strip():
        raise ValueError(f"say where on {platform}, as in {_EXAMPLE[platform]}")
    if platform == "teams" and not place.workspace and place.channel[0] != "@":
        raise ValueError("a Teams channel is written `teams:Team/Channel`")
    if platform == "slack" and re.fullmatch(r"[#@]?[^\s,]+", place.channel) is None:
        raise ValueError("a Slack channel has no blanks: write `slack:#channel`")
    return place


def day(text: str) -> date:
    """A date of ``2024-10-01``."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"`{text}` is no date: write year-month-day, as in 2024-10-01") from None


def weekdays(text: str) -> frozenset[int]:
    """Days of the week, Monday 0, of ``weekdays``, ``every day``, ``weekend`` or a day's name."""
    word = text.strip().lower()
    if word in _GROUPS:
        return _GROUPS[word]
    found = [i for i, name in enumerate(DAYS) if len(word) >= 3 and name.startswith(word)]
    if not found:
        raise ValueError(f"`{text}` is no day{or_similar(word, (*_GROUPS, *DAYS))}")
    return frozenset(found)


def phrase(text: str) -> str:
    """Words to look for, blanks between them made single; wildcards only where they can work."""
    words = text.split()
    if not any(letter.isalnum() for letter in text):
        raise ValueError(f"`{text}` has no word in it")
    if len(text) > 200:
        raise ValueError("longer than 200 characters: no text will hold exactly this")
    for word in words:
        if word[0] == "*":
            raise ValueError(f"`{word}`: a `*` stands at the end of a word, as in `spend*`")
        if word.count("*") + word.count("?") > 2:
            raise ValueError(f"`{word}`: at most two wildcards in a word")
        if "*" in word and sum(map(str.isalnum, word)) < 3:
            raise ValueError(f"`{word}` would match nearly anything: at least 3 letters beside `*`")
        if word[0] == "?" or word[-1] == "?":
            raise ValueError(f"`{word}`: a `?` is one letter inside a word, as in `wom?n`")
    return " ".join(words)


def distance(text: str) -> int | str:
    """``8 words`` → 8; ``sentence`` and ``paragraph`` as they are."""
    word = text.strip().lower()
    if word in ("sentence", "paragraph"):
        return word
    found = re.fullmatch(r"(\d{1,3}) ?words?", word)
    if found is None:
        known = ("sentence", "paragraph", "8 words")
        raise ValueError(f"`{text}` is no distance{or_similar(word, known)}")
    if not 0 <= int(found.group(1)) <= 50:
        raise ValueError("at most `50 words`; write `paragraph` for more")
    return int(found.group(1))


def length(text: str) -> tuple[int | None, int | None]:
    """Least and most words of ``150+``, ``150-2000`` and ``up to 2000``."""
    found = re.fullmatch(r"(\d{1,6}) ?\+|(\d{1,6}) ?[-–] ?(\d{1,6})|up to (\d{1,6})", text.strip())
    if found is None:
        raise ValueError(f"`{text}` is no length: write `150+`, `150-2000` or `up to 2000`")
    least, most = found[1] or found[2], found[3] or found[4]
    if least and most and int(least) > int(most):
        raise ValueError(f"`{text}`: the smaller number comes first")
    return (int(least) if least else None, int(most) if most else None)
