"""What archives brought is kept together with how far they were read, and nobody is told of it."""

from dataclasses import replace

import pytest
from sqlalchemy.exc import DBAPIError

from tests.making import NOW, make_entry, make_read, make_report, make_source
from tests.store.test_store import RULES, collect, read_all, relate_all
from tracker.store import Store, migrate
from tracker.store.backfills import Found, Progress
from tracker.store.queries import EventQuery
from tracker.types import ArticleStage, ChannelKind, Page

START = Progress(path="/archives/a.jsonl", wanted="all", state="120:1")


def make_found(address: str, *, page: Page | None = None) -> Found:
    source = make_source("archive")
    return Found(source=source, entry=make_entry(address), page=page, wants_page=False, fetched_at=NOW)


def backfill(store: Store, *addresses: str) -> Progress:
    return store.backfills.save(START, [make_found(address) for address in addresses], now=NOW)


@pytest.fixture
def subscribed(store: Store) -> Store:
    store.outbox.subscribe(ChannelKind.SLACK, "C1", "", now=NOW)
    return store


def test_progress_comes_back_as_it_was_kept(store: Store) -> None:
    there = replace(START, record=7, offset=5_000_000_000, looked_at=7, passed=2, bad=1, problems=("a.jsonl:3: x",))
    store.backfills.save(START, [], now=NOW)
    store.backfills.save(there, [], now=NOW)
    assert store.backfills.find(START.path, START.wanted) == there
    assert store.backfills.find(START.path, "only titles") is None


def test_what_is_new_is_counted_on(store: Store) -> None:
    first = backfill(store, "http://a/1", "http://a/2")
    second = store.backfills.save(first, [make_found("http://a/2"), make_found("http://a/3")], now=NOW)
    assert (first.new, second.new) == (2, 3)


def test_forgotten_progress_starts_again(store: Store) -> None:
    backfill(store, "http://a/1")
    store.backfills.forget(["/archives/b.jsonl"])
    assert store.backfills.find(START.path, START.wanted)
    store.backfills.forget([START.path])
    assert store.backfills.find(START.path, START.wanted) is None


def test_articles_and_progress_are_kept_together_or_not_at_all(store: Store) -> None:
    unstorable = replace(START, path=None)  # type: ignore[arg-type]  # what no database takes
    with pytest.raises(DBAPIError):
        store.backfills.save(unstorable, [make_found("http://a/1")], now=NOW)
    assert store.articles.count_by_stage() == {}


def test_a_page_of_an_archive_waits_to_be_read(store: Store) -> None:
    page = Page(url="http://a/1", content_type="text/html", body=b"<p>x</p>")
    store.backfills.save(START, [make_found("http://a/1", page=page)], now=NOW)
    (collected,) = store.articles.claim_unread(now=NOW, limit=10)
    assert collected.page == page


def test_a_story_told_by_history_alone_is_owed_to_nobody(subscribed: Store) -> None:
    backfill(subscribed, "http://a/1", "http://a/2")
    relate_all(subscribed, make_report())
    assert len(subscribed.queries.stories(EventQuery())) == 1
    assert subscribed.outbox.deliveries() == []


def test_new_articles_about_an_old_story_are_told_once(subscribed: Store) -> None:
    backfill(subscribed, "http://a/1")
    relate_all(subscribed, make_report())
    collect(subscribed, "http://b/1", "http://b/2")
    relate_all(subscribed, make_report())
    assert len(subscribed.queries.stories(EventQuery())) == 1
    assert len(subscribed.outbox.deliveries()) == 1


def join_copy(store: Store, address: str) -> None:
    """Collect an article, and find that it copies the first one."""
    collect(store, address, source=make_source(address))
    (copy,) = store.articles.claim_unread(now=NOW, limit=10)
    assert store.articles.save_read(copy.id, make_read(address), first_of=lambda earlier: earlier[0].id)


def tell_all(store: Store) -> None:
    for incoming in store.articles.claim_understood(now=NOW, limit=10):
        assert incoming.article.copy_of
        store.relations.tell(incoming.article, RULES.owed, now=NOW)


def test_a_new_copy_of_history_is_news_and_told_once(subscribed: Store) -> None:
    backfill(subscribed, "http://a/1")
    relate_all(subscribed, make_report())
    for address in ("http://b/1", "http://c/1"):
        join_copy(subscribed, address)
        tell_all(subscribed)
    (story,) = subscribed.queries.stories(EventQuery())
    assert (story.corroboration.reports, len(story.events)) == (3, 1)
    assert len(subscribed.outbox.deliveries()) == 1
    assert subscribed.articles.count_by_stage() == {ArticleStage.RELATED: 3}


def test_history_that_a_new_copy_overtakes_is_told_when_it_is_related(subscribed: Store) -> None:
    backfill(subscribed, "http://a/1")
    read_all(subscribed)
    join_copy(subscribed, "http://b/1")
    tell_all(subscribed)
    assert subscribed.outbox.deliveries() == []
    relate_all(subscribed, make_report())
    assert len(subscribed.outbox.deliveries()) == 1


def test_history_that_copies_history_is_told_to_nobody(subscribed: Store) -> None:
    backfill(subscribed, "http://a/1")
    relate_all(subscribed, make_report())
    backfill(subscribed, "http://b/1")
    (copy,) = subscribed.articles.claim_unread(now=NOW, limit=10)
    subscribed.articles.save_read(copy.id, make_read("http://b/1"), first_of=lambda earlier: earlier[0].id)
    assert subscribed.articles.claim_understood(now=NOW, limit=10) == []
    assert subscribed.outbox.deliveries() == []


def test_taking_the_migration_back_keeps_the_articles(store: Store) -> None:
    page = Page(url="http://a/1", content_type="text/html", body=b"<p>x</p>")
    store.backfills.save(START, [make_found("http://a/1", page=page)], now=NOW)
    migrate.downgrade(store.engine, "0003")
    migrate.upgrade(store.engine)
    (collected,) = store.articles.claim_unread(now=NOW, limit=10)
    assert collected.page == page


def test_no_news_waits_for_an_archive(store: Store) -> None:
    backfill(store, "http://a/1", "http://a/2")
    collect(store, "http://b/1")
    taken = store.articles.claim_unread(now=NOW, limit=2)
    assert {collected.entry.address for collected in taken} == {"http://b/1", "http://a/1"}
