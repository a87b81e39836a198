"""Dates as nearly all feeds write them: as in mail, or as ISO 8601 with a time and a zone.

They are read as feedparser reads them. It knows a dozen forms more, and tries one after the other.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
#: Name of a zone → hours east of Greenwich.
_ZONES = {
    **dict.fromkeys(("GMT", "UTC", "UT", "Z"), 0),
    **dict.fromkeys(("EST", "CDT"), -5),
    **dict.fromkeys(("CST", "MDT"), -6),
    **dict.fromkeys(("MST", "PDT"), -7),
    "EDT": -4,
    "PST": -8,
}
#: ``Tue, 24 Nov 2026 10:00:00 +0200``.
_MAIL = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?(?P<day>\d{1,2}) "
    rf"(?P<month>{'|'.join(_MONTHS)}) (?P<year>\d{{4}}) "
    r"(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d))? "
    rf"(?:(?P<zone>{'|'.join(_ZONES)})|(?P<sign>[+-])(?P<hours>\d\d):?(?P<minutes>\d\d))",
    re.ASCII,
)
#: ``2026-11-24T10:00:00+02:00``.
_ISO = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)T"
    r"(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d{1,9})?)?"
    r"(?:(?P<zone>Z)|(?P<sign>[+-])(?P<hours>\d\d):(?P<minutes>\d\d))",
    re.ASCII,
)


def usual_date(text: str) -> datetime:
    """The moment that ``text`` names, in UTC, without fractions of a second.

    Raises:
        ValueError: it is written in no usual way, or there is no such moment.
    """
    found = _MAIL.fullmatch(text) or _ISO.fullmatch(text)
    if found is None:
        raise ValueError("no usual date")
    year, month, day, hour, minute, second, zone, sign, hours, minutes = found.group(
        *("year", "month", "day", "hour", "minute", "second"), *("zone", "sign", "hours", "minutes")
    )
    number = int(month) if month.isdigit() else _MONTHS.index(month) + 1
    there = datetime(
        int(year), number, int(day), int(hour), int(minute), int(second or 0), tzinfo=UTC
    )
    east = 60 * _ZONES[zone] if zone else int(sign + hours) * 60 + int(sign + minutes)
    try:
        return there - timedelta(minutes=east)
    except OverflowError as error:
        raise ValueError("before the first year, or after the last") from error
