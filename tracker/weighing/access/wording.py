"""What the words of an event say about access.  Pure."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tracker.types import Access, Event, EventType, InstrumentKind, Report, UserClass, Witness
from tracker.weighing.contested import rank
from tracker.weighing.corroboration import decisiveness

# The types of events that can change access.
MOVING = (
    EventType.RESTRICTION, EventType.EASING, EventType.LISTING, EventType.LITIGATION, EventType.RETALIATION
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an event makes of access, and who says so, the one to quote first.

    `is_delay` where it only holds back a control, `is_whole` where it takes back all of one.
    """

    access: Access
    witnesses: tuple[Witness, ...]
    is_delay: bool = False
    is_whole: bool = False

    @property
    def is_opening(self) -> bool:
        return self.access is Access.OPEN


def told_access(event: Event) -> Told | None:
    """Say what an event makes of access, by the rule of display where its witnesses differ; None where nothing."""
    if event.type not in MOVING or not event.witnesses:
        return None
    telling = [w for w in event.witnesses if w.report.type is event.type] or list(event.witnesses)
    sides = rank((access, witness) for witness in telling if (access := _said(event.type, witness.report)))
    access = sides[0].value if sides else _default(event.type)
    if access is None:
        return None
    speaking = sorted(sides[0].witnesses if sides else telling, key=decisiveness)
    speaking.sort(key=lambda witness: witness.report.modality is not event.modality)
    is_delay = event.type is EventType.EASING and any(_says("delayed", w.report) for w in speaking)
    is_whole = event.type is EventType.EASING and access is Access.OPEN and _says("revoked", speaking[0].report)
    return Told(access=access, witnesses=tuple(speaking), is_delay=is_delay, is_whole=is_whole and not is_delay)


def is_general(users: UserClass | None) -> bool:
    """Say whether a class of users is just everybody abroad."""
    return users is None or users in _rules()["users"]["everyone"]


def _said(type_: EventType, report: Report) -> Access | None:
    match type_:
        case EventType.LITIGATION:
            return Access.OPEN if _says("stayed", report) else None
        case EventType.EASING:
            return Access.GATED if _says("licensed", report) and not _says("delayed", report) else None
        case EventType.LISTING if _says("delisted", report):
            return Access.OPEN
        case _:
            return _closed(report)


def _closed(report: Report) -> Access | None:
    """Say whether a restriction shuts users out, or asks something of them: its cue says it best."""
    if _says("conditional", report):
        return Access.GATED
    if _matches("blocked", report.cue.text):
        return Access.BLOCKED
    if any(one.kind is InstrumentKind.LICENCE_REQUIREMENT for one in report.instruments):
        return Access.GATED
    return next((access for access in (Access.BLOCKED, Access.GATED) if _says(access, report)), None)


def _default(type_: EventType) -> Access | None:
    told = _rules()["default"].get(type_)
    return Access(told[0]) if told else None


def _says(what: str, report: Report) -> bool:
    return _matches(what, report.cue.text) or _matches(what, report.sentence.text)


def _matches(what: str, text: str) -> bool:
    return any(pattern.search(text) for pattern in _patterns(what))


@cache
def _patterns(what: str) -> Sequence[re.Pattern[str]]:
    return [re.compile(pattern, re.IGNORECASE) for pattern in _rules()[what]["patterns"]]


@cache
def _rules() -> Mapping[str, Mapping[str, Sequence[str]]]:
    return tomllib.loads(files("tracker.weighing.access").joinpath("access.toml").read_text(encoding="utf-8"))
