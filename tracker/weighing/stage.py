"""How far one event takes its control, by itself."""

from datetime import date

from tracker.types import DateRole, Event, EventType, Modality, Stage
from tracker.weighing.contested import display_date

_CONTROLS = {EventType.RESTRICTION, EventType.LISTING, EventType.RETALIATION}
_SAID = {Modality.RUMOUR: Stage.RUMOURED, Modality.PROPOSAL: Stage.PROPOSED, Modality.INTENT: Stage.PROPOSED}


def event_stage(event: Event, today: date) -> Stage | None:
    """Return the stage that `event` leads to on `today`; None where it is no control, or is denied.

    An act is in force from the day that it takes effect, else at once, until it expires.
    """
    if event.type is EventType.LEGISLATION:
        return Stage.RUMOURED if event.modality is Modality.RUMOUR else Stage.PROPOSED
    if event.type is EventType.EASING and event.modality is Modality.ACT:
        return Stage.PARTLY_EASED
    if event.type not in _CONTROLS:
        return None
    return _act_stage(event, today) if event.modality is Modality.ACT else _SAID.get(event.modality)


def _act_stage(event: Event, today: date) -> Stage:
    expiry, effective = (display_date(event.witnesses, role) for role in (DateRole.EXPIRY, DateRole.EFFECTIVE))
    if expiry and expiry.last < today:
        return Stage.REVOKED
    return Stage.ANNOUNCED if effective and effective.first > today else Stage.IN_FORCE
