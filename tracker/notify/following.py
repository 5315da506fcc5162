"""What has changed in a story since it was told.  Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tracker import telling, words
from tracker.telling.text import listed
from tracker.types import (
    DateRole,
    Event,
    EventSnapshot,
    EventType,
    Named,
    ResolvedDate,
    Stage,
    Story,
    StorySnapshot,
)
from tracker.weighing.contested import display_date
from tracker.weighing.stage import EASED, event_stage

_NAMES_SHOWN, _NAME_CHARS = 8, 60
DECISIVE = EASED | {Stage.IN_FORCE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A field of an event that says something else than before; None where nothing is said."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """An event that is told anew: what changed in it, or nothing where it is new; `decisive` is a stage to shout."""

    event: Event
    changes: tuple[Change, ...] = ()
    decisive: Stage | None = None


def snapshot(story: Story, main: Event | None, today: date) -> StorySnapshot:
    """Keep of a story what a message says of it."""
    counted = story.corroboration
    return StorySnapshot(
        main=main.id if main else None,
        events=tuple(_event_snapshot(event, today) for event in story.events),
        voices=(counted.reports, len(counted.families), counted.primaries),
    )


def changed(told: StorySnapshot, story: Story, today: date) -> list[Changed]:
    """List what the thread of a story has to hear: new events, and events of which something changed.

    An event that was told under another number is not new.  Commentary is no news.
    """
    before = {event.id: event for event in told.events}
    alike = {_content(event) for event in told.events}
    had_force = any(event.stage is Stage.IN_FORCE for event in told.events)
    return list(_changed(story.events, before, alike, had_force=had_force, today=today))


def _changed(
    events: Iterable[Event], before: dict[int, EventSnapshot], alike: set[object], *, had_force: bool, today: date
) -> Iterator[Changed]:
    for event in events:
        now = _event_snapshot(event, today)
        if event.type is EventType.ANALYSIS or (event.id not in before and _content(now) in alike):
            continue
        if event.id not in before:
            is_decisive = now.stage in EASED or (now.stage is Stage.IN_FORCE and not had_force)
            yield Changed(event=event, decisive=now.stage if is_decisive else None)
        elif changes := tuple(_changes(before[event.id], now)):
            turned = now.stage in DECISIVE and now.stage is not before[event.id].stage
            yield Changed(event=event, changes=changes, decisive=now.stage if turned else None)


def _event_snapshot(event: Event, today: date) -> EventSnapshot:
    dates = {role: display_date(event.witnesses, role) for role in DateRole if role is not DateRole.ANNOUNCED}
    return EventSnapshot(
        id=event.id,
        type=event.type,
        modality=event.modality,
        stage=event_stage(event, today),
        dates={DateRole.ANNOUNCED: event.date} | dates,
        actors=tuple(telling.named(event, "actor")),
        targets=tuple(telling.named(event, "target")),
    )


def _content(event: EventSnapshot) -> object:
    """Return what makes two snapshots tell the same."""
    hit = frozenset(named.entity_id for named in event.targets)
    return event.type, event.modality, event.dates.get(DateRole.ANNOUNCED), hit


def _changes(before: EventSnapshot, after: EventSnapshot) -> Iterator[Change]:
    if before.type is not after.type:
        yield Change(field="Type", before=words.inner_label(before.type), after=words.inner_label(after.type))
    if before.modality is not after.modality:
        yield Change(
            field="Told as", before=words.inner_label(before.modality), after=words.inner_label(after.modality)
        )
    if before.stage is not after.stage:
        yield Change(field="Stage", before=_stage(before.stage), after=_stage(after.stage))
    for role in DateRole:
        one, other = before.dates.get(role), after.dates.get(role)
        if one != other:
            yield Change(field=words.date_role(role), before=_date(one), after=_date(other))
    for field, was, is_now in (("By", before.actors, after.actors), ("Affects", before.targets, after.targets)):
        if {named.entity_id for named in was} != {named.entity_id for named in is_now}:
            yield Change(field=field, before=_names(was), after=_names(is_now))


def _stage(stage: Stage | None) -> str | None:
    return words.inner_label(stage) if stage else None


def _date(date: ResolvedDate | None) -> str | None:
    return words.resolved(date) if date else None


def _names(found: Sequence[Named]) -> str | None:
    return listed([named.name for named in found], shown=_NAMES_SHOWN, limit=_NAME_CHARS) or None
