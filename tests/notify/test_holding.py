"""Messages wait for the hours that a subscription names, by its own clock, and go through in between."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.notify.holding import Hold, Limit, hold, hold_burst, quiet_until, ready
from tracker.types import Gathering, Habits, HeldFor, QuietHours

NIGHT = QuietHours(start=time(22), end=time(7))
SEOUL = Habits(zone="Asia/Seoul", quiet=NIGHT)
BERLIN = Habits(zone="Europe/Berlin", quiet=NIGHT)
DAILY, HOURLY = (Habits(gathering=gathering, zone="Asia/Seoul") for gathering in (Gathering.DAILY, Gathering.HOURLY))
zones = st.sampled_from(["UTC", "Asia/Seoul", "Asia/Kolkata", "America/New_York", "Australia/Lord_Howe"])
clocks = st.times().map(lambda at: at.replace(second=0, microsecond=0))
moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001 (hypothesis takes naive bounds)
habits = st.builds(
    Habits,
    gathering=st.sampled_from(Gathering),
    zone=zones,
    quiet=st.none()
    | st.builds(lambda start, end: QuietHours(start=start, end=end), clocks, clocks).filter(lambda q: q.start != q.end),
    minimum_age=st.timedeltas(timedelta(), timedelta(days=2)),
)


def utc(day: int, hour: int, minute: int = 0, *, month: int = 6) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        (utc(18, 12, 59), None),
        (utc(18, 13), utc(18, 22)),
        (utc(18, 16), utc(18, 22)),
        (utc(18, 21, 59), utc(18, 22)),
        (utc(18, 22), None),
    ],
)
def test_quiet_hours_go_by_the_clock_of_their_zone_and_past_midnight(moment: datetime, end: datetime | None) -> None:
    assert quiet_until(SEOUL, moment) == end


def test_quiet_hours_within_a_day_end_on_that_day() -> None:
    noon = Habits(quiet=QuietHours(start=time(12), end=time(13, 30)))
    assert quiet_until(noon, utc(18, 12)) == utc(18, 13, 30)
    assert quiet_until(noon, utc(18, 13, 30)) is None


@pytest.mark.parametrize(
    ("moment", "hours"),
    [(utc(28, 21, month=3), 8), (utc(24, 20, month=10), 10), (utc(18, 20), 9)],
    ids=["the night that loses an hour", "the night that gains one", "any other"],
)
def test_a_night_is_as_long_as_the_clock_makes_it(moment: datetime, hours: int) -> None:
    assert quiet_until(BERLIN, moment) == moment + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("habits", "owed_at", "until"),
    [
        (DAILY, utc(18, 22, 59), utc(18, 23)),
        (DAILY, utc(18, 23), utc(19, 23)),
        (HOURLY, utc(18, 10, 1), utc(18, 11)),
        (HOURLY, utc(18, 10), utc(18, 11)),
        (Habits(gathering=Gathering.HOURLY, zone="Asia/Kolkata"), utc(18, 10, 1), utc(18, 10, 30)),
        (Habits(gathering=Gathering.DAILY, zone="Europe/Berlin"), utc(28, 12, month=3), utc(29, 6, month=3)),
    ],
)
def test_gathered_messages_wait_for_the_next_hour_or_for_eight_in_the_morning(
    habits: Habits, owed_at: datetime, until: datetime
) -> None:
    assert ready(habits, owed_at).until == until


def test_what_its_hour_puts_into_the_night_waits_for_the_morning() -> None:
    hourly = Habits(gathering=Gathering.HOURLY, zone="Asia/Seoul", quiet=NIGHT)
    assert ready(hourly, utc(18, 12, 30)) == Hold(until=utc(18, 22), held_for=HeldFor.QUIET)


def test_a_story_waits_for_its_age_and_then_for_its_hour() -> None:
    slow = Habits(minimum_age=timedelta(minutes=30))
    assert ready(slow, utc(18, 10), reported_at=utc(18, 9, 50)) == Hold(until=utc(18, 10, 20), held_for=HeldFor.AGE)
    assert ready(slow, utc(18, 10)).until == utc(18, 10)
    daily = Habits(gathering=Gathering.DAILY, minimum_age=timedelta(minutes=30))
    assert ready(daily, utc(18, 7, 45), reported_at=utc(18, 7, 45)).until == utc(19, 8)


def test_what_missed_its_hour_goes_at_once_but_not_into_the_night() -> None:
    first = ready(SEOUL, utc(18, 13))
    assert hold(first, SEOUL, now=utc(18, 21)) == first
    assert hold(first, SEOUL, now=utc(19, 3)) is None
    assert hold(first, SEOUL, now=utc(19, 14)) == Hold(until=utc(19, 22), held_for=HeldFor.QUIET)


def test_what_comes_after_too_many_waits_until_the_first_of_them_is_old_enough() -> None:
    limit = Limit(burst=10, within=timedelta(minutes=10))
    assert hold_burst(None, limit, now=utc(18, 10)) is None
    assert hold_burst(utc(18, 9, 55), limit, now=utc(18, 10)) == Hold(until=utc(18, 10, 5), held_for=HeldFor.BURST)
    assert hold_burst(utc(18, 9, 50), limit, now=utc(18, 10)) is None


def test_a_zone_that_is_no_longer_known_holds_up_nothing() -> None:
    assert quiet_until(Habits(zone="Mars/Olympus", quiet=NIGHT), utc(18, 23)) == utc(19, 7)


@given(habits, moments, moments)
def test_a_message_is_ready_within_days_and_never_in_quiet_hours(
    habits: Habits, owed_at: datetime, reported_at: datetime
) -> None:
    first = ready(habits, owed_at, reported_at=min(reported_at, owed_at))
    assert owed_at <= first.until <= owed_at + timedelta(days=5)
    assert quiet_until(habits, first.until) is None
    assert hold(first, habits, now=first.until) is None


@given(habits, moments)
def test_quiet_hours_end_when_their_clock_says_so(habits: Habits, moment: datetime) -> None:
    end = quiet_until(habits, moment)
    if habits.quiet and end:
        assert moment < end <= moment + timedelta(hours=26)
        shown = end.astimezone(ZoneInfo(habits.zone)).time()
        assert (
            shown == habits.quiet.end
            or end.astimezone(ZoneInfo(habits.zone)).utcoffset() != moment.astimezone(ZoneInfo(habits.zone)).utcoffset()
        )
