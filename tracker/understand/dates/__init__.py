"""Date phrases, resolved against the day of publication: a small grammar, since the libraries get a third wrong."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tracker.types import ResolvedDate
from tracker.understand.dates.grammar import GRAMMAR
from tracker.understand.dates.spans import one_day

__all__ = ["FoundDate", "find_dates", "one_day", "resolve_date"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDate:
    """A date phrase at [start, end) of the text it was found in."""

    date: ResolvedDate
    start: int
    end: int


def find_dates(text: str, *, published: date) -> tuple[FoundDate, ...]:
    """Find the date phrases of `text`, in text order; overlapping readings give way to the longest.

    `published` is the day of publication in the outlet's zone.  A bare day ("the 13th") is the latest such day
    not after `published` plus one; a bare weekday the latest not after `published`.  The forms of all languages
    are tried together: they are distinct enough.
    """
    found: list[FoundDate] = []
    for pattern, resolve in GRAMMAR:
        for match in pattern.finditer(text):
            settled = resolve(match, published)
            if settled is not None:
                # A full stop at the end is the sentence's more often than the phrase's.
                end = match.start() + len(match[0].rstrip("."))
                found.append(FoundDate(date=settled, start=match.start(), end=end))
    return tuple(_longest(found))


def resolve_date(phrase: str, *, published: datetime, zone: ZoneInfo) -> ResolvedDate | None:
    """Resolve one phrase against the moment its article was published, in the outlet's zone."""
    found = find_dates(phrase, published=published.astimezone(zone).date())
    return found[0].date if found else None


def _longest(found: list[FoundDate]) -> Iterator[FoundDate]:
    end = -1
    for one in sorted(found, key=lambda f: (f.start, -f.end)):
        if one.start >= end:
            yield one
            end = one.end
