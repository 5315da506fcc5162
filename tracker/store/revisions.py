"""What reprocessing did, revision by revision."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, select, update

from tracker.store import tables
from tracker.store.database import insert, reading
from tracker.types import Change, Revision, Rulebook


@dataclass(frozen=True, slots=True)
class Revisions:
    """The revisions in the database of `engine`."""

    engine: Engine

    def begin(self, since: date, rulebook: Rulebook, *, articles: int, now: datetime) -> int:
        """Begin a revision; return its number."""
        row = {"since": since, **asdict(rulebook), "started_at": now, "articles": articles, "reread": 0}
        with self.engine.begin() as connection:
            new = insert(connection, tables.revisions).values(row).returning(tables.revisions.c.id)
            return int(connection.execute(new).scalar_one())

    def finish(self, number: int, *, reread: int, now: datetime) -> Revision:
        """End a revision, with how many articles were read otherwise than before."""
        table = tables.revisions
        with self.engine.begin() as connection:
            ended = update(table).where(table.c.id == number).values(reread=reread, finished_at=now)
            connection.execute(ended)
        found = self.revision(number)
        assert found is not None
        return found

    def all(self, *, limit: int = 50) -> list[Revision]:
        """List revisions, the latest first."""
        with reading(self.engine) as connection:
            rows = connection.execute(_counted().order_by(tables.revisions.c.id.desc()).limit(limit))
            return [_as_revision(row) for row in rows]

    def revision(self, number: int) -> Revision | None:
        """Return one revision."""
        with reading(self.engine) as connection:
            rows = connection.execute(_counted().where(tables.revisions.c.id == number))
            return next((_as_revision(row) for row in rows), None)

    def changes(self, number: int) -> list[Change]:
        """List what a revision changed, in the order in which it did."""
        table = tables.revision_changes.c
        columns = table.of, table.what, table.was, table.is_now, table.into
        with reading(self.engine) as connection:
            rows = connection.execute(select(*columns).where(table.revision_id == number).order_by(table.id))
            return [Change(**row._mapping) for row in rows]


def keep_changes(connection: Connection, revision: int, changes: Sequence[Change]) -> None:
    """Keep what a revision changed."""
    if changes:
        rows = [{"revision_id": revision} | asdict(change) for change in changes]
        connection.execute(insert(connection, tables.revision_changes), rows)


def _counted() -> Any:
    changes, revisions = tables.revision_changes.c, tables.revisions
    counted = select(func.count()).where(changes.revision_id == revisions.c.id).scalar_subquery()
    return select(revisions, counted.label("changes"))


def _as_revision(row: Row[Any]) -> Revision:
    rulebook = Rulebook(program=row.program, rules=row.rules, knowledge=row.knowledge, edits=row.edits)
    return Revision(
        number=row.id,
        since=row.since,
        rulebook=rulebook,
        started_at=row.started_at,
        finished_at=row.finished_at,
        articles=row.articles,
        reread=row.reread,
        changes=row.changes,
    )
