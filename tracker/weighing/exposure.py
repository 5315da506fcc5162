"""Which declared services an event touches, through what, and where."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tracker.knowledge import KnowledgeBase, load
from tracker.types import Entity, EntityKind, Event, EventType, Named, UserClass
from tracker.weighing.agreeing import lineage
from tracker.weighing.contested import display_users
from tracker.weighing.weights import weights

_MADE = {EntityKind.MODEL, EntityKind.CHIP}
_FOREIGN = {UserClass.FOREIGN_USERS, UserClass.FOREIGN_NATIONALS}
_DOMESTIC = {UserClass.DOMESTIC_COMPANIES, UserClass.US_PERSONS}
# Controls of such parties reach a service only where it is one of them, which nobody declares.
_PARTIES = {
    UserClass.LISTED_ENTITIES,
    UserClass.AFFILIATES,
    UserClass.MILITARY_END_USERS,
    UserClass.GOVERNMENT_AGENCIES,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A declared service: what it uses, as entities of the knowledge base, and the countries where it has people."""

    name: str
    uses: tuple[Entity, ...]
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """Everything that is declared, and the knowledge that it is read by."""

    services: tuple[Service, ...] = ()
    knowledge: KnowledgeBase = field(default_factory=load, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """A service that an event touches, through what of it, and in which countries; none where none is declared."""

    service: str
    through: tuple[Entity, ...]
    countries: tuple[str, ...]

    def __str__(self) -> str:
        where = f" in {', '.join(self.countries)}" if self.countries else ""
        return f"{self.service}: {', '.join(use.name for use in self.through)}{where}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reach:
    """Where a control bites: in `only` (None: everywhere) without `but`."""

    only: frozenset[str] | None = None
    but: frozenset[str] = frozenset()

    def holds(self, country: str) -> bool:
        codes = _expand([country])
        return (self.only is None or bool(codes & self.only)) and not codes <= self.but


def affected(event: Event, stack: Stack) -> tuple[Affected, ...]:
    """List the services that `event` touches."""
    table = weights()["exposing"]
    if not stack.services or event.type not in table["types"] or event.modality in table["not_modalities"]:
        return ()
    found = (_touch(event, service, stack.knowledge) for service in stack.services)
    return tuple(one for one in found if one)


def _touch(event: Event, service: Service, knowledge: KnowledgeBase) -> Affected | None:
    met = tuple(use for use in service.uses if _is_met(use, event, service, knowledge))
    if not met or _is_about_parties(event):
        return None
    reach = _reach(event, frozenset(home for use in met if (home := _home(use, knowledge))), knowledge)
    countries = tuple(country for country in service.countries if reach.holds(country))
    if service.countries and not countries:
        return None
    return Affected(service=service.name, through=met, countries=countries)


def _is_met(use: Entity, event: Event, service: Service, knowledge: KnowledgeBase) -> bool:
    """Say whether an event names what a service uses, what belongs to it, or what it belongs to."""
    made = [named for named in event.entities if named.kind in _MADE and named.role != "actor"]
    hit = {named.entity_id for named in event.entities if named.kind is EntityKind.COMPANY and named.role == "target"}
    if use.kind is EntityKind.COMPANY:
        # What of this maker the service uses is told more closely, or all that it makes counts.
        told = {other.kind for other in service.uses if other.developer == use.id}
        of_it = any(named.kind not in told and _maker(named, knowledge) == use.id for named in made)
        return use.id in hit or of_it
    alike = [named for named in made if named.kind is use.kind]
    if any(_is_kin(use, named, knowledge) for named in alike):
        return True
    # A maker that is hit stands for what it makes, unless the event says which of it.
    return use.developer in hit and not any(_maker(named, knowledge) == use.developer for named in alike)


def _is_kin(use: Entity, named: Named, knowledge: KnowledgeBase) -> bool:
    above = lineage(named.entity_id, knowledge, name=named.name)
    return use.id in above or named.entity_id in lineage(use.id, knowledge, name=use.name)


def _maker(named: Named, knowledge: KnowledgeBase) -> str | None:
    above = (knowledge.entities.get(one) for one in lineage(named.entity_id, knowledge, name=named.name))
    return next((entity.developer for entity in above if entity and entity.developer), None)


def _is_about_parties(event: Event) -> bool:
    return event.type is not EventType.LISTING and display_users(event.witnesses) in _PARTIES


def _reach(event: Event, homes: frozenset[str], knowledge: KnowledgeBase) -> _Reach:
    """Say where an event bites: where it says so, else by whose control it is.

    `homes` is where what is hit comes from.  A government keeps what is made at home from all others, and what is made
    abroad from its own people.
    """
    targets = _expand(n.entity_id.partition("/")[2] for n in event.entities if _is_country(n, "target"))
    if elsewhere := targets - homes:
        return _Reach(only=elsewhere)
    actors = frozenset(code for n in event.entities if n.role == "actor" and (code := _code(n, knowledge)))
    users = display_users(event.witnesses)
    if users is UserClass.EVERYONE or not actors:
        return _Reach()
    if users in _FOREIGN or (users not in _DOMESTIC and actors & homes):
        return _Reach(but=_expand(actors))
    return _Reach(only=_expand(actors))


def _is_country(named: Named, role: str) -> bool:
    return named.kind is EntityKind.COUNTRY and named.role == role


def _code(named: Named, knowledge: KnowledgeBase) -> str | None:
    if named.kind is EntityKind.COUNTRY:
        return named.entity_id.partition("/")[2]
    entity = knowledge.entities.get(named.entity_id)
    return entity.country if entity else None


def _home(use: Entity, knowledge: KnowledgeBase) -> str | None:
    maker = knowledge.entities.get(use.developer or "")
    return use.country or (maker.country if maker else None)


def _expand(codes: Iterable[str]) -> frozenset[str]:
    """Return countries with the members of those that are unions."""
    members = weights()["exposing"]["members"]
    given = set(codes)
    return frozenset(given.union(*(members.get(code, ()) for code in given)))
