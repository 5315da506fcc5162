"""How the nouns are written for readers."""

from calendar import month_name
from datetime import date, datetime, timedelta

from tracker.types import DateRole, EventType, Modality, Precision, ResolvedDate, Tier

_DATE_ROLES = {
    DateRole.ANNOUNCED: "Announced",
    DateRole.EFFECTIVE: "Takes effect",
    DateRole.COMMENT: "Comments due",
    DateRole.COMPLIANCE: "Comply by",
    DateRole.EXPIRY: "Expires",
}
_TIERS = {
    Tier.PRIMARY: "primary document",
    Tier.WIRE: "wire service",
    Tier.PRESS: "press",
    Tier.TRADE: "trade press",
    Tier.BLOG: "blog",
}


def label(word: EventType | Modality) -> str:
    """Write an event type or a modality."""
    return word.value.replace("_", " ").capitalize()


def date_role(role: DateRole) -> str:
    """Write what a date of an event is."""
    return _DATE_ROLES[role]


def tier(value: Tier) -> str:
    """Write how close a source is to the facts."""
    return _TIERS[value]


def day(moment: date | datetime) -> str:
    """Write a day so that no country reads it differently: 13 June 2026."""
    return f"{moment.day} {month_name[moment.month]} {moment.year}"


def minute(moment: datetime) -> str:
    """Write a point in time (UTC)."""
    return f"{day(moment)}, {moment:%H:%M} UTC"


def resolved(value: ResolvedDate) -> str:
    """Write a date exactly as precisely as it is known."""
    first = value.first
    match value.precision:
        case Precision.DAY:
            return day(first)
        case Precision.WEEK:
            return f"week of {day(first)}"
        case Precision.MONTH:
            return f"{month_name[first.month]} {first.year}"
        case Precision.QUARTER:
            return f"{_ordinal((first.month + 2) // 3)} quarter of {first.year}"
        case Precision.YEAR:
            return str(first.year)


def span(length: timedelta) -> str:
    """Write a length of time in its largest unit: 4 minutes, 3 hours, 2 days."""
    seconds = max(int(length.total_seconds()), 0)
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size:
            return count(seconds // size, unit)
    return "less than a minute"


def count(number: int, noun: str) -> str:
    """Write a number of things whose plural ends in s."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def clip(text: str, limit: int = 300) -> str:
    """Shorten a text that is no quote."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def _ordinal(number: int) -> str:
    return ("first", "second", "third", "fourth")[number - 1]
