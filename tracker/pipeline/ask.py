"""Questions as people put them, made into what the store looks for."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache

from tracker.knowledge import KnowledgeBase, load
from tracker.types import EntityKind


def named_ids(kind: EntityKind, names: Sequence[str], kb: KnowledgeBase | None = None) -> tuple[str, ...]:
    """Return the entity ids that `names` stand for, with the members of a family; an unknown name stays as it is.

    `kb` is the knowledge base as people left it; without it what is shipped counts.
    """
    if not names:
        return ()
    index = index_names(load() if kb is None else kb)
    return tuple(dict.fromkeys(found for name in names for found in index.ids(kind, name)))


class NameIndex:
    """Who goes by which name, and who belongs to which family."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._bearers: defaultdict[tuple[EntityKind, str], dict[str, None]] = defaultdict(dict)
        self._members: defaultdict[str, list[str]] = defaultdict(list)
        forms = [(alias.text, alias.entity_id) for alias in base.aliases]
        for one in base.entities.values():
            forms += [(form, one.id) for form in (one.name, one.id, one.id.split("/", 1)[1])]
            if one.family and one.family != one.id:
                self._members[one.family].append(one.id)
        for form, entity_id in forms:
            self._bearers[base.entities[entity_id].kind, form.casefold()][entity_id] = None

    def bearers(self, kind: EntityKind, name: str) -> tuple[str, ...]:
        return tuple(self._bearers.get((kind, name.strip().casefold()), ()))

    def names(self, kind: EntityKind) -> list[str]:
        return [name for bearer_kind, name in self._bearers if bearer_kind is kind]

    def ids(self, kind: EntityKind, name: str) -> tuple[str, ...]:
        found = self.bearers(kind, name)
        return tuple(one for bearer in found for one in (bearer, *self._of(bearer))) or (name,)

    def _of(self, family: str) -> Iterator[str]:
        for one in self._members.get(family, ()):
            yield from (one, *self._of(one))


def index_names(kb: KnowledgeBase) -> NameIndex:
    """Return the index of a knowledge base; that of the shipped one is made once."""
    return _shipped() if kb is load() else NameIndex(kb)


@cache
def _shipped() -> NameIndex:
    return NameIndex(load())
