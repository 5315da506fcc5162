"""How far a control has come: by one event alone, and by all events of a story.  Pure."""

from collections.abc import Iterable, Sequence
from datetime import date

from tracker.knowledge import KnowledgeBase, load
from tracker.types import DateRole, Event, EventType, Modality, Stage
from tracker.weighing.access.wording import is_general, told_access
from tracker.weighing.contested import display_date, display_users
from tracker.weighing.controls import CONTROLS, is_reversal, same_control
from tracker.weighing.days import day_of, in_order
from tracker.weighing.reach import named_countries

_ORDER = tuple(Stage)
_ACTED = {Stage.ANNOUNCED, Stage.IN_FORCE}
_CONTROLLING = CONTROLS | {EventType.LEGISLATION}
# Of several controls in one story the one that bites most is told.
_GRAVITY = (
    Stage.REVOKED, Stage.RUMOURED, Stage.PROPOSED, Stage.SUSPENDED, Stage.PARTLY_EASED, Stage.ANNOUNCED, Stage.IN_FORCE
)  # fmt: skip
EASED = frozenset({Stage.PARTLY_EASED, Stage.SUSPENDED, Stage.REVOKED})
_SAID = {Modality.RUMOUR: Stage.RUMOURED, Modality.PROPOSAL: Stage.PROPOSED, Modality.INTENT: Stage.PROPOSED}


def event_stage(event: Event, today: date) -> Stage | None:
    """Return the stage that `event` leads to on `today`; None where it is no control, or is denied.

    An act is in force from the day that it takes effect, else at once, until it expires.
    """
    if event.type is EventType.LEGISLATION:
        return Stage.RUMOURED if event.modality is Modality.RUMOUR else Stage.PROPOSED
    if event.type is EventType.EASING and event.modality is Modality.ACT:
        return Stage.PARTLY_EASED
    if event.type not in CONTROLS:
        return None
    return _act_stage(event, today) if event.modality is Modality.ACT else _SAID.get(event.modality)


def story_stage(events: Iterable[Event], today: date, knowledge: KnowledgeBase | None = None) -> Stage | None:
    """Return the stage on `today` of the control of a story; of several, that of the one that bites most.

    A later act carries its control on or puts it back in force; a rumour or proposal changes nothing of what is in
    force already, and a reversal only ever leads further down.
    """
    kb = load() if knowledge is None else knowledge
    so_far = sorted((event for event in events if day_of(event) <= today), key=in_order)
    controls = _controls(so_far, kb)
    # What takes back a control that nobody has told of counts only where there is nothing else.
    told = [control for control in controls if not all(map(is_reversal, control))] or controls
    stages = [stage for control in told if (stage := _fold(control, today))]
    return max(stages, key=_GRAVITY.index, default=None)


def undone(
    event: Event, events: Iterable[Event], today: date, knowledge: KnowledgeBase | None = None
) -> tuple[Event, Stage] | None:
    """Return the latest event by which the control of `event` was taken back by `today`, and the stage it has since.

    None where nothing took it back, or where it is in force again.
    """
    so_far = sorted((one for one in events if day_of(one) <= today), key=in_order)
    for control in _controls(so_far, load() if knowledge is None else knowledge):
        reversals = [one for one in control if is_reversal(one) and in_order(one) > in_order(event)]
        stage = _fold(control, today)
        if reversals and not is_reversal(event) and event.id in {one.id for one in control} and stage in EASED:
            return reversals[-1], stage
    return None


def _controls(ordered: Sequence[Event], knowledge: KnowledgeBase) -> list[list[Event]]:
    """Group events by the control that they are of; a reversal takes part in each that it takes back."""
    controls: list[list[Event]] = []
    for event in ordered:
        own = [control for control in controls if _is_of(event, control, knowledge)]
        if not (event.type in _CONTROLLING or is_reversal(event)):
            continue
        if not own:
            controls.append([event])
        for control in own if is_reversal(event) else own[:1]:
            control.append(event)
    return controls


def _is_of(event: Event, control: Sequence[Event], knowledge: KnowledgeBase) -> bool:
    return any(same_control(event, one, knowledge) for one in control if not is_reversal(one))


def _fold(control: Sequence[Event], today: date) -> Stage | None:
    stage: Stage | None = None
    for number, event in enumerate(control):
        step = event_stage(event, today)
        if is_reversal(event):
            stage = _undone(stage, event, control[:number], today)
        elif (step in _ACTED and stage not in _ACTED) or (step and (stage is None or _leads_on(stage, step))):
            stage = step
    return stage


def _leads_on(stage: Stage, step: Stage) -> bool:
    """Say whether a step leads on; that one act has expired changes nothing of another that is in force."""
    return _ORDER.index(stage) < _ORDER.index(step) and not (stage in _ACTED and step is Stage.REVOKED)


def _undone(stage: Stage | None, event: Event, before: Sequence[Event], today: date) -> Stage | None:
    effective = display_date(event.witnesses, DateRole.EFFECTIVE)
    is_to_come = effective is not None and effective.first > today
    if is_to_come or stage in {Stage.RUMOURED, Stage.PROPOSED}:
        return stage
    step = _reversal_stage(event, before)
    return step if stage is None else max(stage, step, key=_ORDER.index)


def _reversal_stage(event: Event, before: Sequence[Event]) -> Stage:
    """Say how much of a control an event takes back: whoever it names, if there are others, a part."""
    told = told_access(event)
    if event.type is EventType.LITIGATION or (told and told.is_delay):
        return Stage.SUSPENDED
    eased = set(named_countries(event))
    controlled = {country for one in before if not is_reversal(one) for country in named_countries(one)}
    names_some = bool(eased) and not (controlled and controlled <= eased)
    is_part = names_some or not is_general(display_users(event.witnesses))
    return Stage.REVOKED if told and told.is_whole and not is_part else Stage.PARTLY_EASED


def _act_stage(event: Event, today: date) -> Stage:
    expiry, effective = (display_date(event.witnesses, role) for role in (DateRole.EXPIRY, DateRole.EFFECTIVE))
    if expiry and expiry.last < today:
        return Stage.REVOKED
    return Stage.ANNOUNCED if effective and effective.first > today else Stage.IN_FORCE
