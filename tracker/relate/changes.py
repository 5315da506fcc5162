"""What settling stories anew changed of them and of their events.  Pure."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from tracker.types import Change, Event, Settled

_V = TypeVar("_V")


def changes(settled: Settled) -> tuple[Change, ...]:
    """List what came, went and changed: events by number, then stories."""
    return (*_of_events(settled), *_of_stories(settled))


def _of_events(settled: Settled) -> Iterator[Change]:
    for number, was, is_now in _pairs(settled.events_before, settled.events):
        name = f"E{number}"
        if was is None or is_now is None:
            yield _came_or_went(name, "event", _headline(was), _headline(is_now), settled.went)
            continue
        for what, value in _FIELDS.items():
            if value(was) != value(is_now):
                yield Change(of=name, what=what, was=value(was), is_now=value(is_now))


def _of_stories(settled: Settled) -> Iterator[Change]:
    for number, was, is_now in _pairs(settled.stories_before, settled.stories):
        if was is None or is_now is None:
            yield _came_or_went(f"S{number}", "story", was, is_now, settled.went)
        elif was != is_now:
            yield Change(of=f"S{number}", what="title", was=was, is_now=is_now)


def _came_or_went(name: str, what: str, was: str | None, is_now: str | None, went: Mapping[str, str]) -> Change:
    return Change(of=name, what=what, was=was, is_now=is_now, into=went.get(name) if is_now is None else None)


def _pairs(before: Mapping[int, _V], after: Mapping[int, _V]) -> Iterator[tuple[int, _V | None, _V | None]]:
    for number in sorted(before.keys() | after.keys()):
        yield number, before.get(number), after.get(number)


def _headline(event: Event | None) -> str | None:
    return event.headline if event else None


def _role(role: str) -> Callable[[Event], str]:
    return lambda event: ", ".join(sorted(one.name for one in event.entities if one.role == role))


_FIELDS: dict[str, Callable[[Event], str]] = {
    "story": lambda event: f"S{event.story_id}",
    "type": lambda event: event.type.replace("_", " "),
    "modality": lambda event: event.modality.value,
    "date": lambda event: str(event.date or ""),
    "by": _role("actor"),
    "against": _role("target"),
    "headline": lambda event: event.headline,
}
