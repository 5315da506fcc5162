"""When two values can both be right: one may only name more widely, or less precisely, what the other names."""

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files

from tracker.knowledge import KnowledgeBase, load
from tracker.types import Instrument, Quantity, ResolvedDate, UserClass

# Figures of one thing that are this close are one figure, rounded.
_ROUNDING = Decimal("0.05")


def dates_agree(one: ResolvedDate, other: ResolvedDate) -> bool:
    """Say whether two dates have a day in common: June and 13 June do."""
    return one.first <= other.last and other.first <= one.last


def is_within(one: ResolvedDate, other: ResolvedDate) -> bool:
    """Say whether `one` is at least as precise as `other`, and agrees with it."""
    return other.first <= one.first and one.last <= other.last


def entities_agree(some: Collection[str], others: Collection[str]) -> bool:
    """Say whether an entity of `some` is, belongs to or holds one of `others`."""
    knowledge = load()
    return any(one in lineage(other, knowledge) or other in lineage(one, knowledge) for one in some for other in others)


def users_agree(one: UserClass, other: UserClass) -> bool:
    """Say whether one class of users may be called the other."""
    return one is other or _may_be_called("users", one, other)


def instruments_agree(some: Collection[Instrument], others: Collection[Instrument]) -> bool:
    """Say whether two sources can mean one legal instrument; numbers that differ are two."""
    return any(_same_instrument(one, other) for one in some for other in others)


def figures_agree(some: Collection[Quantity], others: Collection[Quantity]) -> bool:
    """Say whether two sources give a like figure for the same thing."""
    return any(_same_figure(one, other) for one in some for other in others)


def lineage(entity_id: str, knowledge: KnowledgeBase, *, name: str = "") -> tuple[str, ...]:
    """Return an entity with all that it belongs to, closest first: a model's families, a body's superiors.

    By its name a model finds its family before the knowledge base has it.
    """
    line: dict[str, None] = {}
    following: str | None = entity_id
    while following and following not in line:
        line[following] = None
        following = _wider(following, knowledge, name if following == entity_id else "")
    return tuple(line)


def maker(line: Iterable[str], knowledge: KnowledgeBase) -> str | None:
    """Return who makes what has this lineage."""
    known = (knowledge.entities.get(one) for one in line)
    return next((entity.developer for entity in known if entity and entity.developer), None)


def _same_instrument(one: Instrument, other: Instrument) -> bool:
    numbers = [set(re.findall(r"\d+", instrument.name)) for instrument in (one, other)]
    if all(numbers) and not numbers[0] & numbers[1]:
        return False
    return one.kind is other.kind or _may_be_called("instruments", one.kind, other.kind)


def _same_figure(one: Quantity, other: Quantity) -> bool:
    low, high = min(one.value, other.value), max(one.value, other.value)
    reach = max(abs(low), abs(high)) * _ROUNDING
    return low + reach >= high or any(q.high is not None and q.value <= high <= q.high for q in (one, other))


def _wider(entity_id: str, knowledge: KnowledgeBase, name: str) -> str | None:
    if entity_id in _table()["part_of"]:
        return str(_table()["part_of"][entity_id])
    if family := knowledge.families.get(entity_id):
        return family.parent
    if entity := knowledge.entities.get(entity_id):
        return entity.family
    return _family_named(name, knowledge) if name and entity_id.startswith("model/") else None


def _family_named(name: str, knowledge: KnowledgeBase) -> str | None:
    near = [family for family in knowledge.families.values() if any(head in name for head in family.heads)]
    # "Claude Opus 9" is of both Claude and Claude Opus: the narrower family counts.
    near.sort(key=lambda family: family.parent is None)
    return next((family.entity_id for family in near if re.fullmatch(family.pattern, name)), None)


def _may_be_called(what: str, one: str, other: str) -> bool:
    names = _table()[what]
    return other in names.get(one, ()) or one in names.get(other, ())


@cache
def _table() -> Mapping[str, Mapping[str, str | list[str]]]:
    return tomllib.loads(files("tracker.weighing").joinpath("agreeing.toml").read_text(encoding="utf-8"))
