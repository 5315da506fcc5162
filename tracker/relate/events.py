"""Which event a report tells, and what an event says once all its witnesses are heard."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.types import (
    DateRole,
    EntityKind,
    Event,
    EventFields,
    EventType,
    Incoming,
    Mention,
    Modality,
    Named,
    Report,
    ResolvedDate,
    Witness,
)
from tracker.weighing.contested import display_date, display_modality, display_type
from tracker.weighing.corroboration import decisiveness, quoted_witness

# Asian papers give US local dates with a day's shift, and outlets differ on announced against signed.
_DATE_SLACK = timedelta(days=2)
# Reports without a date of their own join what was reported in these days.
_UNDATED_SLACK = timedelta(days=10)

_FIRM = {Modality.ACT: 0, Modality.PROPOSAL: 1, Modality.INTENT: 1, Modality.RUMOUR: 1, Modality.DENIAL: 2}
_TELLING = {EntityKind.MODEL, EntityKind.CHIP, EntityKind.COMPANY}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outline:
    """What two tellings of one event have in common."""

    type: EventType
    firmness: int
    date: ResolvedDate | None
    reported: tuple[datetime, datetime]
    telling: frozenset[str]


def place_reports(incoming: Incoming, events: Sequence[Event]) -> tuple[tuple[int | None, tuple[int, ...]], ...]:
    """Group the article's reports by the event that each tells: one of `events`, or a new one (None)."""
    known = [(event.id, _outline_event(event)) for event in events]
    joined: dict[int, list[int]] = defaultdict(list)
    founded: list[tuple[_Outline, list[int]]] = []
    for report_id, report in incoming.reports:
        if not report.modality.makes_event:
            continue
        outline = _outline_report(report, incoming.reported_at)
        if (event_id := _closest(outline, known)) is not None:
            joined[event_id].append(report_id)
        elif (group := next((ids for other, ids in founded if _same(outline, other)), None)) is not None:
            group.append(report_id)
        else:
            founded.append((outline, [report_id]))
    return tuple((event_id, tuple(ids)) for event_id, ids in joined.items()) + tuple(
        (None, tuple(ids)) for _, ids in founded
    )


def fold_event(witnesses: Sequence[Witness]) -> EventFields:
    """Say what an event is, from all its witnesses in any order.

    Where witnesses disagree, the rule of display decides (weighing/contested.py).  The headline is the sentence of the
    decisive witness, among those who tell it as it is displayed.
    """
    ordered = sorted(witnesses, key=decisiveness)
    type_, modality = display_type(ordered), display_modality(ordered)
    times = [_reported(witness) for witness in ordered]
    return EventFields(
        type=type_,
        modality=modality,
        headline=quoted_witness(ordered, type_, modality).report.sentence.text,
        date=display_date(ordered, DateRole.ANNOUNCED),
        entities=tuple(_fold_entities(ordered)),
        first_reported_at=min(times),
        last_reported_at=max(times),
    )


def _closest(outline: _Outline, known: Iterable[tuple[int, _Outline]]) -> int | None:
    alike = [(len(outline.telling & other.telling), -event_id) for event_id, other in known if _same(outline, other)]
    return -max(alike)[1] if alike else None


def _same(one: _Outline, other: _Outline) -> bool:
    return (
        one.type is other.type
        and one.firmness == other.firmness
        and _dates_agree(one, other)
        and (bool(one.telling & other.telling) or not one.telling or not other.telling)
    )


def _dates_agree(one: _Outline, other: _Outline) -> bool:
    if one.date and other.date:
        return one.date.first - _DATE_SLACK <= other.date.last and other.date.first - _DATE_SLACK <= one.date.last
    return (
        one.reported[0] - _UNDATED_SLACK <= other.reported[1] and other.reported[0] - _UNDATED_SLACK <= one.reported[1]
    )


def _outline_report(report: Report, reported_at: datetime) -> _Outline:
    named = (*report.actors, *report.targets, *report.named)
    return _Outline(
        type=report.type,
        firmness=_FIRM[report.modality],
        date=report.announced.date if report.announced else None,
        reported=(reported_at, reported_at),
        telling=frozenset(mention.entity_id for mention in named if mention.kind in _TELLING),
    )


def _outline_event(event: Event) -> _Outline:
    return _Outline(
        type=event.type,
        firmness=_FIRM[event.modality],
        date=event.date,
        reported=(event.first_reported_at, event.last_reported_at),
        telling=frozenset(named.entity_id for named in event.entities if named.kind in _TELLING),
    )


def _reported(witness: Witness) -> datetime:
    return witness.published_at or witness.fetched_at


def _fold_entities(ordered: Sequence[Witness]) -> Iterable[Named]:
    seen: dict[str, Named] = {}
    for role in ("actor", "target", "named"):
        for witness in ordered:
            for mention in _in_role(witness.report, role):
                named = Named(entity_id=mention.entity_id, kind=mention.kind, name=mention.name, role=role)
                seen.setdefault(mention.entity_id, named)
    return seen.values()


def _in_role(report: Report, role: str) -> tuple[Mention, ...]:
    match role:
        case "actor":
            return report.actors
        case "target":
            return report.targets
        case _:
            return report.named
