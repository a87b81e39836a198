"""A time window in a question: "since Tuesday", "last week", "in March", "on 4 April".

    text, now ─► Window(since, until, start, end) | None

Days, weeks (from Monday) and months are those of UTC. A day or month without a year is the latest
one that is not after ``now``. A bare year is no window: it is part of what is asked about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_MONTHS = (
    "january february march april may june july august september october november december"
).split()
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_NUMBERS = "one two three four five six seven eight nine ten".split()

_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_YEAR = r"(?:,?\s+(?P<year>20\d\d)\b)?"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\b"

#: What a moment can be called, the longest first.
_MOMENTS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?P<iso>20\d\d-\d\d-\d\d)\b",
        rf"(?:the\s+)?{_DAY}\s+(?:of\s+)?{_MONTH}{_YEAR}",
        rf"{_MONTH}\s+(?:the\s+)?{_DAY}{_YEAR}",
        rf"(?:last\s+|this\s+)?{_MONTH}{_YEAR}",
        rf"(?:last\s+|this\s+|past\s+)?(?P<weekday>{'|'.join(_DAYS)})\b",
        (
            r"(?P<named>the day before yesterday|yesterday|today|last night|tonight|this morning"
            r"|(?:this|last) (?:week|month|year|weekend))\b"
        ),
        (
            r"(?:the\s+)?(?:last|past)\s+"
            rf"(?:(?P<count>\d{{1,3}}|{'|'.join(_NUMBERS)}|few|couple of)\s+)?"
            r"(?P<unit>hours?|days?|weeks?|months?)\b"
        ),
        rf"(?P<ago>\d{{1,3}}|{'|'.join(_NUMBERS)}|a)\s+(?P<ago_unit>day|week|month)s?\s+ago\b",
    )
)
_PREPOSITION = re.compile(
    r"\b(?P<word>since|after|from|before|until|till|in|on|during|over|within|for|of)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
#: These stand alone; a month or weekday needs a preposition, or it may be a name.
_ALONE = re.compile(r"yesterday|today|tonight|last|past|this|ago|20\d\d", re.IGNORECASE)
_UNITS = {"hour": 1 / 24, "day": 1, "week": 7, "month": 30}


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A time window and where it stands in the question, ``start`` to ``end`` half-open."""

    since: datetime | None
    until: datetime | None
    start: int
    end: int
    #: Whether it names a date or month, not a time seen from now.
    calendar: bool


def window(text: str, *, now: datetime) -> Window | None:
    """The first time window of ``text``; None when there is none or it is no date."""
    for pattern in _MOMENTS:
        for found in pattern.finditer(text):
            before = _PREPOSITION.search(text[: found.start()])
            if found.start() and text[found.start() - 1].isalnum():
                continue
            if before is None and not _ALONE.search(found.group()):
                continue
            try:
                first, last = _moment(found, now)
            except (ValueError, OverflowError):
                continue
            word = before["word"].lower() if before else ""
            since: datetime | None = first
            until: datetime | None = last
            if word in {"since", "from"}:
                until = None
            elif word == "after":
                since, until = last, None
            elif word in {"before", "until", "till"}:
                since, until = None, first
            if until is not None and until > now:
                until = None
            start = before.start() if before else found.start()
            groups = found.groupdict()
            calendar = bool(groups.get("iso") or groups.get("month"))
            return Window(since=since, until=until, start=start, end=found.end(), calendar=calendar)
    return None


def _moment(found: re.Match[str], now: datetime) -> tuple[datetime, datetime]:
    """First instant, and the one after the last."""
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    parts = {key: value.lower() for key, value in found.groupdict().items() if value}
    if "iso" in parts:
        return _days(datetime.fromisoformat(parts["iso"]).replace(tzinfo=UTC))
    if "month" in parts:
        return _calendar(parts, today)
    if "weekday" in parts:
        back = (today.weekday() - _DAYS.index(parts["weekday"])) % 7
        if back == 0 and found.group().lower().startswith(("last", "past")):
            back = 7
        return _days(today - timedelta(days=back))
    if "named" in parts:
        return _named(parts["named"], today)
    if "ago_unit" in parts:
        step = _UNITS[parts["ago_unit"]]
        day = today - timedelta(days=_number(parts["ago"]) * step)
        return day, day + timedelta(days=step)
    span = timedelta(days=_number(parts.get("count", "1")) * _UNITS[parts["unit"].rstrip("s")])
    return now - span, now


def _calendar(parts: dict[str, str], today: datetime) -> tuple[datetime, datetime]:
    month = next(i for i, m in enumerate(_MONTHS, 1) if m.startswith(parts["month"][:3]))
    day = int(parts.get("day", "1"))
    year = int(parts.get("year", today.year))
    first = datetime(year, month, day, tzinfo=UTC)
    if "year" not in parts and first > today:
        first = first.replace(year=year - 1)
    return _days(first) if "day" in parts else (first, _month_after(first))


def _named(name: str, today: datetime) -> tuple[datetime, datetime]:
    monday = today - timedelta(days=today.weekday())
    first = today.replace(day=1)
    january = first.replace(month=1)
    windows = {
        "the day before yesterday": _days(today - timedelta(days=2)),
        "yesterday": _days(today - timedelta(days=1)),
        "last night": _days(today - timedelta(days=1)),
        # Seven days back: on a Monday, "this week" still means the news of the week.
        "this week": (today - timedelta(days=7), today + timedelta(days=1)),
        "last week": (monday - timedelta(days=7), monday),
        "this weekend": (monday + timedelta(days=5), monday + timedelta(days=7)),
        "last weekend": (monday - timedelta(days=2), monday),
        "this month": (first, _month_after(first)),
        "last month": ((first - timedelta(days=1)).replace(day=1), first),
        "this year": (january, january.replace(year=january.year + 1)),
        "last year": (january.replace(year=january.year - 1), january),
    }
    return windows.get(name, _days(today))


def _days(first: datetime) -> tuple[datetime, datetime]:
    return first, first + timedelta(days=1)


def _month_after(first: datetime) -> datetime:
    return (first + timedelta(days=31)).replace(day=1)


def _number(word: str) -> int:
    if word.isdigit():
        return int(word)
    return _NUMBERS.index(word) + 1 if word in _NUMBERS else {"a": 1, "couple of": 2}.get(word, 3)
