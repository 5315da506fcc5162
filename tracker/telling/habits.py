"""When a subscription wants to be told, in words."""

from collections.abc import Iterator
from datetime import timedelta

from tracker.config.habits import write_quiet
from tracker.times import write_duration
from tracker.types import Gathering, Habits


def tell_habits(habits: Habits) -> str:
    """Say when alerts come: "daily, quiet 22:00-07:00 (Asia/Seoul)"; empty where they come at once, at any time."""
    said = ", ".join(_parts(habits))
    keeps_time = habits.gathering is Gathering.DAILY or habits.quiet
    return f"{said} ({habits.zone})" if keeps_time else said


def _parts(habits: Habits) -> Iterator[str]:
    if habits.gathering is not Gathering.AT_ONCE:
        yield habits.gathering.value
    if habits.minimum_age > timedelta():
        yield f"after {write_duration(habits.minimum_age)}"
    if habits.quiet:
        yield f"quiet {write_quiet(habits.quiet)}"
