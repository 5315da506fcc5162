"""Questions as people put them, made into what the store looks for."""

from collections.abc import Sequence
from functools import cache

from tracker.knowledge import load
from tracker.types import EntityKind


def named_ids(kind: EntityKind, names: Sequence[str]) -> tuple[str, ...]:
    """Return the entity ids that `names` stand for, with the members of a family; an unknown name stays as it is."""
    return tuple(dict.fromkeys(found for name in names for found in _ids(kind, name)))


def _ids(kind: EntityKind, name: str) -> tuple[str, ...]:
    bearers = _bearers().get((kind, name.strip().casefold()), ())
    return tuple(one for bearer in bearers for one in (bearer, *_members(bearer))) or (name,)


@cache
def _bearers() -> dict[tuple[EntityKind, str], tuple[str, ...]]:
    base = load()
    found: dict[tuple[EntityKind, str], dict[str, None]] = {}
    forms = [(alias.text, alias.entity_id) for alias in base.aliases]
    forms += [(form, one.id) for one in base.entities.values() for form in (one.name, one.id, one.id.split("/", 1)[1])]
    for form, entity_id in forms:
        found.setdefault((base.entities[entity_id].kind, form.casefold()), {})[entity_id] = None
    return {key: tuple(ids) for key, ids in found.items()}


@cache
def _members(family: str) -> tuple[str, ...]:
    direct = [one.id for one in load().entities.values() if one.family == family and one.id != family]
    return tuple(id_ for one in direct for id_ in (one, *_members(one)))
