"""How the events of a story hang together: what reverses, carries out, changes or answers what.  Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tracker.knowledge import KnowledgeBase
from tracker.types import Event, EventType, Modality
from tracker.weighing.controls import CONTROLS, hit_by, is_reversal, same_control, share
from tracker.weighing.days import day_of, in_order
from tracker.weighing.reach import authorities

_MEASURES = CONTROLS | {EventType.EASING}
_ANSWERS = {EventType.COMPANY_RESPONSE, EventType.MARKET_REACTION, EventType.ADOPTION, EventType.LITIGATION}
_AGAINST_CONTROLS = {EventType.RETALIATION, EventType.LITIGATION}


class LinkKind(StrEnum):
    """What a later event is to an earlier one."""

    REVERSES = "reverses"
    IMPLEMENTS = "implements"
    AMENDS = "amends"
    RESPONDS_TO = "responds_to"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What `event` is to `earlier`, and how many days later it came."""

    kind: LinkKind
    event: Event
    earlier: Event
    days: int


def story_links(events: Iterable[Event], knowledge: KnowledgeBase) -> tuple[Link, ...]:
    """Link each event of a story to the latest earlier one that it reverses, carries out, changes or answers."""
    ordered = sorted(events, key=in_order)
    found = (_links(event, ordered[:position], knowledge) for position, event in enumerate(ordered))
    return tuple(link for links in found for link in links)


def _links(event: Event, before: Sequence[Event], knowledge: KnowledgeBase) -> Iterator[Link]:
    rules = (
        (LinkKind.REVERSES, _reverses),
        (LinkKind.IMPLEMENTS, _implements),
        (LinkKind.AMENDS, _amends),
        (LinkKind.RESPONDS_TO, _responds),
        (LinkKind.RESPONDS_TO, _hits_back),
    )
    linked: set[LinkKind] = set()
    for kind, holds in rules:
        earlier = next((one for one in reversed(before) if holds(event, one, knowledge)), None)
        if earlier and kind not in linked:
            linked.add(kind)
            yield Link(kind=kind, event=event, earlier=earlier, days=(day_of(event) - day_of(earlier)).days)


def _reverses(event: Event, earlier: Event, knowledge: KnowledgeBase) -> bool:
    is_act = earlier.type in CONTROLS and earlier.modality is Modality.ACT
    return is_act and is_reversal(event) and same_control(event, earlier, knowledge)


def _implements(event: Event, earlier: Event, knowledge: KnowledgeBase) -> bool:
    if event.modality is not Modality.ACT or event.type not in _MEASURES:
        return False
    is_bill = earlier.type is EventType.LEGISLATION and event.type in CONTROLS
    is_plan = earlier.modality in {Modality.PROPOSAL, Modality.INTENT} and _same_direction(event, earlier)
    return (is_bill or is_plan) and same_control(event, earlier, knowledge)


def _amends(event: Event, earlier: Event, knowledge: KnowledgeBase) -> bool:
    are_acts = event.modality is Modality.ACT and earlier.modality is Modality.ACT
    are_controls = are_acts and event.type in CONTROLS and earlier.type in CONTROLS and not is_reversal(event)
    return are_controls and same_control(event, earlier, knowledge)


def _responds(event: Event, earlier: Event, knowledge: KnowledgeBase) -> bool:
    """Say whether one is an answer to what another hit."""
    named = {one.entity_id for one in event.entities}
    return _can_answer(event, earlier, knowledge) and share(named, hit_by(earlier))


def _hits_back(event: Event, earlier: Event, knowledge: KnowledgeBase) -> bool:
    """Say whether one is an answer to the government that did another, if not to what that hit."""
    acting = {f"country/{code}" for code in authorities(earlier, knowledge)}
    return _can_answer(event, earlier, knowledge) and bool(acting & hit_by(event))


def _can_answer(event: Event, earlier: Event, knowledge: KnowledgeBase) -> bool:
    answered = CONTROLS if event.type in _AGAINST_CONTROLS else _MEASURES
    is_measure = earlier.type in answered and earlier.modality is Modality.ACT and not is_reversal(event)
    if event.type is EventType.RETALIATION:
        acting, answering = authorities(earlier, knowledge), authorities(event, knowledge)
        return is_measure and bool(answering) and not acting & answering
    # Who is sued is named beside who sues.
    is_other = event.type is EventType.LITIGATION or not _actors(event) & _actors(earlier)
    return event.type in _ANSWERS and is_measure and is_other


def _actors(event: Event) -> set[str]:
    return {named.entity_id for named in event.entities if named.role == "actor"}


def _same_direction(event: Event, earlier: Event) -> bool:
    return (event.type is EventType.EASING) is (earlier.type is EventType.EASING) and earlier.type in _MEASURES
