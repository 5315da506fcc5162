"""What operators are told is kept with the message that is owed, once, on either database."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.making import NOW, make_entry, make_source
from tracker.store import Store
from tracker.types import ChannelKind, PollState

TO = [(ChannelKind.SLACK, "C0PS"), (ChannelKind.EMAIL, "ops@example.org")]


@pytest.fixture
def ids(store: Store) -> list[int]:
    store.sources.sync([make_source("a"), make_source("b")])
    return [health.id for health in store.sources.health()]


def test_what_is_told_and_the_messages_are_kept_together(store: Store, ids: list[int]) -> None:
    told = {ids[0]: (None, "[1]"), ids[1]: (None, "[2]")}
    assert store.operators.tell(told, TO, key="sources:1", now=NOW) == 2
    assert [state.told for _, state in store.operators.watched().values()] == ["[1]", "[2]"]
    owed = {(one.subscription.channel, one.subscription.address, one.key) for one in store.outbox.deliveries()}
    assert owed == {(*recipient, "sources:1") for recipient in TO}


def test_of_many_that_tell_the_same_one_does(store: Store, ids: list[int]) -> None:
    def tell(number: int) -> int:
        return store.operators.tell({ids[0]: (None, f"[{number}]")}, TO, key=f"sources:{number}", now=NOW)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(tell, range(20))) == 1
    assert len(store.outbox.deliveries()) == len(TO)


def test_only_sources_that_are_unwell_or_were_told_of_are_watched(store: Store, ids: list[int]) -> None:
    assert store.operators.watched() == {}
    store.sources.save_failure(ids[1], PollState(unwell="{}"))
    assert list(store.operators.watched()) == [ids[1]]
    store.sources.sync([])
    assert store.operators.watched() == {}
    assert store.operators.count_sources() == 0


def test_operators_are_no_subscribers(store: Store, ids: list[int]) -> None:
    store.outbox.subscribe(*TO[0], "", now=NOW)
    store.operators.tell({ids[0]: (None, "[1]")}, TO, key="sources:1", now=NOW)
    assert [(one.address, one.filter, one.paused) for one in store.outbox.subscriptions()] == [("C0PS", "", False)]
    assert store.outbox.owe_all(ChannelKind.EMAIL, "digest:1", subscribed_before=NOW.replace(year=2030), now=NOW) == 0


def test_what_a_source_has_listed_before_is_known(store: Store, ids: list[int]) -> None:
    old, new = make_entry("http://a/old"), make_entry("http://a/new")
    store.sources.save_poll(ids[0], PollState(), [(old, False)], now=NOW)
    assert store.sources.unlisted(ids[0], [old, new]) == [new]
    assert store.sources.unlisted(ids[1], [old, new]) == [old, new]
    many = [make_entry(f"http://a/{number}") for number in range(25_000)]
    assert len(store.sources.unlisted(ids[0], [*many, old])) == len(many)
