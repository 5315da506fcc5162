"""How the nouns are written for readers."""

from calendar import month_name
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from tracker.types import (
    Access,
    DateRole,
    Dispute,
    EntityKind,
    EventType,
    Instrument,
    InstrumentKind,
    Measure,
    Modality,
    Precision,
    Quantity,
    ResolvedDate,
    Score,
    Stage,
    Tier,
    UserClass,
    Verdict,
)

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


# What sources are called that nobody names.
LOCAL_FILES, ARCHIVE = "local files", "archive"

_OWN_LABELS = {UserClass.US_PERSONS: "US persons", InstrumentKind.IS_INFORMED_LETTER: "“Is informed” letter"}
_SCALES = ((12, "trillion"), (9, "billion"), (6, "million"))
# From here on a power of ten is read more easily than its noughts.
_POWERS_FROM = Decimal(10**15)


Label = Access | EventType | Modality | Stage | EntityKind | UserClass | InstrumentKind


def label(word: Label) -> str:
    """Write a value of one of the closed lists: an event type, a modality, a stage, a class of users, …"""
    return _OWN_LABELS.get(word) or word.value.replace("_", " ").capitalize()


def inner_label(word: Label) -> str:
    """Write a label inside a sentence."""
    return _OWN_LABELS.get(word) or label(word).lower()


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


def instrument(value: Instrument) -> str:
    """Write a legal instrument: its name, and before it its kind where the name does not say it."""
    kind, name = label(value.kind), value.name
    return f"{name[:1].upper()}{name[1:]}" if kind.casefold() in name.casefold() else f"{kind}: {name}"


def quantity(value: Quantity) -> str:
    """Write a quantity with its unit and what it measures: -7% (shares), USD 5.5 billion, 140 entities."""
    high = "" if value.high is None else f" to {_figures(value.high)}"
    sign = "+" if value.is_change and value.value > 0 else ""
    figures = f"{sign}{_figures(value.value)}{high}"
    if value.measure is Measure.MONEY:
        written = f"{value.unit} {figures}"
    else:
        written = f"{figures}%" if value.unit == "%" else f"{figures} {value.unit}"
    return f"{written} ({value.of})" if value.of else written


def dispute(value: Dispute) -> str:
    """Write what a second reader reads otherwise: type: easing, says gpt-5."""
    return f"{value.field}: {value.value.replace('_', ' ')}, says {value.reader}"


def verdict(value: Verdict) -> str:
    """Write what a person says of a report: right, or what it should be."""
    return "; ".join(_corrections(value)) or "right"


def _corrections(value: Verdict) -> Iterator[str]:
    if not value.is_event:
        yield "no event"
    if value.type:
        yield f"type {value.type.value.replace('_', ' ')}"
    if value.modality:
        yield f"modality {value.modality}"
    if value.date is not None:
        yield f"date {', '.join(map(str, value.date)) or 'none'}"
    for role, named in (("actors", value.actors), ("targets", value.targets)):
        if named is not None:
            yield f"{role} {', '.join(one.name for one in named) or 'none'}"


def _figures(value: Decimal) -> str:
    """Write a number in groups of thousands, from a million up in millions, billions and trillions."""
    if value >= _POWERS_FROM and set(f"{value:f}") == {"1", "0"}:
        return f"10^{value.adjusted()}"
    for power, scale in _SCALES:
        if abs(value) >= 10**power:
            return f"{_plain(value / 10**power)} {scale}"
    return _plain(value)


def _plain(value: Decimal) -> str:
    written = f"{value:,f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def span(length: timedelta) -> str:
    """Write a length of time in its largest unit: 4 minutes, 3 hours, 2 days."""
    seconds = max(int(length.total_seconds()), 0)
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size:
            return count(seconds // size, unit)
    return "less than a minute"


def score(name: str, value: Score) -> str:
    """Write a score by its name: Severity 72 (restriction 30, act 10, …)."""
    return f"{name} {parts(value)}"


def parts(value: Score) -> str:
    """Write a score with its parts: 72 (restriction 30, act 10, …)."""
    named = ", ".join(f"{share.name} {share.points:g}" for share in value.shares)
    return f"{value.value:g} ({named or 'nothing speaks for more'})"


def count(number: int, noun: str, plural: str | None = None) -> str:
    """Write a number of things; the plural ends in s unless given."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {plural or f'{noun}s'}"


def listed(names: Sequence[str]) -> str:
    """Write names one after the other: A1, A4 and A7."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def clip(text: str, limit: int = 300) -> str:
    """Shorten a text that is no quote."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def _ordinal(number: int) -> str:
    return ("first", "second", "third", "fourth")[number - 1]
