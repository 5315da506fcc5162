"""What the witnesses of an event disagree on: each value with who says it, the one to display first.

The rule of display: a primary document before a wire service before the press, then what most publisher families say,
then what was said first.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from operator import eq
from typing import Generic, TypeVar

from tracker import words
from tracker.types import (
    DateRole,
    EntityKind,
    Event,
    EventType,
    Instrument,
    Mention,
    Modality,
    Quantity,
    Report,
    ResolvedDate,
    Tier,
    UserClass,
    Witness,
)
from tracker.weighing import agreeing

_V = TypeVar("_V")
_TIERS = tuple(Tier)
_KINDS = (EntityKind.AGENCY, EntityKind.COUNTRY, EntityKind.COMPANY, EntityKind.MODEL, EntityKind.CHIP)
_ROLES: tuple[tuple[str, Callable[[Report], tuple[Mention, ...]]], ...] = (
    ("By", lambda report: report.actors),
    ("Affects", lambda report: report.targets),
)


@dataclass(frozen=True, slots=True)
class Side(Generic[_V]):
    """A value, and the witnesses who say it, the earliest first."""

    value: _V
    witnesses: tuple[Witness, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contested:
    """A field on which witnesses cannot all be right; the first of `sides` is the value to display."""

    field: str
    sides: tuple[Side[str], ...]


def rank(claims: Iterable[tuple[_V, Witness]]) -> tuple[Side[_V], ...]:
    """Gather the values that are claimed, in the order of the rule of display."""
    gathered: dict[_V, list[Witness]] = {}
    for value, witness in claims:
        gathered.setdefault(value, []).append(witness)
    sides = (Side(value, tuple(sorted(said, key=_reported))) for value, said in gathered.items())
    return tuple(sorted(sides, key=_precedence))


def display_type(witnesses: Iterable[Witness]) -> EventType:
    """Return the type to display of an event that has witnesses."""
    return rank((witness.report.type, witness) for witness in witnesses)[0].value


def display_modality(witnesses: Iterable[Witness]) -> Modality:
    """Return the modality to display of an event that has witnesses."""
    return rank((witness.report.modality, witness) for witness in witnesses)[0].value


def display_date(witnesses: Iterable[Witness], role: DateRole) -> ResolvedDate | None:
    """Return the date to display, as precisely as any source gives it that agrees."""
    values = [side.value for side in rank(_dated(witnesses, role))]
    agreeing_with = (date for date in values if agreeing.is_within(date, values[0]))
    return min(agreeing_with, key=lambda date: date.last - date.first, default=None)


def display_users(witnesses: Iterable[Witness]) -> UserClass | None:
    """Return the class of users to display, where a witness gives one."""
    sides = rank((w.report.user_class.value, w) for w in witnesses if w.report.user_class)
    return sides[0].value if sides else None


def contested_fields(event: Event) -> tuple[Contested, ...]:
    """List the fields on which the witnesses of `event` contradict each other, in the order they are read."""
    return tuple(Contested(field=field, sides=sides) for field, sides in _fields(event.witnesses) if sides)


def _fields(witnesses: Sequence[Witness]) -> Iterator[tuple[str, tuple[Side[str], ...]]]:
    yield "Type", _opposed(((w.report.type, w) for w in witnesses), words.label, eq)
    yield "Modality", _opposed(((w.report.modality, w) for w in witnesses), words.label, eq)
    for (role, mentions), kind in product(_ROLES, _KINDS):
        named = ((tuple(m for m in mentions(w.report) if m.kind is kind), w) for w in witnesses)
        yield role, _opposed(_unbridged(list(named)), _written_names, _names_agree)
    for date_role in DateRole:
        yield words.date_role(date_role), _opposed(_dated(witnesses, date_role), words.resolved, agreeing.dates_agree)
    users = ((w.report.user_class.value, w) for w in witnesses if w.report.user_class)
    yield "Users affected", _opposed(users, words.label, agreeing.users_agree)
    instruments = ((w.report.instruments, w) for w in witnesses)
    yield "Legal instrument", _opposed(instruments, _written_instruments, agreeing.instruments_agree)
    for measured in _measured(witnesses):
        figures = ((_figures(w.report, measured), w) for w in witnesses)
        yield "Figures", _opposed(figures, _written_figures, agreeing.figures_agree)


def _opposed(
    claims: Iterable[tuple[_V, Witness]], write: Callable[[_V], str], agree: Callable[[_V, _V], bool]
) -> tuple[Side[str], ...]:
    """Write the values that contradict another one; what one article says of both is no contradiction."""
    told = [(written, value, witness) for value, witness in claims if (written := write(value))]
    meant = {written: value for written, value, _ in reversed(told)}
    sides = rank((written, witness) for written, _, witness in told)
    return tuple(
        one
        for one in sides
        if any(_articles(one).isdisjoint(_articles(other)) and not agree(meant[one.value], meant[other.value])
               for other in sides)
    )  # fmt: skip


def _unbridged(named: Sequence[tuple[Sequence[Mention], Witness]]) -> list[tuple[Sequence[Mention], Witness]]:
    """Leave out what shares a name with a longer list: who names A, and who names B, agree with who names both."""
    return [
        (mentions, witness)
        for mentions, witness in named
        if not any(len(other) > len(mentions) and _names_agree(mentions, other) for other, _ in named)
    ]


def _dated(witnesses: Iterable[Witness], role: DateRole) -> list[tuple[ResolvedDate, Witness]]:
    return [(stated.date, witness) for witness in witnesses for stated in witness.report.dates if stated.role is role]


def _names_agree(some: Sequence[Mention], others: Sequence[Mention]) -> bool:
    return agreeing.entities_agree([one.entity_id for one in some], [one.entity_id for one in others])


def _written_names(mentions: Iterable[Mention]) -> str:
    return ", ".join(sorted({mention.name for mention in mentions}))


def _written_instruments(instruments: Iterable[Instrument]) -> str:
    return ", ".join(dict.fromkeys(map(words.instrument, instruments)))


def _measured(witnesses: Iterable[Witness]) -> list[tuple[str, str]]:
    """List what is measured, and in which unit: figures of anything else are not of one thing."""
    return list(dict.fromkeys((q.of, q.unit) for w in witnesses for q in w.report.quantities if q.of))


def _figures(report: Report, measured: tuple[str, str]) -> list[Quantity]:
    return [one for one in report.quantities if (one.of, one.unit) == measured]


def _written_figures(figures: Iterable[Quantity]) -> str:
    return ", ".join(dict.fromkeys(map(words.quantity, figures)))


def _articles(side: Side[str]) -> set[int]:
    return {witness.article_id for witness in side.witnesses}


def _precedence(side: Side[_V]) -> tuple[int, int, datetime, int]:
    closest = min(_TIERS.index(witness.tier) for witness in side.witnesses)
    families = {witness.family for witness in side.witnesses}
    return closest, -len(families), *_reported(side.witnesses[0])


def _reported(witness: Witness) -> tuple[datetime, int]:
    return witness.published_at or witness.fetched_at, witness.report_id
