"""Which event a report tells, and what an event says once all its witnesses are heard."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker import knowledge
from tracker.relate.grouping import group
from tracker.types import (
    DateRole,
    Day,
    EntityKind,
    EventFields,
    EventType,
    Group,
    Mention,
    Modality,
    Named,
    Part,
    Report,
    ResolvedDate,
    Ruling,
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
    """What decides which event a report tells; reports with the same outline tell the same one.

    `telling` are the models, chips and companies that it names, `states` those that act, `hit` are its targets.
    """

    type: EventType
    firmness: int
    date: ResolvedDate | None
    reported_on: Day
    telling: frozenset[str]
    states: frozenset[str]
    hit: frozenset[str]

    def is_vaguer(self, other: "_Outline") -> bool:
        """Say whether this one leaves open what `other` does not, and says all else no less."""
        mine, its = (bool(self.telling), bool(self.date)), (bool(other.telling), bool(other.date))
        return mine != its and mine[0] <= its[0] and mine[1] <= its[1]


def tell(told: Sequence[tuple[int | None, Witness]], rulings: Sequence[Ruling]) -> tuple[Group, ...]:
    """Group the reports of a story, each with the event that it told so far, into events.

    A report joins an earlier one like it; one that leaves open what or when joins one that does not, whichever came
    first.  So the events are the same in whichever order the articles came.
    """
    telling = [(home, one) for home, one in told if is_event(one)]
    ordered = [one for _, one in sorted(telling, key=lambda pair: _order(pair[1]))]
    nodes: defaultdict[_Outline, list[int]] = defaultdict(list)
    for witness in ordered:
        nodes[_outline(witness)].append(witness.report_id)
    edges = [(2.0, ids[0], other) for ids in nodes.values() for other in ids[1:]]
    edges += [(closeness, nodes[one][0], nodes[other][0]) for closeness, one, other in _joined(list(nodes))]
    return group(
        [witness.report_id for witness in ordered], edges, rulings, {one.report_id: home for home, one in telling}
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


def is_event(witness: Witness) -> bool:
    """Say whether a report makes an event: by its modality, unless a person says that it tells of none."""
    if witness.review is None:
        return witness.report.modality.makes_event
    verdict = witness.review.verdict
    return verdict.is_event and (verdict.modality or witness.report.modality).makes_event


def _joined(outlines: Sequence[_Outline]) -> Iterable[tuple[float, _Outline, _Outline]]:
    """Pair each outline with the one that it tells the same as, if any; outlines come in the order of their reports."""
    by_type: defaultdict[tuple[EventType, int], list[_Outline]] = defaultdict(list)
    for outline in outlines:
        by_type[outline.type, outline.firmness].append(outline)
    for alike in by_type.values():
        for at, one in enumerate(alike):
            could = [other for before, other in enumerate(alike) if _may_join(one, other, is_earlier=before < at)]
            if could:
                best = max(could, key=lambda other: _closeness(one, other))  # the first of equals
                yield _closeness(one, best), one, best


def _may_join(one: _Outline, other: _Outline, *, is_earlier: bool) -> bool:
    if not one.is_vaguer(other) and (not is_earlier or other.is_vaguer(one)):
        return False
    if one.states and other.states and not one.states & other.states:
        return False
    if one.telling:
        is_like = bool(one.telling & other.telling)
    else:
        is_like = bool((one.states & other.states) | (one.hit & other.hit)) or not (one.states or one.hit)
    return is_like and _dates_agree(one, other)


def _closeness(one: _Outline, other: _Outline) -> float:
    """Return how much two outlines share, 0 to 1."""
    either = one.telling | other.telling
    shared = len(one.telling & other.telling) / len(either) if either else 0.0
    apart = abs((one.date.first - other.date.first) if one.date and other.date else one.reported_on - other.reported_on)
    return (shared + 1 / (1 + apart / timedelta(days=1))) / 2


def _dates_agree(one: _Outline, other: _Outline) -> bool:
    if one.date and other.date:
        return one.date.first - _DATE_SLACK <= other.date.last and other.date.first - _DATE_SLACK <= one.date.last
    return abs(one.reported_on - other.reported_on) <= _UNDATED_SLACK


def _outline(witness: Witness) -> _Outline:
    report = witness.report
    named = (*report.actors, *report.targets, *report.named)
    return _Outline(
        type=report.type,
        firmness=_FIRM[report.modality],
        date=report.announced.date if report.announced else None,
        reported_on=_reported(witness).date(),
        telling=frozenset(one.entity_id for one in named if one.kind in _TELLING),
        states=frozenset(filter(None, map(_state, report.actors))),
        hit=frozenset(one.entity_id for one in report.targets),
    )


def _state(mention: Mention) -> str | None:
    """Return the state that acts, itself or through an agency."""
    if mention.kind is EntityKind.AGENCY:
        agency = knowledge.load().entities.get(mention.entity_id)
        return f"country/{agency.country}" if agency and agency.country else None
    return mention.entity_id if mention.kind is EntityKind.COUNTRY else None


def _order(witness: Witness) -> tuple[datetime, str, int, int]:
    cue = witness.report.cue
    return _reported(witness), witness.url, 0 if cue.part is Part.TITLE else 1, cue.start


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
