"""Migrations and tables.py say the same, up and down, on both databases."""

import pytest

from tests.store.test_regroupings import BLOCKED, ECHO, GLM, HELIUM, events, stories, tell
from tracker.errors import InputError
from tracker.store import Store, migrate
from tracker.store.database import connect


def test_migrations_build_what_tables_say(database_url: str) -> None:
    store = Store.open(database_url)
    assert migrate.differences(store.engine) == []
    store.close()


def test_migrations_go_down_to_nothing_and_up_again(database_url: str) -> None:
    engine = connect(database_url)
    migrate.upgrade(engine)
    migrate.downgrade(engine, "base")
    assert migrate.table_names(engine) == {"alembic_version"}
    migrate.upgrade(engine)
    assert migrate.differences(engine) == []
    engine.dispose()


def test_each_migration_goes_down_alone(database_url: str) -> None:
    engine = connect(database_url)
    migrate.upgrade(engine)
    migrate.downgrade(engine, "-1")
    (said,) = migrate.differences(engine)
    assert "tracker db upgrade" in said
    engine.dispose()


def test_there_is_one_head() -> None:
    assert len(migrate.heads()) == 1


def test_an_unknown_revision_is_a_clear_error(database_url: str) -> None:
    engine = connect(database_url)
    with pytest.raises(InputError, match="no-such"):
        migrate.upgrade(engine, "no-such")
    engine.dispose()


def test_stories_stand_through_older_schemas_and_go_on(database_url: str) -> None:
    store = Store.open(database_url)
    for number, text in ((1, BLOCKED), (2, BLOCKED), (4, ECHO)):
        tell(store, number, text)
    tell(store, 3, HELIUM, GLM)
    before = stories(store), events(store)
    migrate.downgrade(store.engine, "0012")
    migrate.upgrade(store.engine)
    assert (stories(store), events(store)) == before
    later = tell(store, 5, BLOCKED)
    assert later in stories(store)[1]
    store.close()
