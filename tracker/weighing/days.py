"""On which day an event happened.  Pure."""

from datetime import date

from tracker.types import Event


def day_of(event: Event) -> date:
    """Return the day of an event; one that is dated vaguely is as late in its span as the first report allows."""
    reported = event.first_reported_at.date()
    return min(max(event.date.first, reported), event.date.last) if event.date else reported


def in_order(event: Event) -> tuple[date, int]:
    """Order events by their days."""
    return day_of(event), event.id
