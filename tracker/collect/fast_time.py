"""Read the dates of well-formed feeds; pure."""

import re
from datetime import UTC, datetime, timedelta

from tracker.times import as_utc

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ZONES = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}
_RSS = re.compile(
    rf"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? )?(\d\d?) ({'|'.join(_MONTHS)})[a-z]* "
    rf"(\d{{4}}) (\d\d?):(\d\d)(?::(\d\d))? (?:(GMT|UTC|Z|{'|'.join(_ZONES)})|([+-])(\d\d):?([0-5]\d))",
    re.ASCII,
)
_ATOM = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)


def read_time(text: str) -> datetime | None:
    """Read a date of RFC 822 or RFC 3339 to the second; None for what is neither to the letter."""
    try:
        if match := _RSS.fullmatch(text):
            return _as_time(match)
        return as_utc(datetime.fromisoformat(text)).replace(microsecond=0) if _ATOM.fullmatch(text) else None
    except (ValueError, OverflowError):  # no such day, or none in the calendar
        return None


def _as_time(match: re.Match[str]) -> datetime:
    day, month, year, hour, minute, second, zone, sign, hours, minutes = match.groups()
    number = _MONTHS.index(month) + 1
    found = datetime(int(year), number, int(day), int(hour), int(minute), int(second or 0), tzinfo=UTC)
    if zone:
        return found - timedelta(hours=_ZONES.get(zone, 0))
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return found + offset if sign == "-" else found - offset
