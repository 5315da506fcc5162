"""Schema migrations, run from the program itself through Alembic."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine, inspect

from tracker.errors import InputError
from tracker.store import tables

SCRIPTS = Path(__file__).resolve().parents[2] / "migrations"


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the schema up to `revision`; nothing happens where it is there already."""
    with _configured(engine) as config:
        command.upgrade(config, revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the schema back to `revision` ("base" is the empty database)."""
    with _configured(engine) as config:
        command.downgrade(config, revision)


def heads() -> list[str]:
    """List the newest revisions; there is to be one."""
    return ScriptDirectory(str(SCRIPTS)).get_heads()


def table_names(engine: Engine) -> set[str]:
    """Name the tables that are in the database now."""
    return set(inspect(engine).get_table_names())


def differences(engine: Engine) -> list[str]:
    """List in words how the schema in the database differs from tables.py; empty where it is as it should be."""
    head = ScriptDirectory(str(SCRIPTS)).get_current_head()
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        current = context.get_current_revision()
        if current != head:
            return [f"the schema is at revision {current or 'none'}, the program needs {head}: run tracker db upgrade"]
        return [str(difference) for difference in compare_metadata(context, tables.metadata)]


@contextmanager
def _configured(engine: Engine) -> Iterator[Config]:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        try:
            yield config
        except CommandError as error:
            raise InputError(f"migration: {error}") from error
