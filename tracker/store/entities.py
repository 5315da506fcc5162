"""What people teach of entities, and the names that nobody has judged yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, func, insert, or_, select, update

from tracker.knowledge.edits import Action, Author, EntityEdit
from tracker.store import tables
from tracker.store.database import one_writer, reading
from tracker.store.relinking import Link, relink
from tracker.store.settling import Rules
from tracker.store.values import QUOTE
from tracker.types import EntityKind, Part, Quote, Weights


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """A name that articles use and the knowledge base does not hold.

    `publishers` counts the independent ones; `confidence` is the best of its mentions.
    """

    entity_id: str
    kind: EntityKind
    name: str
    articles: int
    publishers: int
    confidence: float
    first_seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One mention where it stands: `said` is the whole title or text that `quote` is of."""

    article_id: int
    source: str
    quote: Quote
    said: str


@dataclass(frozen=True, slots=True)
class Entities:
    """Edits of the knowledge base and unseen names, in the database of `engine`."""

    engine: Engine

    def version(self) -> int:
        """Return a number that grows with each edit; 0 where there is none."""
        with reading(self.engine) as connection:
            return connection.scalar(select(func.max(tables.entity_edits.c.id))) or 0

    def edits(self) -> list[EntityEdit]:
        """List what people taught, in the order in which it counts."""
        table = tables.entity_edits
        with reading(self.engine) as connection:
            return [_as_edit(row) for row in connection.execute(select(table).order_by(table.c.id))]

    def keep(self, edit: EntityEdit, link: Link | None, rules: Rules) -> int:
        """Keep an edit and relink what it is about, both or neither; return how many articles name that.

        Without a `link` the entity is none (any more), and its mentions are no longer of a known one.
        """
        with self.engine.begin() as connection:
            one_writer(connection)
            connection.execute(insert(tables.entity_edits).values(_edit_row(edit)))
            return relink(connection, link, rules) if link else _forget(connection, edit.entity_id)

    def unseen(
        self, *, kind: EntityKind | None = None, named: str | None = None, least_articles: int = 1
    ) -> list[Unseen]:
        """List the names that are not known and that nobody has rejected, in no order that means anything.

        `named` asks for those of that name or id.
        """
        mentions, articles = tables.mentions.c, tables.articles
        publisher = func.coalesce(articles.c.family, tables.sources.c.family)
        seen_at = func.coalesce(articles.c.published_at, articles.c.fetched_at)
        found = (
            select(
                mentions.entity_id,
                mentions.kind,
                func.min(mentions.name).label("name"),
                func.count(articles.c.id.distinct()).label("articles"),
                func.count(publisher.distinct()).label("publishers"),
                func.max(mentions.confidence).label("confidence"),
                func.min(seen_at, type_=tables.Moment).label("first_seen_at"),
            )
            .join_from(tables.mentions, articles, articles.c.id == mentions.article_id)
            .join(tables.sources, tables.sources.c.id == articles.c.source_id)
            .where(*_is_open(kind, named))
            .group_by(mentions.entity_id, mentions.kind)
            .having(func.count(articles.c.id.distinct()) >= least_articles)
            .order_by(mentions.entity_id)
        )
        with reading(self.engine) as connection:
            return [Unseen(**{**row._mapping, "kind": EntityKind(row.kind)}) for row in connection.execute(found)]

    def seen(self, entity_id: str, *, limit: int) -> list[Seen]:
        """List where an entity is named, earliest article first, one mention an article."""
        mentions, articles = tables.mentions, tables.articles
        earliest = func.coalesce(articles.c.published_at, articles.c.fetched_at)
        first = (
            select(mentions.c.article_id, func.min(mentions.c.position).label("position"))
            .where(mentions.c.entity_id == entity_id)
            .group_by(mentions.c.article_id)
            .subquery()
        )
        is_first = (first.c.article_id == mentions.c.article_id) & (first.c.position == mentions.c.position)
        found = (
            select(mentions.c.quote, articles.c.id, articles.c.title, articles.c.text, tables.sources.c.name)
            .join_from(mentions, first, is_first)
            .join(articles, articles.c.id == mentions.c.article_id)
            .join(tables.sources, tables.sources.c.id == articles.c.source_id)
            .order_by(earliest, articles.c.id)
            .limit(limit)
        )
        with reading(self.engine) as connection:
            return [_as_seen(row) for row in connection.execute(found)]


def _is_open(kind: EntityKind | None, named: str | None) -> list[ColumnElement[bool]]:
    mentions, edits = tables.mentions.c, tables.entity_edits.c
    rejected = select(edits.entity_id).where(edits.action == Action.REJECT)
    conditions = [~mentions.known, mentions.entity_id.not_in(rejected)]
    if kind:
        conditions.append(mentions.kind == kind)
    if named:
        conditions.append(or_(mentions.entity_id == named, func.lower(mentions.name) == named.lower()))
    return conditions


def _forget(connection: Connection, entity_id: str) -> int:
    table = tables.mentions
    is_meant = table.c.entity_id == entity_id
    connection.execute(update(table).where(is_meant).values(known=False))
    return connection.scalar(select(func.count(table.c.article_id.distinct())).where(is_meant)) or 0


def _edit_row(edit: EntityEdit) -> dict[str, Any]:
    body = {
        "aliases": list(edit.aliases),
        "into": edit.into,
        "country": edit.country,
        "developer": edit.developer,
        "family": edit.family,
        "weights": edit.weights.value,
    }
    return {
        "action": edit.action,
        "entity_id": edit.entity_id,
        "name": edit.name,
        "body": body,
        "made_by": edit.author.by,
        "made_at": edit.author.at,
        "why": edit.author.why,
    }


def _as_edit(row: Row[Any]) -> EntityEdit:
    said = row.body | {"aliases": tuple(row.body["aliases"]), "weights": Weights(row.body["weights"])}
    author = Author(by=row.made_by, at=row.made_at, why=row.why)
    return EntityEdit(action=Action(row.action), entity_id=row.entity_id, name=row.name, author=author, **said)


def _as_seen(row: Any) -> Seen:
    quote = QUOTE.validate_python(row.quote)
    said = row.title if quote.part is Part.TITLE else row.text
    return Seen(article_id=row.id, source=row.name, quote=quote, said=said)
