"""A story as a list shows it: its main events, and whom it touches."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.types import EntityKind, Event, EventType, Modality, Named, Story
from tracker.web import listing

EVENTS_LIMIT = 3
CHIPS_LIMIT = 6

_GROUPS = (
    (EntityKind.MODEL, "Models"),
    (EntityKind.CHIP, "Chips"),
    (EntityKind.COMPANY, "Companies"),
    (EntityKind.COUNTRY, "Countries"),
    (EntityKind.AGENCY, "Agencies"),
)
_ROLES = ("target", "actor")
_TYPES = tuple(EventType)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """An entity that a story names, and the list of its stories."""

    name: str
    href: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChipGroup:
    """The entities of one kind, those that are hit first; `more` counts the ones not shown."""

    name: str
    chips: tuple[Chip, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One story of a list; `further` are the events that it only counts."""

    story: Story
    events: tuple[Event, ...]
    further: tuple[Event, ...]
    groups: tuple[ChipGroup, ...]


def make_card(story: Story, *, limit: int = EVENTS_LIMIT) -> Card:
    """Choose what of `story` a list shows: acts first, then the weightiest types, then the newest."""
    ranked = sorted(story.events, key=_weight)
    return Card(
        story=story,
        events=tuple(ranked[:limit]),
        further=tuple(ranked[limit:]),
        groups=chip_groups(story.events, limit=CHIPS_LIMIT),
    )


def chip_groups(events: Iterable[Event], *, limit: int | None = None) -> tuple[ChipGroup, ...]:
    """Group the entities of `events` by kind, each once."""
    once: dict[str, Named] = {}
    for named in sorted((named for event in events for named in event.entities), key=_closeness):
        once.setdefault(named.entity_id, named)
    groups = (_group(name, [n for n in once.values() if n.kind is kind], limit) for kind, name in _GROUPS)
    return tuple(group for group in groups if group.chips)


def _group(name: str, named: Sequence[Named], limit: int | None) -> ChipGroup:
    shown = named if limit is None else named[:limit]
    chips = tuple(Chip(name=n.name, href=listing.filter_address(n.kind, n.entity_id)) for n in shown)
    return ChipGroup(name=name, chips=chips, more=len(named) - len(shown))


def _closeness(named: Named) -> int:
    return _ROLES.index(named.role) if named.role in _ROLES else len(_ROLES)


def _weight(event: Event) -> tuple[bool, int, int, int]:
    day: date = event.date.first if event.date else event.first_reported_at.date()
    return (event.modality is not Modality.ACT, _TYPES.index(event.type), -day.toordinal(), event.id)
