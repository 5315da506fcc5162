"""How a story is told in any medium: which event leads, in what words, from when, and by whose quote.  Pure."""

import tomllib
from collections.abc import Collection, Sequence
from datetime import date
from functools import cache
from importlib.resources import files

from tracker import words
from tracker.telling.text import clean
from tracker.types import (
    Corroboration,
    DateRole,
    EntityKind,
    Event,
    EventType,
    Modality,
    Named,
    ResolvedDate,
    Story,
)
from tracker.weighing.contested import Side, contested_fields, display_date
from tracker.weighing.exposure import Stack, affected
from tracker.weighing.severity import Standpoint, severity
from tracker.weighing.stage import event_stage

_TYPES = tuple(EventType)
_SUBJECTS = (EntityKind.AGENCY, EntityKind.COUNTRY, EntityKind.COMPANY)
_OBJECTS = (EntityKind.MODEL, EntityKind.CHIP, EntityKind.COMPANY, EntityKind.COUNTRY, EntityKind.AGENCY)
_OBJECTS_SHOWN = 3
_SOURCES_SHOWN = 3


def main_event(story: Story, event_ids: Collection[int] = ()) -> Event | None:
    """Return the event that leads: among those of `event_ids` an act first, then by type, then the latest."""
    chosen = [event for event in story.events if event.id in event_ids] or story.events
    return min(chosen, key=_weight, default=None)


def leading_event(story: Story, led_by: int | None, event_ids: Collection[int]) -> Event | None:
    """Return the event that goes on leading what was told of a story.

    It stays the one that led, so that a message is about one thing, until a weightier one comes: an act where there
    was only word of one, an order after a release.
    """
    best, led = main_event(story, event_ids), next((event for event in story.events if event.id == led_by), None)
    return led if led and best and _standing(led) <= _standing(best) else best


def other_events(story: Story, main: Event | None) -> list[Event]:
    """List the other events of a story in the order in which they happened; commentary comes last."""
    others = [event for event in story.events if main is None or event.id != main.id]
    return sorted(others, key=lambda e: (e.type is EventType.ANALYSIS, _day(e), e.id))


def headline(story: Story, main: Event | None) -> str:
    """Say in plain words what happened; where they would guess, the title of the story or its quote stands."""
    return (plain_words(main) if main else None) or story.title.strip() or (main.headline if main else "")


def plain_words(event: Event) -> str | None:
    """Say who did what to whom, or None where the event does not name both."""
    sentence = _sentences().get(event.type, {}).get(event.modality)
    subjects = [n for kind in _SUBJECTS for n in event.entities if n.kind is kind and n.role == "actor"]
    objects = _nearest_kind(named(event, "target"))
    if sentence is None or not subjects or not objects or subjects[0] in objects:
        return None
    return sentence.format(who=subjects[0].name, whom=_listed([n.name for n in objects]))


def since(event: Event) -> str:
    """Say from when an event holds, else when it happened: "in effect from 1 July 2026"; empty where nothing says."""
    if effective := display_date(event.witnesses, DateRole.EFFECTIVE):
        return f"in effect from {words.resolved(effective)}"
    return words.resolved(event.date) if event.date else ""


def gist(event: Event, main: Event | None) -> str:
    """Tell an event beside the main one in few words: plainly, else by its quote, else (the same quote) by names."""
    said = plain_words(event)
    if said is None and (main is None or event.headline != main.headline):
        said = event.headline
    if said is None:
        said = ", ".join(n.name for n in [*named(event, "actor"), *named(event, "target")])
    return clean(said)


def named(event: Event, role: str) -> list[Named]:
    """List the entities of a role, models first."""
    return sorted((n for n in event.entities if n.role == role), key=lambda n: (_OBJECTS.index(n.kind), n.name))


def status(event: Event) -> str:
    """Write the type of an event, and its modality where it is more or less than an act."""
    modality = "" if event.modality is Modality.ACT else f" ({words.label(event.modality).lower()})"
    return f"{words.label(event.type)}{modality}"


def staged(event: Event, today: date) -> str:
    """Write the type of an event and how far it takes its control: "Restriction, in force"."""
    stage = event_stage(event, today)
    return f"{status(event)}, {words.inner_label(stage)}" if stage else status(event)


def stated_dates(event: Event) -> list[str]:
    """Write when it happened and what else is dated; of dates that disagree, the one to display."""
    dates = [(DateRole.ANNOUNCED, event.date)]
    dates += [(role, display_date(event.witnesses, role)) for role in DateRole if role is not DateRole.ANNOUNCED]
    return [_written(role, date) for role, date in dates if date]


def disagreements(event: Event) -> list[tuple[str, str]]:
    """Write each field that is contested: its name, and every value with who says it, the displayed one first."""
    return [(one.field, " or ".join(map(_side, one.sides))) for one in contested_fields(event)]


def affects(event: Event, stack: Stack) -> list[tuple[str, str]]:
    """Write which declared services an event touches, and through what: ("Affects Support bot", "Claude in KR")."""
    return [(f"Affects {one.service}", str(one).removeprefix(f"{one.service}: ")) for one in affected(event, stack)]


def weight(event: Event, standpoint: Standpoint) -> str:
    """Write how severe an event is, part by part."""
    return words.score("Severity", severity(event, standpoint))


def corroboration(counted: Corroboration) -> str:
    """Say how many reports there are and how many publishers speak; copies add to the first number only."""
    alike = [words.count(counted.copies, "copy", "copies")] if counted.copies else []
    alike += [words.count(counted.translations, "translation")] if counted.translations else []
    reports = words.count(counted.reports, "report") + (f" ({', '.join(alike)})" if alike else "")
    voices = words.count(len(counted.families), "independent publisher")
    primary = words.count(counted.primaries, "primary document") if counted.primaries else "no primary document"
    return f"{reports}, {voices}, {primary}"


def _weight(event: Event) -> tuple[bool, int, int, int]:
    return (*_standing(event), -_day(event).toordinal(), -event.id)


def _standing(event: Event) -> tuple[bool, int]:
    return event.modality is not Modality.ACT, _TYPES.index(event.type)


def _day(event: Event) -> date:
    return event.date.first if event.date else event.first_reported_at.date()


@cache
def _sentences() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("tracker.telling").joinpath("sentences.toml").read_text(encoding="utf-8"))


def _nearest_kind(found: Sequence[Named]) -> list[Named]:
    # What hits a model hits its maker too; the models say it best.
    return [n for n in found if n.kind is found[0].kind]


def _listed(names: Sequence[str]) -> str:
    shown = list(names[:_OBJECTS_SHOWN])
    if len(names) > _OBJECTS_SHOWN:
        return f"{', '.join(shown)} and {len(names) - _OBJECTS_SHOWN} more"
    return words.listed(shown)


def _written(role: DateRole, date: ResolvedDate) -> str:
    told = words.resolved(date)
    return told if role is DateRole.ANNOUNCED else f"{words.date_role(role).lower()} {told}"


def _side(side: Side[str]) -> str:
    sources = list(dict.fromkeys(witness.source for witness in side.witnesses))
    more = f" and {len(sources) - _SOURCES_SHOWN} more" if len(sources) > _SOURCES_SHOWN else ""
    return f"{side.value} ({', '.join(sources[:_SOURCES_SHOWN])}{more})"
