"""What people taught: their edits, and the knowledge base with them laid over it.  Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from tracker.knowledge.base import Alias, KnowledgeBase, SharedAlias
from tracker.knowledge.loader import derive_rule
from tracker.knowledge.rows import letters
from tracker.knowledge.surface import usual_guard
from tracker.types import Entity, EntityKind, Weights


class Action(StrEnum):
    ADD = "add"
    ALIAS = "alias"
    MERGE = "merge"
    REJECT = "reject"


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who said something, when, and why."""

    by: str
    at: datetime
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityEdit:
    """One thing that a person taught.

    `entity_id` and `name` are of the entity that is added, gets `aliases`, goes into `into` (an entity id), or is
    none.  The other fields are those of an added entity.
    """

    action: Action
    entity_id: str
    name: str
    aliases: tuple[str, ...] = ()
    into: str | None = None
    country: str | None = None
    developer: str | None = None
    family: str | None = None
    weights: Weights = Weights.UNKNOWN
    author: Author

    @property
    def kind(self) -> EntityKind:
        return EntityKind(self.entity_id.partition("/")[0])

    @property
    def forms(self) -> tuple[str, ...]:
        """Return the surface forms that the edit is about."""
        return self.aliases if self.action is Action.ALIAS else tuple(dict.fromkeys((self.name, *self.aliases)))


def apply_edits(kb: KnowledgeBase, edits: Iterable[EntityEdit]) -> KnowledgeBase:
    """Return `kb` as people corrected it, earliest edit first.

    An edit whose entities are gone, or a name that the shipped data has given to another since, changes nothing.
    """
    draft = _Draft(kb)
    for edit in edits:
        draft.apply(edit)
    return draft.finish()


def key_of(form: str) -> str:
    """Return what two spellings of one name have in common: letters and digits, else the characters themselves."""
    return letters(form) or form.casefold()


@dataclass(slots=True)
class _Draft:
    """A knowledge base while edits are laid over it; `bearers` are the entities that go by a name in any spelling."""

    kb: KnowledgeBase
    entities: dict[str, Entity] = field(init=False)
    aliases: dict[tuple[str, str, str], Alias] = field(init=False)
    bearers: dict[str, list[str]] = field(init=False)
    shared: dict[str, SharedAlias] = field(init=False)
    rejected: dict[str, str] = field(init=False)
    moved: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.entities = dict(self.kb.entities)
        self.aliases = {(a.text, a.entity_id, a.language): a for a in self.kb.aliases}
        self.bearers = bearers(self.kb.aliases)
        self.shared = dict(self.kb.shared)
        self.rejected = {key_of(text): text for text in self.kb.lookalikes.rejected}

    def apply(self, edit: EntityEdit) -> None:
        match edit.action:
            case Action.ADD:
                self.entities.setdefault(edit.entity_id, self._entity(edit))
                self._give(edit.entity_id, edit.forms)
            case Action.ALIAS if edit.entity_id in self.entities:
                self._give(edit.entity_id, edit.aliases)
            case Action.MERGE if edit.into in self.entities:
                self._merge(edit.entity_id, edit.name, edit.into)
            case Action.REJECT if edit.entity_id not in self.kb.entities:
                self._remove(edit.entity_id)
                # A name that somebody else has is not hidden: only this use of it was wrong.
                self.rejected |= {} if self.bearers.get(key_of(edit.name)) else {key_of(edit.name): edit.name}

    def finish(self) -> KnowledgeBase:
        base = self.kb
        return replace(
            base,
            entities=MappingProxyType({one.id: self._moved(one) for one in self.entities.values()}),
            aliases=tuple(self.aliases[key] for key in sorted(self.aliases, key=lambda key: (-len(key[0]), key))),
            shared=MappingProxyType(self.shared),
            families=MappingProxyType(
                {
                    i: replace(family, developer=self.moved.get(family.developer, family.developer))
                    for i, family in base.families.items()
                }
            ),
            lookalikes=replace(base.lookalikes, rejected=frozenset(self.rejected.values())),
            makes=MappingProxyType(dict(base.makes) | dict(self._makes())),
        )

    def _entity(self, edit: EntityEdit) -> Entity:
        maker = self.entities.get(edit.developer or "")
        return Entity(
            id=edit.entity_id,
            kind=edit.kind,
            name=edit.name,
            country=edit.country or (maker.country if maker else None),
            developer=maker.id if maker else None,
            family=edit.family if edit.family in self.entities else None,
            weights=edit.weights,
        )

    def _give(self, entity_id: str, forms: Iterable[str]) -> None:
        """Have the entity bear each form that no other claims."""
        for form in forms:
            self.rejected.pop(key_of(form), None)
            others = [self.entities[i] for i in self.bearers.get(key_of(form), ()) if i != entity_id]
            rule = shared_rule(form, self.entities[entity_id], others) if others else None
            if others and rule is None:
                continue
            if rule:
                self.shared[form] = rule
            self.aliases.setdefault((form, entity_id, "*"), Alias(form, entity_id, "*", usual_guard(form)))
            self.entities[entity_id] = _with_alias(self.entities[entity_id], form)
            self._bear(form, entity_id)

    def _bear(self, form: str, entity_id: str) -> None:
        known = self.bearers.setdefault(key_of(form), [])
        known += [] if entity_id in known else [entity_id]

    def _merge(self, gone: str, name: str, into: str) -> None:
        """Give all that names the entity `gone` to `into`; one that never was in the knowledge base is a name."""
        merged = self.entities.pop(gone, None)
        if merged is None:
            self._give(into, [name])
            return
        self.moved = {old: into if new == gone else new for old, new in self.moved.items()} | {gone: into}
        for form in (merged.name, *(form for texts in merged.aliases.values() for form in texts)):
            self.entities[into] = _with_alias(self.entities[into], form)
        for text, _, language in [key for key in self.aliases if key[1] == gone]:
            alias = self.aliases.pop((text, gone, language))
            self.aliases.setdefault((text, into, language), replace(alias, entity_id=into))
            self._bear(text, into)
        self._forget(gone)
        self.shared = dict(_passed_on(self.shared, gone, into))

    def _remove(self, entity_id: str) -> None:
        """Take back an addition."""
        if self.entities.pop(entity_id, None):
            self.aliases = {key: alias for key, alias in self.aliases.items() if alias.entity_id != entity_id}
            self.shared = {text: rule for text, rule in self.shared.items() if entity_id not in rule.entity_ids}
            self._forget(entity_id)

    def _forget(self, entity_id: str) -> None:
        self.bearers = {key: [i for i in ids if i != entity_id] for key, ids in self.bearers.items()}

    def _moved(self, entity: Entity) -> Entity:
        developer, family = entity.developer, entity.family
        if developer not in self.moved and family not in self.moved:
            return entity
        return replace(
            entity,
            developer=self.moved.get(developer, developer) if developer else None,
            family=self.moved.get(family, family) if family else None,
        )

    def _makes(self) -> Iterator[tuple[str, str]]:
        for entity in self.entities.values():
            made = self.kb.makes.get(entity.family or "")
            if made and entity.id not in self.kb.entities:
                yield entity.id, made


def bearers(aliases: Iterable[Alias]) -> dict[str, list[str]]:
    """Return the ids of the entities that go by each name, by `key_of` the name."""
    found: dict[str, list[str]] = {}
    for alias in aliases:
        known = found.setdefault(key_of(alias.text), [])
        known += [] if alias.entity_id in known else [alias.entity_id]
    return found


def shared_rule(form: str, entity: Entity, others: Iterable[Entity]) -> SharedAlias | None:
    """Return the rule by which `entity` and those who have the name already share it; None where they cannot."""
    return derive_rule(form, sorted([entity, *others], key=lambda one: one.id))


def _with_alias(entity: Entity, form: str) -> Entity:
    own = entity.aliases.get("*", ())
    if form == entity.name or form in own:
        return entity
    return replace(entity, aliases={**entity.aliases, "*": (*own, form)})


def _passed_on(shared: Mapping[str, SharedAlias], gone: str, into: str) -> Iterator[tuple[str, SharedAlias]]:
    """Yield the rules for shared names with `into` in the place of `gone`; one bearer needs no rule."""
    for text, rule in shared.items():
        ids = tuple(dict.fromkeys(into if one == gone else one for one in rule.entity_ids))
        if len(ids) > 1:
            yield text, replace(rule, entity_ids=ids)
