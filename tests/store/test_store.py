"""What the store promises: nothing twice, nothing lost, one transaction for what belongs together."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.making import NOW, make_entry, make_read, make_report, make_source, make_understanding
from tracker.pipeline.articles import QUIET_RULES
from tracker.store import Store
from tracker.store.articles import LEASE
from tracker.store.queries import EventQuery, cursor
from tracker.types import (
    ArticleStage,
    ChannelKind,
    DeliveryState,
    EventType,
    PollState,
    Report,
    Source,
    Story,
    Subscription,
    Tier,
)

MINUTE = timedelta(minutes=1)


def every_story(story: Story, subscriptions: Sequence[Subscription]) -> list[tuple[int, str]]:
    return [(subscription.id, f"story:{story.id}") for subscription in subscriptions]


RULES = replace(QUIET_RULES, owed=every_story)


def collect(store: Store, *addresses: str, source: Source | None = None) -> int:
    source = source or make_source()
    source_id = store.sources.ensure(source)
    entries = [(make_entry(address), False) for address in addresses]
    return store.sources.save_poll(source_id, PollState(next_due_at=NOW), entries, now=NOW)


def read_all(store: Store) -> None:
    for collected in store.articles.claim_unread(now=NOW, limit=100):
        store.articles.save_read(collected.id, make_read(collected.entry.address), first_of=lambda _: None)


def relate_all(store: Store, *reports: Report) -> None:
    read_all(store)
    for article in store.articles.claim_read(now=NOW, limit=100):
        store.articles.save_understood(article.id, make_understanding(*reports))
    for incoming in store.articles.claim_understood(now=NOW, limit=100):
        store.relations.relate(incoming, RULES, now=NOW)


def test_an_address_is_stored_once_per_source(store: Store) -> None:
    assert collect(store, "http://a/1", "http://a/2") == 2
    assert collect(store, "http://a/2", "http://a/3") == 1


def test_a_due_source_is_taken_by_one_poller_only(store: Store) -> None:
    store.sources.sync([make_source()])
    assert len(store.sources.claim_due(now=NOW, lease=MINUTE)) == 1
    assert store.sources.claim_due(now=NOW, lease=MINUTE) == []
    assert len(store.sources.claim_due(now=NOW + MINUTE, lease=MINUTE)) == 1


def test_a_source_gone_from_the_settings_is_no_longer_polled(store: Store) -> None:
    store.sources.sync([make_source("a"), make_source("b")])
    store.sources.sync([make_source("b")])
    assert [health.source.name for health in store.sources.health()] == ["b"]


def test_two_workers_never_take_the_same_article(store: Store) -> None:
    collect(store, *(f"http://a/{i}" for i in range(40)))
    with ThreadPoolExecutor(4) as pool:
        takes = list(pool.map(lambda _: store.articles.claim_unread(now=NOW, limit=10), range(4)))
    ids = [collected.id for take in takes for collected in take]
    assert sorted(ids) == sorted(set(ids))
    assert len(ids) == 40


def test_an_article_whose_worker_died_is_taken_again_after_its_lease(store: Store) -> None:
    collect(store, "http://a/1")
    assert len(store.articles.claim_unread(now=NOW, limit=10)) == 1
    assert store.articles.claim_unread(now=NOW + MINUTE, limit=10) == []
    assert len(store.articles.claim_unread(now=NOW + LEASE, limit=10)) == 1


def test_a_copy_is_joined_to_the_first_and_makes_no_event_of_its_own(store: Store) -> None:
    collect(store, "http://a/1")
    relate_all(store, make_report())
    collect(store, "http://b/copy", source=make_source("other"))
    (copy,) = store.articles.claim_unread(now=NOW, limit=10)
    assert store.articles.save_read(copy.id, make_read("http://b/copy"), first_of=lambda earlier: earlier[0].id)
    (story,) = store.queries.stories(EventQuery())
    assert (story.corroboration.reports, story.corroboration.families, len(story.events)) == (2, ("press",), 1)


def test_an_irrelevant_article_makes_no_story(store: Store) -> None:
    collect(store, "http://a/1")
    read_all(store)
    (article,) = store.articles.claim_read(now=NOW, limit=10)
    store.articles.save_understood(article.id, make_understanding(relevant=False))
    assert store.articles.count_by_stage() == {ArticleStage.RELATED: 1}
    assert store.queries.stories(EventQuery()) == []


def test_two_articles_make_one_event_with_two_witnesses_and_one_delivery(store: Store) -> None:
    store.outbox.subscribe(ChannelKind.SLACK, "C1", "", now=NOW)
    collect(store, "http://a/1", source=make_source("a"))
    collect(store, "http://b/1", source=make_source("b"))
    relate_all(store, make_report())
    (event,) = store.queries.events(EventQuery())
    assert [witness.family for witness in event.witnesses] == ["a", "b"]
    assert len(store.outbox.deliveries()) == 1


def test_an_event_without_its_delivery_is_never_committed(store: Store) -> None:
    def break_down(_story: Story, _subscriptions: Sequence[Subscription]) -> list[tuple[int, str]]:
        raise RuntimeError("killed between event and delivery")

    collect(store, "http://a/1")
    read_all(store)
    (article,) = store.articles.claim_read(now=NOW, limit=10)
    store.articles.save_understood(article.id, make_understanding(make_report()))
    (incoming,) = store.articles.claim_understood(now=NOW, limit=10)
    broken = replace(RULES, owed=break_down)
    with pytest.raises(RuntimeError):
        store.relations.relate(incoming, broken, now=NOW)
    assert store.queries.events(EventQuery()) == []
    assert store.articles.count_by_stage() == {ArticleStage.UNDERSTOOD: 1}


def test_a_report_keeps_every_quote_through_the_database(store: Store) -> None:
    report = make_report()
    collect(store, "http://a/1")
    relate_all(store, report)
    (event,) = store.queries.events(EventQuery())
    assert event.witnesses[0].report == report


def test_two_senders_take_each_delivery_once(store: Store) -> None:
    number = store.outbox.subscribe(ChannelKind.SLACK, "C1", "", now=NOW)
    for i in range(40):
        assert store.outbox.owe(number, f"story:{i}", now=NOW)
        assert not store.outbox.owe(number, f"story:{i}", now=NOW)
    with ThreadPoolExecutor(4) as pool:
        takes = list(pool.map(lambda _: store.outbox.claim(now=NOW, limit=10), range(4)))
    keys = [delivery.key for take in takes for delivery in take]
    assert len(keys) == len(set(keys)) == 40
    assert store.outbox.count_by_state()[DeliveryState.SENDING] == 40


def test_a_delivery_left_in_sending_is_found_only_after_the_grace(store: Store) -> None:
    store.outbox.owe(store.outbox.subscribe(ChannelKind.SLACK, "C1", "", now=NOW), "story:1", now=NOW)
    store.outbox.claim(now=NOW, limit=1)
    assert store.outbox.claim_unsettled(now=NOW, grace=MINUTE, limit=1) == []
    (left,) = store.outbox.claim_unsettled(now=NOW + MINUTE, grace=MINUTE, limit=1)
    assert left.attempts == 1


def test_a_digest_is_owed_to_those_who_subscribed_before_it_was_due(store: Store) -> None:
    store.outbox.subscribe(ChannelKind.EMAIL, "a@example.org", "", now=NOW)
    store.outbox.subscribe(ChannelKind.EMAIL, "late@example.org", "", now=NOW + 2 * MINUTE)
    store.outbox.subscribe(ChannelKind.SLACK, "C1", "", now=NOW)
    due = {"subscribed_before": NOW + MINUTE, "now": NOW + 3 * MINUTE}
    assert store.outbox.owe_all(ChannelKind.EMAIL, "digest:2026-W25", **due) == 1
    assert store.outbox.owe_all(ChannelKind.EMAIL, "digest:2026-W25", **due) == 0


def test_unsubscribing_takes_back_what_is_owed(store: Store) -> None:
    number = store.outbox.subscribe(ChannelKind.SLACK, "C1", "", now=NOW)
    store.outbox.owe(number, "story:1", now=NOW)
    assert store.outbox.unsubscribe(number)
    assert not store.outbox.unsubscribe(number)
    assert store.outbox.claim(now=NOW, limit=1) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (EventQuery(types=(EventType.RESTRICTION,)), 1),
        (EventQuery(types=(EventType.EASING,)), 0),
        (EventQuery(models=("fable 5",)), 1),
        (EventQuery(models=("model/fable-5",)), 1),
        (EventQuery(countries=("country/US",), models=("GLM-5.2",)), 0),
        (EventQuery(since=date(2026, 6, 13), until=date(2026, 6, 13)), 1),
        (EventQuery(since=date(2026, 6, 14)), 0),
        (EventQuery(until=date(2026, 6, 12)), 0),
        (EventQuery(text="FABLE blocked"), 1),
        (EventQuery(text="100%"), 0),
    ],
)
def test_a_query_holds_in_every_field(store: Store, query: EventQuery, found: int) -> None:
    collect(store, "http://a/1")
    relate_all(store, make_report())
    assert len(store.queries.events(query)) == found
    assert len(store.queries.stories(query)) == found


def test_pages_follow_each_other_without_gap_or_overlap(store: Store) -> None:
    collect(store, *(f"http://a/{i}" for i in range(7)))
    relate_all(store, make_report(), make_report(EventType.EASING), make_report(EventType.LISTING))
    seen: list[int] = []
    before = None
    while page := store.queries.events(EventQuery(limit=2, before=before)):
        seen += [event.id for event in page]
        before = cursor(page[-1])
    assert sorted(seen) == [event.id for event in sorted(store.queries.events(EventQuery()), key=lambda e: e.id)]
    assert len(seen) == 3


def test_a_translation_of_a_wire_story_is_the_wires_voice(store: Store) -> None:
    for name, credit in (("Harbour Ledger", "Reuters"), ("항구일보", "Reuters"), ("Northern Daily", None)):
        collect(store, f"http://{len(name)}/1", source=make_source(name))
        for collected in store.articles.claim_unread(now=NOW, limit=10):
            text = replace(make_read(collected.entry.address), credit=credit)
            store.articles.save_read(collected.id, text, first_of=lambda _: None)
    relate_all(store, make_report())
    (story,) = store.queries.stories(EventQuery())
    assert story.corroboration.families == ("Reuters", "Northern Daily")
    assert story.corroboration.tiers == {Tier.WIRE: 2, Tier.PRESS: 1}
    (event,) = story.events
    assert {witness.family for witness in event.witnesses} == {"Reuters", "Northern Daily"}
