"""Sources: what is configured, what is due, and what the last look brought."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Engine, Select, Update, bindparam, func, or_, select, update

from tracker.store import tables
from tracker.store.database import insert, reading
from tracker.store.entries import NewEntry, add_entries
from tracker.store.values import as_poll_state, as_source, poll_row, source_row
from tracker.types import Entry, Page, PollState, Source

# A memory may be large, and only a poll needs it.
COLUMNS = [c.label(f"source_{c.name}") for c in tables.sources.columns if c.name != "memory"]
_MEMORY = tables.sources.c.memory.label("source_memory")
_NEVER = datetime.min.replace(tzinfo=UTC)
# SQLite takes some 32,000 values a statement.
_ADDRESSES_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """A source as an operator sees it; one that is not `from_config` was added at run time."""

    id: int
    source: Source
    state: PollState
    articles: int
    from_config: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A source that was taken to be polled."""

    id: int
    source: Source
    state: PollState


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at a source as it is kept; `memory` None keeps the memory that there is.

    Where `before` is known, only what differs from it is written.
    """

    source_id: int
    state: PollState
    before: PollState | None = None
    memory: bytes | None = field(default=None, repr=False)
    entries: Sequence[NewEntry] = ()


@dataclass(frozen=True, slots=True)
class Sources:
    """The sources in the database of `engine`."""

    engine: Engine

    def sync(self, sources: Sequence[Source]) -> None:
        """Make the configured sources the ones that are polled; those gone from the file keep their history."""
        with self.engine.begin() as connection:
            connection.execute(
                update(tables.sources).where(tables.sources.c.from_config).values(active=False, from_config=False)
            )
            for source in sources:
                _upsert(connection, source, active=True, from_config=True)

    def add(self, source: Source) -> bool:
        """Have a source polled that the settings do not name; False where one of its name is polled already.

        One that was polled before keeps what it brought, and starts anew.
        """
        row = source_row(source) | {"active": True, "from_config": False}
        anew = row | poll_row(PollState()) | {"memory": None}
        with self.engine.begin() as connection:
            statement = insert(connection, tables.sources).values(row)
            added = statement.on_conflict_do_update(
                index_elements=["name"], set_=anew, where=~tables.sources.c.active
            ).returning(tables.sources.c.id)
            return connection.scalar(added) is not None

    def remove(self, source_id: int) -> bool:
        """Poll a source no longer; what it brought stays.  False where the settings name it, or nobody polls it."""
        table = tables.sources
        with self.engine.begin() as connection:
            removed = (
                update(table)
                .where(table.c.id == source_id, table.c.active, ~table.c.from_config)
                .values(active=False)
                .returning(table.c.id)
            )
            return connection.scalar(removed) is not None

    def ensure(self, source: Source) -> int:
        """Return the id of the source with this name, made inactive (never polled) where it is new."""
        with self.engine.begin() as connection:
            return ensure_source(connection, source)

    def claim_due(self, *, now: datetime, lease: timedelta, limit: int = 10_000) -> list[Due]:
        """Take the sources that are due, the most overdue of too many, so that nobody else polls them for `lease`.

        Those that were not polled for longest come first.
        """
        table = tables.sources
        due = (
            select(table.c.id)
            .where(table.c.active, or_(table.c.next_due_at.is_(None), table.c.next_due_at <= now))
            .order_by(table.c.next_due_at.asc().nulls_first(), table.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        claim = (
            update(table)
            .where(table.c.id.in_(due.scalar_subquery()))
            .values(next_due_at=now + lease)
            .returning(*COLUMNS, _MEMORY)
        )
        with self.engine.begin() as connection:
            rows = connection.execute(claim).all()
        taken = [Due(id=row.source_id, source=as_source(row), state=as_poll_state(row)) for row in rows]
        return sorted(taken, key=lambda one: (one.state.polled_at or _NEVER, one.id))

    def give_back(self, ids: Sequence[int], *, now: datetime) -> None:
        """Have sources that were taken and not polled polled next."""
        if ids:
            with self.engine.begin() as connection:
                connection.execute(update(tables.sources).where(tables.sources.c.id.in_(ids)).values(next_due_at=now))

    def unlisted(self, source_id: int, entries: Sequence[Entry]) -> list[Entry]:
        """Return the entries that this source has not listed before."""
        if not entries:
            return []
        addresses, known, table = [entry.address for entry in entries], set[str](), tables.articles
        with reading(self.engine) as connection:
            for start in range(0, len(addresses), _ADDRESSES_AT_ONCE):
                some = table.c.address.in_(addresses[start : start + _ADDRESSES_AT_ONCE])
                known.update(connection.scalars(select(table.c.address).where(table.c.source_id == source_id, some)))
        return [entry for entry in entries if entry.address not in known]

    def save_failure(self, source_id: int, state: PollState) -> None:
        """Keep why the last look failed and when the next one is."""
        self.save_looks([Look(source_id=source_id, state=state)])

    def save_poll(
        self, source_id: int, state: PollState, entries: Iterable[tuple[Entry, bool]], *, now: datetime
    ) -> int:
        """Keep a successful look and its new entries, each with whether its page is wanted; return how many are new."""
        new = [NewEntry(source_id=source_id, entry=entry, wants_page=wants, fetched_at=now) for entry, wants in entries]
        return self.save_looks([Look(source_id=source_id, state=state, memory=state.memory, entries=new)])

    def save_looks(self, looks: Sequence[Look]) -> int:
        """Keep many looks, all or none; return how many of their entries are new."""
        with self.engine.begin() as connection:
            _save_states(connection, looks)
            return add_entries(connection, [new for look in looks for new in look.entries])

    def memories(self, kind: str) -> list[tuple[Source, bytes, datetime]]:
        """List what the sources of a kind remember of their last look, and when that was, the latest first."""
        table = tables.sources.c
        statement = select(*COLUMNS, _MEMORY).where(
            table.kind == kind, table.memory.is_not(None), table.succeeded_at.is_not(None)
        )
        with reading(self.engine) as connection:
            rows: Sequence[Any] = connection.execute(statement.order_by(table.succeeded_at.desc(), table.id)).all()
        return [(as_source(row), row.source_memory, row.source_succeeded_at) for row in rows]

    def health(self) -> list[SourceHealth]:
        """List every active source by name, with its article count."""
        with reading(self.engine) as connection:
            return _healths(connection, _select().where(tables.sources.c.active).order_by(tables.sources.c.name))


def add_entry(
    connection: Connection,
    source_id: int,
    entry: Entry,
    *,
    wants_page: bool,
    now: datetime,
    page: Page | None = None,
    is_history: bool = False,
) -> bool:
    """Store an entry as a collected article; False where its source has listed this address before."""
    new = NewEntry(
        source_id=source_id, entry=entry, wants_page=wants_page, fetched_at=now, page=page, is_history=is_history
    )
    return add_entries(connection, [new]) == 1


def ensure_source(connection: Connection, source: Source) -> int:
    """Return the id of the source with this name, made inactive (never polled) where it is new."""
    found = connection.scalar(select(tables.sources.c.id).where(tables.sources.c.name == source.name))
    return found or _upsert(connection, source, active=False, from_config=False)


def _save_states(connection: Connection, looks: Sequence[Look]) -> None:
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for look in looks:
        changes = _changes(look)
        alike[tuple(changes)].append(changes | {"look_id": look.source_id})
    for names, rows in alike.items():
        if names:
            connection.execute(_saving(names), rows)
    for look in looks:
        if look.memory is not None:
            kept = update(tables.sources).where(tables.sources.c.id == look.source_id)
            connection.execute(kept.values(memory=look.memory))


def _changes(look: Look) -> dict[str, Any]:
    row = poll_row(look.state)
    if look.before is None:
        return row
    before = poll_row(look.before)
    return {name: value for name, value in row.items() if value != before[name]}


@lru_cache(maxsize=256)
def _saving(names: tuple[str, ...]) -> Update:
    values: dict[str, Any] = {name: bindparam(name) for name in names}
    return update(tables.sources).where(tables.sources.c.id == bindparam("look_id")).values(values)


def _upsert(connection: Connection, source: Source, *, active: bool, from_config: bool) -> int:
    _forget_other(connection, source)
    row = source_row(source) | {"active": active, "from_config": from_config}
    statement = insert(connection, tables.sources).values(row)
    source_id = connection.scalar(
        statement.on_conflict_do_update(index_elements=["name"], set_=row).returning(tables.sources.c.id)
    )
    assert source_id is not None
    return int(source_id)


def _forget_other(connection: Connection, source: Source) -> None:
    """Where a known source asks for something else now, drop what was remembered, but not what was told.

    Otherwise the next look would compare answers with those to another question, and find nothing changed.
    """
    table = tables.sources
    asked = select(table.c.kind, table.c.url, table.c.options).where(table.c.name == source.name)
    known = connection.execute(asked).one_or_none()
    asks = json.loads(json.dumps([source.kind, source.url, dict(source.options)]))  # as the database gives it back
    if known is not None and [*known] != asks:
        forgotten = update(table).where(table.c.name == source.name)
        connection.execute(forgotten.values(**poll_row(PollState()), memory=None))


def _select() -> Select[tuple[object, ...]]:
    articles = (
        select(func.count())
        .select_from(tables.articles)
        .where(tables.articles.c.source_id == tables.sources.c.id)
        .scalar_subquery()
    )
    return select(*COLUMNS, articles.label("articles"))


def _healths(connection: Connection, statement: Select[tuple[object, ...]]) -> list[SourceHealth]:
    return [
        SourceHealth(
            id=row.source_id,
            source=as_source(row),
            state=as_poll_state(row),
            articles=row.articles,
            from_config=row.source_from_config,
        )
        for row in connection.execute(statement)
    ]
