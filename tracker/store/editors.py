"""Who may correct on the pages, each by the hash of a key."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, delete, select

from tracker.store import tables
from tracker.store.database import insert, reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    """A person who may correct on the pages."""

    name: str
    key_hash: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Editors:
    """The editors in the database of `engine`."""

    engine: Engine

    def add(self, editor: Editor) -> bool:
        """Let a person in by a key, in place of an earlier one; return whether they are new."""
        table = tables.editors
        said = {"key_hash": editor.key_hash, "made_at": editor.made_at}
        with self.engine.begin() as connection:
            is_new = connection.scalar(select(table.c.id).where(table.c.name == editor.name)) is None
            row = insert(connection, table).values(name=editor.name, **said)
            connection.execute(row.on_conflict_do_update(index_elements=["name"], set_=said))
            return is_new

    def remove(self, name: str) -> bool:
        """Let a person in no longer; False where nobody was of that name."""
        table = tables.editors
        with self.engine.begin() as connection:
            gone = delete(table).where(table.c.name == name).returning(table.c.id)
            return connection.scalar(gone) is not None

    def all(self) -> list[Editor]:
        """List the editors by name."""
        table = tables.editors.c
        with reading(self.engine) as connection:
            rows = connection.execute(select(table.name, table.key_hash, table.made_at).order_by(table.name))
            return [Editor(**row._mapping) for row in rows]

    def of_hash(self, key_hash: str) -> Editor | None:
        """Return whose key has a hash."""
        table = tables.editors.c
        with reading(self.engine) as connection:
            found = select(table.name, table.key_hash, table.made_at).where(table.key_hash == key_hash)
            return next((Editor(**row._mapping) for row in connection.execute(found)), None)
