"""What a subscription wants, and whether a story is that.  Pure."""

import difflib
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.errors import InputError
from tracker.types import ChannelKind, EntityKind, Event, EventType, Modality, Story, Subscription

_NAMING = {
    "country": EntityKind.COUNTRY,
    "company": EntityKind.COMPANY,
    "model": EntityKind.MODEL,
    "agency": EntityKind.AGENCY,
    "chip": EntityKind.CHIP,
}
_CHOICES: dict[str, tuple[str, ...]] = {"type": tuple(EventType), "modality": tuple(Modality)}
_KEYS = (*_CHOICES, *_NAMING, "language")
_TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One condition: any of `values` for `key`; `excludes` turns it round.  Free words have the key "text"."""

    key: str
    values: tuple[str, ...]
    excludes: bool = False

    def __str__(self) -> str:
        said = " or ".join(self.values)
        return f"{'not ' if self.excludes else ''}{self.key}: {said}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """All clauses have to hold; no clause means every relevant story."""

    clauses: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Which events of a story met the filter, and in words by which clauses."""

    event_ids: tuple[int, ...]
    why: tuple[str, ...]


def parse_filter(text: str) -> Filter:
    """Read a filter such as `type:restriction,easing country:CN -company:"SK Hynix" open weights`.

    Values of one key are alternatives, different keys have to hold together, "-" excludes, free words have to
    stand in the story.  A wrong key or value is an InputError that names what is allowed.
    """
    wanted: dict[tuple[str, bool], list[str]] = {}
    for word in _split(text):
        excludes, bare = word.startswith("-"), word.removeprefix("-")
        key, colon, value = bare.partition(":")
        if not colon:
            wanted.setdefault((_TEXT, excludes), []).append(bare.casefold())
            continue
        values = _values(key.casefold(), value)
        wanted.setdefault((key.casefold(), excludes), []).extend(values)
    return Filter(clauses=tuple(_clauses(wanted)))


def match_story(wanted: Filter, story: Story) -> Match | None:
    """Match a story: one of its events meets every clause.  Analysis alone never matches."""
    telling = [event for event in story.events if event.type is not EventType.ANALYSIS]
    matched = [event.id for event in telling if all(_holds(clause, event, story) for clause in wanted.clauses)]
    if not matched:
        return None
    return Match(event_ids=tuple(matched), why=tuple(map(str, wanted.clauses)) or ("every relevant story",))


def owed(story: Story, subscriptions: Sequence[Subscription]) -> list[tuple[int, str]]:
    """Return which subscriptions are alerted to a story, each with the delivery's key; e-mail gets digests instead."""
    return [
        (subscription.id, f"story:{story.id}")
        for subscription in subscriptions
        if subscription.channel is ChannelKind.SLACK and match_story(parse_filter(subscription.filter), story)
    ]


def _split(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError as error:
        raise InputError(f"filter {text!r}: a quotation mark is not closed") from error


def _values(key: str, value: str) -> list[str]:
    if key not in _KEYS:
        raise InputError(f"filter: unknown key {key!r}{_meant(key, _KEYS)}; expected one of {', '.join(_KEYS)}")
    values = [one.strip() for one in value.split(",") if one.strip()]
    if not values:
        raise InputError(f"filter: {key}: has no value; expected something like {key}:{_example(key)}")
    if key in _CHOICES:
        values = [one.casefold().replace("-", "_") for one in values]
        for one in values:
            if one not in _CHOICES[key]:
                near = _meant(one, _CHOICES[key])
                raise InputError(f"filter: {key}:{one} is unknown{near}; expected one of {', '.join(_CHOICES[key])}")
    return [one.casefold() for one in values]


def _example(key: str) -> str:
    return {
        "country": "CN",
        "company": "nvidia",
        "model": "claude",
        "agency": "BIS",
        "chip": "H20",
        "language": "ko",
    }.get(key, _CHOICES.get(key, ("value",))[0])


def _meant(given: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(given, list(known), n=1)
    return f" (did you mean {near[0]}?)" if near else ""


def _clauses(wanted: dict[tuple[str, bool], list[str]]) -> Iterable[Clause]:
    for (key, excludes), values in wanted.items():
        if key == _TEXT:  # every free word has to stand there
            yield from (Clause(key=_TEXT, values=(value,), excludes=excludes) for value in values)
        else:
            yield Clause(key=key, values=tuple(dict.fromkeys(values)), excludes=excludes)


def _holds(clause: Clause, event: Event, story: Story) -> bool:
    return _says(clause, event, story) is not clause.excludes


def _says(clause: Clause, event: Event, story: Story) -> bool:
    match clause.key:
        case "type":
            return event.type in clause.values
        case "modality":
            return event.modality in clause.values
        case "language":
            return any(language in clause.values for language in story.languages)
        case "text":
            return clause.values[0] in _words(event, story)
        case _:
            names = [named for named in event.entities if named.kind is _NAMING[clause.key]]
            return any(
                _named(value, n.name.casefold(), n.entity_id.casefold()) for value in clause.values for n in names
            )


def _named(value: str, name: str, entity_id: str) -> bool:
    """Compare with the name and the id; a family's name ("claude") also stands for its versions."""
    slug = entity_id.partition("/")[2]
    return value in {name, slug, entity_id} or name.startswith(f"{value} ") or f" {value} " in f" {name} "


def _words(event: Event, story: Story) -> str:
    titles = " ".join(witness.title for witness in event.witnesses)
    names = " ".join(named.name for named in event.entities)
    return f"{story.title} {event.headline} {titles} {names}".casefold()
