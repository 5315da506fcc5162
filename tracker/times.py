"""The clock, and time as this project writes it: aware UTC inside, ISO 8601 outside."""

import re
import time
from datetime import UTC, date, datetime, timedelta

DURATION = 'a duration such as "90s", "15m", "6h" or "1d"'
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def now() -> datetime:
    """Read the clock; the only place that does."""
    return datetime.now(UTC)


def wait(length: timedelta) -> None:
    """Let time pass."""
    time.sleep(length.total_seconds())


def as_utc(moment: datetime) -> datetime:
    """Convert an aware time to UTC; a naive one is refused, because its zone is unknown."""
    if moment.tzinfo is None:
        raise ValueError(f"naive time {moment.isoformat()}: state its zone")
    return moment.astimezone(UTC)


def week_bounds(day: date) -> tuple[datetime, datetime]:
    """Return the ISO week of `day` as [Monday 00:00 UTC, next Monday 00:00 UTC)."""
    monday = day - timedelta(days=day.weekday())
    start = datetime(monday.year, monday.month, monday.day, tzinfo=UTC)
    return start, start + timedelta(days=7)


def week_name(day: date) -> str:
    """Name the ISO week of `day`, for example 2026-W25."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def parse_duration(value: object) -> timedelta:
    """Read "90s", "15m", "6h" or "1d"; a bare number is refused, because its unit is anybody's guess."""
    match = re.fullmatch(r"(\d{1,6})\s*([smhd])", value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"expected {DURATION}")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def write_duration(length: timedelta) -> str:
    """Write a duration of whole seconds as `parse_duration` reads it, in the largest unit that divides it."""
    seconds = int(length.total_seconds())
    unit, size = next((u, size) for u, size in (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)) if not seconds % size)
    return f"{seconds // size}{unit}"
