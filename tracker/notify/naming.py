"""Entities as people name them in filters: by id, name or alias, with everything that belongs to them."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

from tracker.knowledge import load
from tracker.types import Entity, EntityKind, Named

_MAKERS = {EntityKind.MODEL, EntityKind.CHIP}
_ROLES = {"actor", "target"}


def is_named(kind: EntityKind, value: str, named: Named) -> bool:
    """Say whether `value` stands for the entity that an event names.

    A family stands for its members, seen before or not ("claude", "qwen"), and a company for the models and chips
    that it makes.  A country (ISO code) stands for what is at home there too, where that acts or is hit.
    """
    if kind is EntityKind.COUNTRY:
        return _is_of_country(value.upper(), named)
    ids = _ids(kind, fold(value))
    if kind is EntityKind.COMPANY and named.kind in _MAKERS:
        maker = load().entities.get(named.entity_id)
        return maker is not None and maker.developer in ids
    if named.kind is not kind:
        return False
    is_known = ids and named.entity_id in load().entities
    return named.entity_id in ids if is_known else _within(_tokens(value), _tokens(named.name))


def country_code(value: str) -> str | None:
    """Return the code of a country that is given by its code or by a name in any of our languages."""
    ids = _ids(EntityKind.COUNTRY, fold(value))
    return min(ids).partition("/")[2] if ids else None


def country_names() -> list[str]:
    """List the English names of the countries, for a hint at what was meant."""
    return [entity.name for entity in load().entities.values() if entity.kind is EntityKind.COUNTRY]


def fold(text: str) -> str:
    """Return `text` as it is compared: width, case and space do not count."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _is_of_country(code: str, named: Named) -> bool:
    if named.kind is EntityKind.COUNTRY:
        return named.entity_id == f"country/{code}"
    entity = load().entities.get(named.entity_id)
    return named.role in _ROLES and entity is not None and entity.country == code


@cache
def _ids(kind: EntityKind, folded: str) -> frozenset[str]:
    found = set(_index().get((kind, folded), ()))
    waiting = list(found)
    while waiting:
        members = _members().get(waiting.pop(), set()) - found
        found |= members
        waiting += members
    return frozenset(found)


@cache
def _index() -> Mapping[tuple[EntityKind, str], frozenset[str]]:
    index: defaultdict[tuple[EntityKind, str], set[str]] = defaultdict(set)
    for entity in load().entities.values():
        for form in _forms(entity):
            index[entity.kind, fold(form)].add(entity.id)
    return {key: frozenset(ids) for key, ids in index.items()}


def _forms(entity: Entity) -> Iterator[str]:
    yield from (entity.id, entity.id.partition("/")[2], entity.name)
    for aliases in entity.aliases.values():
        yield from aliases


@cache
def _members() -> Mapping[str, set[str]]:
    members: defaultdict[str, set[str]] = defaultdict(set)
    for entity in load().entities.values():
        if entity.family:
            members[entity.family].add(entity.id)
    for family in load().families.values():
        if family.parent:
            members[family.parent].add(family.entity_id)
    return dict(members)


def _tokens(text: str) -> list[str]:
    """Cut "Qwen3.5" and "GLM-5.2" where letters and numbers meet."""
    return re.findall(r"[^\W\d_]+|\d+(?:\.\d+)*", fold(text))


def _within(part: list[str], whole: list[str]) -> bool:
    width = len(part)
    return bool(part) and any(whole[at : at + width] == part for at in range(len(whole) - width + 1))
