"""What people teach: edits of the knowledge base, and the names that wait for one."""

from dataclasses import dataclass

from tracker.errors import InputError
from tracker.knowledge import KnowledgeBase, load, teaching
from tracker.knowledge.edits import Author, EntityEdit, apply_edits
from tracker.knowledge.rows import open_slug
from tracker.knowledge.teaching import Addition
from tracker.pipeline.articles import QUIET_RULES
from tracker.pipeline.knowing import known
from tracker.store.entities import Entities, Unseen
from tracker.store.relinking import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """An edit that was kept; `articles` counts those that named the entity before."""

    edit: EntityEdit
    articles: int


def add(entities: Entities, said: Addition, author: Author) -> Taught:
    """Add an entity, and link what articles said of it before."""
    return _keep(entities, teaching.add(known(entities), said, author))


def accept(entities: Entities, unseen: Unseen, said: Addition, author: Author) -> Taught:
    """Add what a name that was found stands for, whatever kind it was taken for."""
    taught = add(entities, said, author)
    if not entities.unseen(named=unseen.entity_id):
        return taught
    merged = merge(entities, unseen.entity_id, taught.edit.entity_id, author)
    return Taught(edit=taught.edit, articles=taught.articles + merged.articles)


def give_aliases(entities: Entities, named: str, aliases: list[str], author: Author) -> Taught:
    """Give a known entity more names, and link what articles said under them."""
    return _keep(entities, teaching.give_aliases(known(entities), named, aliases, author))


def merge(entities: Entities, gone: str, into: str, author: Author) -> Taught:
    """Make two entities one, or a name that was found the name of a known entity."""
    kb = known(entities)
    return _keep(entities, teaching.merge(kb, _find(entities, kb, gone), into, author))


def reject(entities: Entities, named: str, author: Author) -> Taught:
    """Say of a name that was found, or of an entity that was added, that it is none."""
    found = _find(entities, known(entities), named)
    return _keep(entities, teaching.reject(load(), found, author))


def ranked(unseen: list[Unseen]) -> list[tuple[float, Unseen]]:
    """Pair unseen names with their scores, best first: each further independent publisher halves the doubt."""
    scored = [(1 - (1 - one.confidence) / 2 ** (one.publishers - 1), one) for one in unseen]
    return sorted(scored, key=lambda pair: (-pair[0], -pair[1].articles, pair[1].entity_id))


def _find(entities: Entities, kb: KnowledgeBase, named: str) -> tuple[str, str]:
    """Return id and name of the one entity that is known or was found under this id or name."""
    found = {one.id: one.name for one in teaching.find(kb, named)}
    found |= {one.entity_id: one.name for one in entities.unseen(named=named)}
    if not found:
        raise InputError(f"nothing is called {named}; see tracker entities candidates and tracker entities list")
    if len(found) > 1:
        raise InputError(f"{named} is several: {', '.join(sorted(found))}; give the id")
    return next(iter(found.items()))


def _keep(entities: Entities, edit: EntityEdit) -> Taught:
    articles = entities.keep(edit, _link(edit, known(entities)), QUIET_RULES)
    return Taught(edit=edit, articles=articles)


def _link(edit: EntityEdit, kb: KnowledgeBase) -> Link | None:
    """Say which earlier mentions an edit is about, and what they are of from now on."""
    target = apply_edits(kb, [edit]).entities.get(edit.into or edit.entity_id)
    if target is None:
        return None
    if edit.into:
        ids, names = {edit.entity_id}, set() if edit.entity_id in kb.entities else {edit.name}
    else:
        ids, names = {f"{edit.kind}/{open_slug(form)}" for form in edit.forms} - kb.entities.keys(), set(edit.forms)
    return Link(entity_id=target.id, kind=target.kind, name=target.name, ids=frozenset(ids), names=frozenset(names))
