"""The database: what is kept, who may take what, and what can be asked."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from sqlalchemy import Engine

from tracker.store import migrate, tables
from tracker.store.articles import Articles
from tracker.store.database import connect, insert
from tracker.store.outbox import Outbox
from tracker.store.queries import Queries
from tracker.store.relations import Relations
from tracker.store.sources import Sources


@dataclass(frozen=True, slots=True)
class Store:
    """One database, by area.  Every public method of an area is one transaction."""

    engine: Engine
    sources: Sources = field(init=False)
    articles: Articles = field(init=False)
    relations: Relations = field(init=False)
    outbox: Outbox = field(init=False)
    queries: Queries = field(init=False)

    def __post_init__(self) -> None:
        for name, area in (
            ("sources", Sources),
            ("articles", Articles),
            ("relations", Relations),
            ("outbox", Outbox),
            ("queries", Queries),
        ):
            object.__setattr__(self, name, area(self.engine))

    @classmethod
    def open(cls, url: str) -> Self:
        """Open the database at `url` and bring its schema up to date."""
        engine = connect(url)
        migrate.upgrade(engine)
        return cls(engine)

    def claim_slot(self, task: str, slot: str, *, now: datetime) -> bool:
        """Take the scheduled run `slot` of `task`; False where somebody has taken it."""
        with self.engine.begin() as connection:
            row = {"task": task, "slot": slot, "claimed_at": now}
            new = insert(connection, tables.slots).values(row).on_conflict_do_nothing().returning(tables.slots.c.slot)
            return connection.scalar(new) is not None

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()
