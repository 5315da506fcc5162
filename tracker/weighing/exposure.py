"""Which declared services an event touches, through what, and where."""

from dataclasses import dataclass, field

from tracker.knowledge import KnowledgeBase, load
from tracker.types import Entity, EntityKind, Event, EventType, UserClass
from tracker.weighing.agreeing import lineage
from tracker.weighing.agreeing import maker as maker_of
from tracker.weighing.contested import display_users
from tracker.weighing.reach import home, reach
from tracker.weighing.weights import weights

_MADE = {EntityKind.MODEL, EntityKind.CHIP}
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
            _Made(kind=named.kind, line=line, maker=maker_of(line, knowledge)) for named, line in lines.items()
        ),
    )  # fmt: skip


def _touch(event: Event, hit: _Hit, service: Service, knowledge: KnowledgeBase) -> Affected | None:
    met = tuple(use for use in service.uses if _is_met(use, hit, service, knowledge))
    if not met or _is_about_parties(event):
        return None
    homes = frozenset(code for use in met if (code := home(use, knowledge)))
    bites = reach(event, homes, knowledge)
    countries = tuple(country for country in service.countries if bites.holds(country))
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


def _is_about_parties(event: Event) -> bool:
    return event.type is not EventType.LISTING and display_users(event.witnesses) in _PARTIES
