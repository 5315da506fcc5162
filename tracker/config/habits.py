"""The words for when a subscription wants to be told: quiet hours and time zones."""

import re
from datetime import time
from zoneinfo import available_timezones

from tracker.types import QuietHours

QUIET = 'quiet hours such as "22:00-07:00", a start and another end by the clock'
ZONE = 'the name of a time zone such as "Asia/Seoul"'
_CLOCK = r"((?:[01]?\d|2[0-3]):[0-5]\d)"
_SPAN = re.compile(rf"{_CLOCK}\s*(?:-|–|to)\s*{_CLOCK}")


def parse_quiet(value: object) -> QuietHours | None:
    """Read "22:00-07:00", or what is quiet hours already; raise a ValueError."""
    if value is None or isinstance(value, QuietHours):
        return value
    match = _SPAN.fullmatch(str(value).strip())
    if match is None:
        raise ValueError(f"expected {QUIET}")
    start, end = (time.fromisoformat(clock.zfill(5)) for clock in match.groups())
    if start == end:
        raise ValueError(f"expected {QUIET}")
    return QuietHours(start=start, end=end)


def parse_zone(value: str) -> str:
    """Check the name of a time zone; raise a ValueError."""
    if value not in available_timezones():
        raise ValueError(f"expected {ZONE}")
    return value


def write_quiet(quiet: QuietHours) -> str:
    """Write quiet hours as `parse_quiet` reads them."""
    return f"{quiet.start:%H:%M}-{quiet.end:%H:%M}"
