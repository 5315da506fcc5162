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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """A model or chip that an event hits: itself with all that it belongs to, and who makes it."""

    kind: EntityKind
    line: tuple[str, ...]
    maker: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hit:
    """What an event hits that a service could use."""

    companies: frozenset[str]
    made: tuple[_Made, ...]


def affected(event: Event, stack: Stack) -> tuple[Affected, ...]:
    """List the services that `event` touches."""
    table = weights()["exposing"]
    if not stack.services or event.type not in table["types"] or event.modality in table["not_modalities"]:
        return ()
    hit = _hit(event, stack.knowledge)
    found = (_touch(event, hit, service, stack.knowledge) for service in stack.services)
    return tuple(one for one in found if one)


def _hit(event: Event, knowledge: KnowledgeBase) -> _Hit:
    targets = {named.entity_id for named in event.entities if named.role == "target"}
    made = [named for named in event.entities if named.kind in _MADE and named.role != "actor"]
    lines = {named: lineage(named.entity_id, knowledge, name=named.name) for named in made}
    return _Hit(
        companies=frozenset(one for one in targets if one.startswith("company/")),
        made=tuple(
            _Made(kind=named.kind, line=line, maker=_maker(line, knowledge)) for named, line in lines.items()
        ),
    )  # fmt: skip


def _touch(event: Event, hit: _Hit, service: Service, knowledge: KnowledgeBase) -> Affected | None:
    met = tuple(use for use in service.uses if _is_met(use, hit, service, knowledge))
    if not met or _is_about_parties(event):
        return None
    reach = _reach(event, frozenset(home for use in met if (home := _home(use, knowledge))), knowledge)
    countries = tuple(country for country in service.countries if reach.holds(country))
    if service.countries and not countries:
        return None
    return Affected(service=service.name, through=met, countries=countries)


def _is_met(use: Entity, hit: _Hit, service: Service, knowledge: KnowledgeBase) -> bool:
    """Say whether an event hits what a service uses, what belongs to it, or what it belongs to."""
    if use.kind is EntityKind.COMPANY:
        # What of this maker the service uses is told more closely, or all that it makes counts.
        told = {other.kind for other in service.uses if other.developer == use.id}
        return use.id in hit.companies or any(one.kind not in told and one.maker == use.id for one in hit.made)
    alike = [one for one in hit.made if one.kind is use.kind]
    above = lineage(use.id, knowledge, name=use.name) if alike else ()
    if any(use.id in one.line or one.line[0] in above for one in alike):
        return True
    # A maker that is hit stands for what it makes, unless the event says which of it.
    return use.developer in hit.companies and not any(one.maker == use.developer for one in alike)


def _maker(line: Iterable[str], knowledge: KnowledgeBase) -> str | None:
    known = (knowledge.entities.get(one) for one in line)
    return next((entity.developer for entity in known if entity and entity.developer), None)


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
