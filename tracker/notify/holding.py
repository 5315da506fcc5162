"""Until when a message is held back on purpose, and why.  Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tracker.times import as_utc
from tracker.types import Gathering, Habits, HeldFor, QuietHours

# When the message of a day goes out, by the clock of the subscription's zone.
DAILY_AT = time(8)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """That a message waits until a point in time (UTC), and for what."""

    until: datetime
    held_for: HeldFor


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How many messages one subscription gets within how long before the rest waits."""

    burst: int
    within: timedelta


def ready(habits: Habits, owed_at: datetime, *, reported_at: datetime | None = None) -> Hold:
    """Return when a message that is owed since `owed_at` may first go by the habits alone, and what it waits for last.

    `reported_at` is when its story was first reported, where it has to have an age.
    """
    since, held_for, zone = owed_at, HeldFor.AGE, _zone(habits)
    if reported_at is not None:
        since = max(since, reported_at + habits.minimum_age)
    if habits.gathering is not Gathering.AT_ONCE:
        daily = habits.gathering is Gathering.DAILY
        since, held_for = (_next_day(since, zone), HeldFor.DAY) if daily else (_next_hour(since, zone), HeldFor.HOUR)
    if (end := quiet_until(habits, since)) is not None:
        since, held_for = end, HeldFor.QUIET
    return Hold(until=since, held_for=held_for)


def hold(first: Hold, habits: Habits, *, now: datetime) -> Hold | None:
    """Say until when a message has to wait: until it is ready, and while the hours are quiet; None where it may go."""
    if first.until > now:
        return first
    end = quiet_until(habits, now)
    return None if end is None else Hold(until=end, held_for=HeldFor.QUIET)


def hold_burst(last: datetime | None, limit: Limit, *, now: datetime) -> Hold | None:
    """Hold what comes after too many; `last` is when the last message but `limit.burst` - 1 went out."""
    if last is None or last + limit.within <= now:
        return None
    return Hold(until=last + limit.within, held_for=HeldFor.BURST)


def quiet_until(habits: Habits, moment: datetime) -> datetime | None:
    """Return when the quiet hours end in which `moment` lies; None where it lies in none."""
    quiet, zone = habits.quiet, _zone(habits)
    if quiet is None:
        return None
    day = moment.astimezone(zone).date()
    spans = (_span(quiet, start, zone) for start in (day - _DAY, day))
    return next((end for start, end in spans if start <= moment < end), None)


def _span(quiet: QuietHours, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the quiet hours that begin on a day, as points in time."""
    last = day if quiet.end > quiet.start else day + _DAY
    return _at(day, quiet.start, zone), _at(last, quiet.end, zone)


def _next_day(moment: datetime, zone: ZoneInfo) -> datetime:
    today = moment.astimezone(zone).date()
    slots = (_at(day, DAILY_AT, zone) for day in (today, today + _DAY))
    return next(slot for slot in slots if slot > moment)


def _next_hour(moment: datetime, zone: ZoneInfo) -> datetime:
    clock = moment.astimezone(zone)  # whose full hours are those of UTC in most zones, not in all
    return moment + _HOUR - timedelta(minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond)


def _at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return when a clock in `zone` shows this; of an hour that comes twice the first, of one left out what follows."""
    return as_utc(datetime.combine(day, clock, zone))


def _zone(habits: Habits) -> ZoneInfo:
    """Return the zone of habits; one that was checked when it was kept, and is no longer known, holds up nothing."""
    try:
        return ZoneInfo(habits.zone)
    except ZoneInfoNotFoundError:
        return ZoneInfo("UTC")
