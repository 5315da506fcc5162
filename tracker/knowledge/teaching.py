"""What a person says of an entity, made into an edit, or refused in words.  Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from tracker.errors import InputError
from tracker.knowledge.base import KnowledgeBase
from tracker.knowledge.edits import Action, Author, EntityEdit, bearers, key_of, shared_rule
from tracker.knowledge.rows import open_slug
from tracker.types import Entity, EntityKind, Weights

_SHORTEST, _LONGEST = 2, 120
_MADE = {EntityKind.MODEL, EntityKind.CHIP}


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """A new entity as a person describes it; developer, family and country by id or by any name."""

    kind: EntityKind
    name: str
    aliases: Sequence[str] = ()
    country: str | None = None
    developer: str | None = None
    family: str | None = None
    weights: Weights = Weights.UNKNOWN


def add(kb: KnowledgeBase, said: Addition, author: Author) -> EntityEdit:
    """Make the edit that adds an entity; InputError where a name is taken or a field fits nothing."""
    if said.kind is EntityKind.COUNTRY:
        raise InputError("countries are those of ISO 3166, and all are known; tracker entities alias gives one a name")
    _check_fields(said)
    name, *aliases = _clean([said.name, *said.aliases])
    entity_id = f"{said.kind}/{open_slug(name)}"
    if entity_id in kb.entities:
        raise InputError(f"{name} is known already, as {entity_id}; tracker entities alias gives it more names")
    family = find_family(kb, said.family) if said.family else None
    maker = family.developer if family else None
    if said.developer:
        maker = find_one(kb, said.developer, EntityKind.COMPANY).id
    edit = EntityEdit(
        action=Action.ADD,
        entity_id=entity_id,
        name=name,
        aliases=tuple(aliases),
        country=find_country(kb, said.country) if said.country else None,
        developer=maker,
        family=family.id if family else None,
        weights=said.weights,
        author=author,
    )
    _check_claims(kb, Entity(id=entity_id, kind=said.kind, name=name, developer=maker), edit.forms)
    return edit


def give_aliases(kb: KnowledgeBase, named: str, aliases: Sequence[str], author: Author) -> EntityEdit:
    """Make the edit that gives a known entity more names; InputError where one is taken."""
    entity = find_one(kb, named)
    wanted = _clean(aliases)
    _check_claims(kb, entity, wanted)
    known = {alias.text for alias in kb.aliases if alias.entity_id == entity.id}
    new = tuple(form for form in wanted if form not in known)
    if not new:
        raise InputError(f"{entity.name} ({entity.id}) goes by {' and '.join(wanted)} already")
    return EntityEdit(action=Action.ALIAS, entity_id=entity.id, name=entity.name, aliases=new, author=author)


def merge(kb: KnowledgeBase, gone: tuple[str, str], into: str, author: Author) -> EntityEdit:
    """Make the edit that merges `gone` (id and name; known or not) into a known entity."""
    entity_id, name = gone
    target, merged = find_one(kb, into), kb.entities.get(entity_id)
    if entity_id == target.id:
        raise InputError(f"both are names of {entity_id} already")
    if merged and merged.kind is not target.kind:
        raise InputError(f"{name} is a {merged.kind} and {target.name} a {target.kind}: they cannot be one")
    if merged and merged.kind is EntityKind.COUNTRY:
        raise InputError(f"{name} is a country of ISO 3166 and stays one")
    if entity_id in kb.families:
        raise InputError(f"{name} is a family of models, which others belong to: merge its models one by one")
    if merged is None:
        _check_claims(kb, target, [name])
    return EntityEdit(action=Action.MERGE, entity_id=entity_id, name=name, into=target.id, author=author)


def reject(shipped: KnowledgeBase, unknown: tuple[str, str], author: Author) -> EntityEdit:
    """Make the edit by which a name (id and name) is no entity; what is shipped cannot be rejected."""
    entity_id, name = unknown
    if entity_id in shipped.entities:
        raise InputError(f"{name} ({entity_id}) is shipped with the program; only what was found or added is rejected")
    return EntityEdit(action=Action.REJECT, entity_id=entity_id, name=name, author=author)


def find(kb: KnowledgeBase, named: str, kind: EntityKind | None = None) -> list[Entity]:
    """Return the entities that an id or a name in any spelling stands for."""
    if named in kb.entities:
        found = [kb.entities[named]]
    else:
        ids = dict.fromkeys(bearers(kb.aliases).get(key_of(named), ()))
        found = [kb.entities[i] for i in ids]
        found += [one for one in kb.entities.values() if one.id not in ids and key_of(one.name) == key_of(named)]
    return [one for one in found if kind in {None, one.kind}]


def find_one(kb: KnowledgeBase, named: str, kind: EntityKind | None = None) -> Entity:
    """Return the one entity that an id or name stands for; InputError where there is none or several."""
    found = find(kb, named, kind)
    if len(found) == 1:
        return found[0]
    if found:
        raise InputError(f"{named} is several: {', '.join(sorted(one.id for one in found))}; give the id")
    names = {one.name.casefold(): one.name for one in kb.entities.values() if kind in {None, one.kind}}
    close = [names[one] for one in get_close_matches(named.casefold(), names, n=3)]
    meant = f"  Did you mean {' or '.join(close)}?" if close else ""
    raise InputError(f"no {kind or 'entity'} is called {named}; see tracker entities list.{meant}")


def find_family(kb: KnowledgeBase, named: str) -> Entity:
    """Return the family of models that an id or name stands for."""
    found = [one for one in find(kb, named, EntityKind.MODEL) if one.id in kb.families]
    if not found:
        raise InputError(f"no family of models is called {named}")
    return found[0]


def find_country(kb: KnowledgeBase, named: str) -> str:
    """Return the code of a country given by code or name."""
    code = named.strip().upper()
    if f"country/{code}" in kb.entities:
        return code
    found = find(kb, named, EntityKind.COUNTRY)
    if len(found) != 1:
        raise InputError(f"{named} is no country; expected a code such as KR, or EU")
    return found[0].id.partition("/")[2]


def _check_fields(said: Addition) -> None:
    if said.kind not in _MADE and said.developer:
        raise InputError(f"a {said.kind} has no developer; only models and chips have one")
    if said.kind is not EntityKind.MODEL and (said.family or said.weights is not Weights.UNKNOWN):
        raise InputError(f"a {said.kind} has no family and no weights; only models have")


def _clean(forms: Iterable[str]) -> list[str]:
    """Return each form once, without space around it; InputError for what is no name."""
    cleaned = list(dict.fromkeys(" ".join(form.split()) for form in forms))
    for form in cleaned:
        if not _SHORTEST <= len(form) <= _LONGEST or not any(map(str.isalnum, form)) or not form.isprintable():
            raise InputError(f"{form!r} is no name; expected {_SHORTEST} to {_LONGEST} characters, letters among them")
    return cleaned


def _check_claims(kb: KnowledgeBase, entity: Entity, forms: Iterable[str]) -> None:
    """Refuse a name that another entity goes by, unless the two may share it (a company and its model)."""
    known = bearers(kb.aliases)
    for form in forms:
        others = [kb.entities[one] for one in known.get(key_of(form), ()) if one != entity.id]
        if others and shared_rule(form, entity, others) is None:
            taken = ", ".join(f"{one.id} ({one.name})" for one in others)
            raise InputError(f"{form} is a name of {taken} already; tracker entities merge makes two of them one")
