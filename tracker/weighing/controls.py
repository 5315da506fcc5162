"""Which events are of one control, and which of them take it back.  Pure."""

from collections.abc import Iterable

from tracker.knowledge import KnowledgeBase
from tracker.types import EntityKind, Event, EventType, Modality
from tracker.weighing.access.wording import told_access
from tracker.weighing.agreeing import entities_agree
from tracker.weighing.reach import authorities

CONTROLS = frozenset({EventType.RESTRICTION, EventType.LISTING, EventType.RETALIATION})
_MADE = {EntityKind.MODEL, EntityKind.CHIP}


def same_control(one: Event, other: Event, knowledge: KnowledgeBase) -> bool:
    """Say whether two events are of one government, as far as they say whose, and hit something in common."""
    governments = [authorities(event, knowledge) for event in (one, other)]
    is_same = not all(governments) or bool(governments[0] & governments[1])
    return is_same and share(hit_by(one), hit_by(other))


def is_reversal(event: Event) -> bool:
    """Say whether an event takes back a control: an easing, a ruling that stays it, or a party taken off a list."""
    if event.modality is not Modality.ACT:
        return False
    told = told_access(event)
    return event.type is EventType.EASING or bool(told and told.is_opening)


def hit_by(event: Event) -> frozenset[str]:
    """Return what an event hits; where it names what is hit in passing only, the models and chips that it names."""
    targets = frozenset(named.entity_id for named in event.entities if named.role == "target")
    return targets or frozenset(named.entity_id for named in event.entities if named.kind in _MADE)


def share(some: Iterable[str], others: Iterable[str]) -> bool:
    """Say whether there is something in common: models and chips are compared where both sides have any."""
    sides = [frozenset(side) for side in (some, others)]
    made = [frozenset(one for one in side if EntityKind(one.partition("/")[0]) in _MADE) for side in sides]
    return entities_agree(*made) if all(made) else entities_agree(*sides)
