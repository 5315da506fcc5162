"""Looks at sources are kept many at a time, on both databases."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from tests.making import NOW, make_entry, make_source
from tracker.store import Store, tables
from tracker.store.entries import NewEntry
from tracker.store.sources import Look
from tracker.types import PollState

STATE = PollState(next_due_at=NOW, polled_at=NOW, etag='"1"')


def look(source_id: int, *addresses: str, memory: bytes | None = None, state: PollState = STATE) -> Look:
    entries = [
        NewEntry(source_id=source_id, entry=make_entry(one, content=f"{n}"), wants_page=n % 2 == 1, fetched_at=NOW)
        for n, one in enumerate(addresses)
    ]
    return Look(source_id=source_id, state=state, memory=memory, entries=entries)


def ids_of(store: Store, *names: str) -> list[int]:
    store.sources.sync([make_source(name) for name in names])
    return [health.id for health in store.sources.health()]


def bodies_of(store: Store) -> list[tuple[int, str, str, bool]]:
    articles, bodies = tables.articles.c, tables.bodies.c
    columns = (articles.source_id, articles.address, bodies.content, bodies.wants_page)
    joined = select(*columns).join_from(tables.articles, tables.bodies).order_by(articles.id)
    with store.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(joined)]


def test_many_looks_are_kept_at_once_and_new_entries_counted(store: Store) -> None:
    one, two = ids_of(store, "a", "b")
    assert store.sources.save_looks([look(one, "http://a/1", "http://a/2"), look(two, "http://a/1")]) == 3
    assert store.sources.save_looks([look(one, "http://a/2", "http://a/3"), look(two)]) == 1
    assert bodies_of(store) == [
        (one, "http://a/1", "0", False),
        (one, "http://a/2", "1", True),
        (two, "http://a/1", "0", False),
        (one, "http://a/3", "1", True),
    ]


def test_an_address_listed_twice_in_one_look_is_kept_as_first_listed(store: Store) -> None:
    (one,) = ids_of(store, "a")
    assert store.sources.save_looks([look(one, "http://a/1", "http://a/2", "http://a/1")]) == 2
    assert bodies_of(store) == [(one, "http://a/1", "0", False), (one, "http://a/2", "1", True)]


def test_thousands_of_entries_go_in_at_once(store: Store) -> None:
    (one,) = ids_of(store, "a")
    addresses = [f"http://a/{n}" for n in range(3000)]
    assert store.sources.save_looks([look(one, *addresses)]) == 3000
    assert [(address, content) for _, address, content, _ in bodies_of(store)] == [
        (address, str(n)) for n, address in enumerate(addresses)
    ]


def test_each_source_keeps_its_own_state_and_memory(store: Store) -> None:
    one, two = ids_of(store, "a", "b")
    failed = PollState(next_due_at=NOW + timedelta(hours=1), failures=3, error="HTTP 500")
    store.sources.save_looks([look(one, memory=b"cursor"), look(two, state=failed)])
    store.sources.save_looks([look(one)])
    due = store.sources.claim_due(now=NOW + timedelta(days=1), lease=timedelta(1))
    states = {one.id: one.state for one in due}
    assert (states[one].etag, states[one].memory, states[one].error) == ('"1"', b"cursor", None)
    assert (states[two].etag, states[two].memory, states[two].error) == (None, None, "HTTP 500")


def test_what_was_taken_and_not_polled_is_due_again(store: Store) -> None:
    ids_of(store, "a", "b")
    taken = store.sources.claim_due(now=NOW, lease=timedelta(1))
    store.sources.give_back([due.id for due in taken[:1]], now=NOW)
    assert [due.id for due in store.sources.claim_due(now=NOW, lease=timedelta(1))] == [taken[0].id]


def test_looks_are_kept_all_or_none(store: Store) -> None:
    one, _ = ids_of(store, "a", "b")
    with pytest.raises(DBAPIError):
        store.sources.save_looks([look(one, "http://a/1"), look(99_999, "http://b/1")])
    assert bodies_of(store) == []
    assert [health.state.etag for health in store.sources.health()] == [None, None]


def test_no_looks_are_kept_without_a_fuss(store: Store) -> None:
    assert store.sources.save_looks([]) == 0


def test_another_address_in_the_settings_makes_what_was_remembered_of_the_old_one_void(store: Store) -> None:
    (one,) = ids_of(store, "a")
    known = PollState(next_due_at=NOW, polled_at=NOW, etag='"1"', moved_to="http://a/", moved_seen=3)
    store.sources.save_looks([look(one, memory=b"snapshot", state=known)])
    store.sources.sync([make_source("a")])
    (health,) = store.sources.health()
    assert health.state == known
    store.sources.sync([replace(make_source("a"), url="http://elsewhere/feed")])
    (due,) = store.sources.claim_due(now=NOW, lease=timedelta(minutes=1))
    assert (due.source.url, due.state.memory) == ("http://elsewhere/feed", None)
    assert replace(due.state, next_due_at=None) == PollState()


@pytest.mark.parametrize("change", [{"kind": "listing"}, {"options": {"list": ["b"]}}])
def test_other_options_or_another_kind_make_the_next_look_read_everything_anew(
    store: Store, change: dict[str, Any]
) -> None:
    source = replace(make_source("a"), options={"list": ("a", "b"), "depth": 2})
    store.sources.sync([source])
    (health,) = store.sources.health()
    known = PollState(next_due_at=NOW, polled_at=NOW, etag='"1"', last_modified="x", body_hash="0")
    store.sources.save_looks([look(health.id, memory=b"snapshot", state=known)])
    for same in (source, replace(source, options={"depth": 2, "list": ["a", "b"]}, every=timedelta(hours=1))):
        store.sources.sync([same])
        assert store.sources.health()[0].state == known
    store.sources.sync([replace(source, **change)])
    (due,) = store.sources.claim_due(now=NOW, lease=timedelta(minutes=1))
    assert replace(due.state, next_due_at=None) == PollState()


def polled(store: Store) -> dict[str, bool]:
    """Name what is polled, and whether it is because of the settings."""
    return {health.source.name: health.from_config for health in store.sources.health()}


def test_an_added_source_is_polled_whatever_the_settings_say_later(store: Store) -> None:
    store.sources.sync([make_source("a")])
    assert store.sources.add(make_source("b"))
    for configured in ([make_source("a")], [], [make_source("c")]):
        store.sources.sync(configured)
        assert polled(store) == {source.name: True for source in configured} | {"b": False}
    assert [due.source.name for due in store.sources.claim_due(now=NOW, lease=timedelta(1))] == ["b", "c"]


def test_no_source_takes_the_name_of_another(store: Store) -> None:
    (one,) = ids_of(store, "a")
    store.sources.save_looks([look(one, memory=b"snapshot")])
    assert not store.sources.add(replace(make_source("a"), url="http://elsewhere/feed"))
    (due,) = store.sources.claim_due(now=NOW, lease=timedelta(1))
    assert (due.source, due.state.memory, polled(store)) == (make_source("a"), b"snapshot", {"a": True})


def test_a_removed_source_is_polled_no_longer_and_what_it_brought_stays(store: Store) -> None:
    store.sources.add(make_source("a"))
    (health,) = store.sources.health()
    store.sources.save_looks([look(health.id, "http://a/1")])
    assert store.sources.remove(health.id)
    assert (polled(store), len(bodies_of(store))) == ({}, 1)
    assert not store.sources.remove(health.id)


def test_a_source_of_the_settings_is_not_removed(store: Store) -> None:
    (one,) = ids_of(store, "a")
    assert not store.sources.remove(one)
    assert polled(store) == {"a": True}


def test_a_source_that_comes_back_starts_anew_with_its_history(store: Store) -> None:
    (one,) = ids_of(store, "a")
    gone = PollState(next_due_at=NOW + timedelta(days=30), polled_at=NOW, retired_at=NOW, failures=9, error="HTTP 410")
    store.sources.save_looks([look(one, "http://a/1", memory=b"snapshot", state=gone)])
    store.sources.sync([])
    assert store.sources.add(replace(make_source("a"), language="ko"))
    assert [health.articles for health in store.sources.health()] == [1]
    (due,) = store.sources.claim_due(now=NOW, lease=timedelta(1))
    assert (due.id, due.source.language) == (one, "ko")
    assert replace(due.state, next_due_at=None) == PollState()


def test_what_was_ingested_under_a_name_is_the_history_of_its_source(store: Store) -> None:
    number = store.sources.ensure(make_source("a"))
    assert store.sources.add(make_source("a"))
    assert [health.id for health in store.sources.health()] == [number]


def test_the_settings_may_take_over_an_added_source(store: Store) -> None:
    store.sources.add(make_source("a"))
    store.sources.sync([make_source("a")])
    assert polled(store) == {"a": True}
