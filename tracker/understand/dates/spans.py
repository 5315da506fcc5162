"""Calendar spans: days, weeks, months, quarters, years."""

from calendar import monthrange
from datetime import date, timedelta

from tracker.types import Precision, ResolvedDate

_EARLIEST, _LATEST = 1990, 2100
_MONTHS, _QUARTERS = range(1, 13), range(1, 5)


def one_day(day: date) -> ResolvedDate:
    """Return the one day as a resolved date."""
    return ResolvedDate(first=day, last=day, precision=Precision.DAY)


def day_of(year: int, month: int, day: int) -> ResolvedDate | None:
    """Return a day, None where the calendar has none such or it is too far off to be news."""
    try:
        return one_day(date(year, month, day)) if _EARLIEST <= year <= _LATEST else None
    except ValueError:
        return None


def whole_month(year: int, month: int) -> ResolvedDate | None:
    """Return a month."""
    if not (month in _MONTHS and _EARLIEST <= year <= _LATEST):
        return None
    last = date(year, month, monthrange(year, month)[1])
    return ResolvedDate(first=date(year, month, 1), last=last, precision=Precision.MONTH)


def whole_year(year: int) -> ResolvedDate | None:
    """Return a year."""
    if not _EARLIEST <= year <= _LATEST:
        return None
    return ResolvedDate(first=date(year, 1, 1), last=date(year, 12, 31), precision=Precision.YEAR)


def whole_quarter(year: int, quarter: int) -> ResolvedDate | None:
    """Return a quarter."""
    if not (quarter in _QUARTERS and _EARLIEST <= year <= _LATEST):
        return None
    first, last = 3 * quarter - 2, 3 * quarter
    end = date(year, last, monthrange(year, last)[1])
    return ResolvedDate(first=date(year, first, 1), last=end, precision=Precision.QUARTER)


def whole_week(day: date) -> ResolvedDate:
    """Return the week, Monday to Sunday, of a day."""
    monday = day - timedelta(days=day.weekday())
    return ResolvedDate(first=monday, last=monday + timedelta(days=6), precision=Precision.WEEK)


def month_from(day: date, count: int) -> ResolvedDate | None:
    """Return the month that is `count` months from the one of `day`."""
    months = day.year * 12 + day.month - 1 + count
    return whole_month(months // 12, months % 12 + 1)
