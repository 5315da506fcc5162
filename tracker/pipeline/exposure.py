"""From where events are weighed: the services of exposure.toml, read by what the database's people know."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from tracker.config import Exposure, ServiceSettings, Settings, exposure_path
from tracker.errors import ConfigError
from tracker.knowledge import KnowledgeBase
from tracker.knowledge.rows import open_slug
from tracker.pipeline.ask import NameIndex
from tracker.pipeline.knowing import known
from tracker.pipeline.severe import paged
from tracker.store import Store
from tracker.store.entities import Entities
from tracker.store.queries import EventQuery, Queries
from tracker.types import Entity, EntityKind, Event, EventType
from tracker.weighing.agreeing import lineage
from tracker.weighing.exposure import Affected, Service, Stack, affected
from tracker.weighing.severity import Standpoint
from tracker.weighing.weights import weights

Touching = tuple[Event, Affected]

_PAGE = 200
_USES = {"models": EntityKind.MODEL, "chips": EntityKind.CHIP, "vendors": EntityKind.COMPANY}
_PEOPLE = ("staff", "customers")


def standpoint(store: Store, settings: Settings, *, now: datetime) -> Standpoint:
    """Return from where events are weighed; a name that nobody knows is a ConfigError."""
    path = exposure_path(settings.path, settings.file)
    stack = _stack(settings.exposure, path, store.entities, store.entities.version())
    return Standpoint(today=now.date(), stack=stack)


def exposed(queries: Queries, seen_from: Standpoint, *, since: date) -> list[tuple[Service, list[Touching]]]:
    """List every declared service with the events since a day that affect it, last reported first."""
    table = weights()["exposing"]["types"]
    touching: dict[str, list[Touching]] = {}
    for event in paged(queries.events, EventQuery(types=tuple(map(EventType, table)), since=since, limit=_PAGE)):
        for one in affected(event, seen_from.stack):
            touching.setdefault(one.service, []).append((event, one))
    return [(service, touching.get(service.name, [])) for service in seen_from.stack.services]


@lru_cache(maxsize=4)
def _stack(declared: Exposure, path: Path | None, entities: Entities, _version: int) -> Stack:
    knowledge = known(entities)
    if not declared.services:
        return Stack(knowledge=knowledge)
    names = _Names(path, knowledge)
    return Stack(services=tuple(names.service(*one) for one in enumerate(declared.services, 1)), knowledge=knowledge)


class _Names:
    """What the names of an exposure file stand for."""

    def __init__(self, path: Path | None, knowledge: KnowledgeBase) -> None:
        self._path = path
        self._knowledge = knowledge
        self._index = NameIndex(knowledge)

    def service(self, number: int, declared: ServiceSettings) -> Service:
        uses = {
            entity.id: entity
            for key, kind in _USES.items()
            for entity in self._entities(f"services[{number}].{key}", kind, getattr(declared, key))
        }
        people = {
            entity.id.partition("/")[2]: None
            for key in _PEOPLE
            for entity in self._entities(f"services[{number}].{key}", EntityKind.COUNTRY, getattr(declared, key))
        }
        return Service(name=declared.name, uses=tuple(uses.values()), countries=tuple(people))

    def _entities(self, key: str, kind: EntityKind, names: Sequence[str]) -> Iterator[Entity]:
        for name in names:
            found = self._index.bearers(kind, name)
            yield from [self._knowledge.entities[one] for one in found] or [self._unseen(key, kind, name)]

    def _unseen(self, key: str, kind: EntityKind, name: str) -> Entity:
        """Take a new version of a known family for what it is; refuse any other name that is not known."""
        entity_id = f"{kind}/{open_slug(name)}"
        above = lineage(entity_id, self._knowledge, name=name)[1:]
        if not above:
            near = get_close_matches(name.casefold(), self._index.names(kind), n=1)
            meant = f"; did you mean “{near[0]}”?" if near else ""
            raise ConfigError(f"{self._path}: {key}: expected the name of a known {kind} (found “{name}”{meant})")
        family = self._knowledge.entities[above[0]]
        return Entity(id=entity_id, kind=kind, name=name, family=family.id, developer=family.developer,
                      country=family.country, weights=family.weights, licence=family.licence)  # fmt: skip
