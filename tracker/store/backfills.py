"""How far archives have been read, kept in the transaction that keeps what they brought."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, select

from tracker.store import tables
from tracker.store.database import insert, reading
from tracker.store.sources import add_entry, ensure_source
from tracker.types import Entry, Page, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the archive at `path` has been read; `wanted` says in words what is kept of it.

    `state` tells whether the file is still the same; `record` and `offset` are where the next record begins.
    `problems` are the first of `bad` records that could not be used, each in words.
    """

    path: str
    wanted: str
    state: str
    record: int = 0
    offset: int = 0
    looked_at: int = 0
    passed: int = 0
    new: int = 0
    bad: int = 0
    problems: tuple[str, ...] = ()
    is_finished: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An article of an archive; `fetched_at` is when the archive got it."""

    source: Source
    entry: Entry
    page: Page | None
    wants_page: bool
    fetched_at: datetime


_FIELDS = tuple(Progress.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Backfills:
    """The backfills in the database of `engine`."""

    engine: Engine

    def find(self, path: str, wanted: str) -> Progress | None:
        """Return how far an archive was read under the same choice of what to keep."""
        table = tables.backfills
        with reading(self.engine) as connection:
            row = connection.execute(select(table).where(table.c.path == path, table.c.wanted == wanted)).one_or_none()
            return None if row is None else _as_progress(row)

    def forget(self, paths: Iterable[str]) -> None:
        """Forget how far archives were read, under any choice."""
        with self.engine.begin() as connection:
            for path in paths:
                connection.execute(delete(tables.backfills).where(tables.backfills.c.path == path))

    def save(self, progress: Progress, found: Sequence[Found], *, now: datetime) -> Progress:
        """Keep articles as history together with how far that is; return it with `new` counted on."""
        with self.engine.begin() as connection:
            progress = replace(progress, new=progress.new + _add(connection, found))
            row = {name: getattr(progress, name) for name in _FIELDS} | {"problems": list(progress.problems)}
            statement = insert(connection, tables.backfills).values(row | {"updated_at": now})
            connection.execute(
                statement.on_conflict_do_update(index_elements=["path", "wanted"], set_=row | {"updated_at": now})
            )
            return progress


def _add(connection: Connection, found: Sequence[Found]) -> int:
    ids = {source: ensure_source(connection, source) for source in dict.fromkeys(one.source for one in found)}
    return sum(
        add_entry(
            connection,
            ids[one.source],
            one.entry,
            wants_page=one.wants_page,
            now=one.fetched_at,
            page=one.page,
            is_history=True,
        )
        for one in found
    )


def _as_progress(row: Row[Any]) -> Progress:
    values = {name: row._mapping[name] for name in _FIELDS}
    return Progress(**values | {"problems": tuple(row.problems)})
