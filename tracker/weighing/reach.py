"""Where a control bites.  Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.knowledge import KnowledgeBase
from tracker.types import Entity, EntityKind, Event, Named, UserClass
from tracker.weighing.contested import display_users
from tracker.weighing.weights import weights

_FOREIGN = {UserClass.FOREIGN_USERS, UserClass.FOREIGN_NATIONALS}
_DOMESTIC = {UserClass.DOMESTIC_COMPANIES, UserClass.US_PERSONS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Where a control bites: in `only` (None: everywhere) without `but`; unions count with their members."""

    only: frozenset[str] | None = None
    but: frozenset[str] = frozenset()

    def holds(self, country: str) -> bool:
        """Say whether the control bites in a country, or somewhere in a union."""
        codes = expand([country])
        return (self.only is None or bool(codes & self.only)) and not codes <= self.but

    def holds_throughout(self, country: str) -> bool:
        """Say whether the control bites in all of a country or union."""
        return (self.only is None or country in self.only) and country not in self.but


def reach(event: Event, homes: frozenset[str], knowledge: KnowledgeBase) -> Reach:
    """Say where an event bites: where it says so, else by whose control it is.

    `homes` is where what is hit comes from.  A government keeps what is made at home from all others, and what is made
    abroad from its own people.
    """
    if elsewhere := expand(named_countries(event)) - homes:
        return Reach(only=elsewhere)
    actors = authorities(event, knowledge)
    users = display_users(event.witnesses)
    if users is UserClass.EVERYONE or not (actors or users in _FOREIGN):
        return Reach()
    if users in _FOREIGN or (users not in _DOMESTIC and actors & homes):
        return Reach(but=expand(actors or homes))
    return Reach(only=expand(actors))


def authorities(event: Event, knowledge: KnowledgeBase) -> frozenset[str]:
    """Return the countries that act, by themselves or through their agencies and companies."""
    actors = (named for named in event.entities if named.role == "actor")
    return frozenset(code for named in actors if (code := _code(named, knowledge)))


def named_countries(event: Event) -> tuple[str, ...]:
    """List the countries that an event names as hit, as it names them."""
    targets = (n for n in event.entities if n.kind is EntityKind.COUNTRY and n.role == "target")
    return tuple(named.entity_id.partition("/")[2] for named in targets)


def home(entity: Entity, knowledge: KnowledgeBase) -> str | None:
    """Return the country that an entity is from, itself or through its maker."""
    maker = knowledge.entities.get(entity.developer or "")
    return entity.country or (maker.country if maker else None)


def expand(codes: Iterable[str]) -> frozenset[str]:
    """Return countries with the members of those that are unions."""
    members = weights()["exposing"]["members"]
    given = set(codes)
    return frozenset(given.union(*(members.get(code, ()) for code in given)))


def _code(named: Named, knowledge: KnowledgeBase) -> str | None:
    if named.kind is EntityKind.COUNTRY:
        return named.entity_id.partition("/")[2]
    entity = knowledge.entities.get(named.entity_id)
    return entity.country if entity else None
