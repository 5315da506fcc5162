"""What people merge and split stays merged and split, and comes apart again when they say so."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.making import NOW, make_entry, make_read, make_report, make_source, make_understanding
from tracker.errors import InputError
from tracker.knowledge.edits import Author
from tracker.pipeline.articles import QUIET_RULES
from tracker.pipeline.regrouping import merge, split
from tracker.store import Store
from tracker.store.queries import EventQuery
from tracker.types import ChannelKind, PollState, Report

MIRA = Author(by="mira", at=NOW, why="two letters")
BLOCKED = "The White House blocked foreign access to Fable 5, citing national security."
ECHO = "Foreign customers lost access to Fable 5 after the White House order."
HELIUM = "Beijing's customs agency stopped helium shipments, and welders in Ohio fear for their cylinders."
GLM = make_report(targets=("GLM-5.2",))


def tell(store: Store, number: int, text: str, *reports: Report) -> int:
    """Have an article arrive; return its id."""
    address, source_id = f"http://a/{number}", store.sources.ensure(make_source(f"press {number}"))
    store.sources.save_poll(source_id, PollState(next_due_at=NOW), [(make_entry(address), False)], now=NOW)
    (collected,) = store.articles.claim_unread(now=NOW, limit=10)
    read = replace(make_read(address, title=text[:60], text=text), published_at=NOW + timedelta(hours=number))
    store.articles.save_read(collected.id, read, first_of=lambda _: None)
    store.articles.claim_read(now=NOW, limit=10)
    store.articles.save_understood(collected.id, make_understanding(*(reports or (make_report(),))))
    (incoming,) = store.articles.claim_understood(now=NOW, limit=10)
    store.relations.relate(incoming, QUIET_RULES, now=NOW)
    return collected.id


def stories(store: Store) -> dict[int, list[int]]:
    """Return the articles of each story that is listed."""
    found = sorted(store.queries.stories(EventQuery()), key=lambda story: story.id)
    return {story.id: sorted({w.article_id for e in story.events for w in e.witnesses}) for story in found}


def events(store: Store) -> dict[int, list[int]]:
    found = sorted(store.queries.events(EventQuery()), key=lambda event: event.id)
    return {event.id: [witness.article_id for witness in event.witnesses] for event in found}


def test_merged_stories_are_one_and_the_other_id_leads_there(store: Store) -> None:
    tell(store, 1, BLOCKED)
    tell(store, 2, HELIUM, GLM)
    merge(store, [("S", 1), ("S", 2)], MIRA)
    assert stories(store) == {1: [1, 2]}
    story = store.queries.story(2)
    assert story is not None
    assert story.id == 1
    (kept,) = store.regroupings.of_articles([2])
    assert (kept.by, kept.why, kept.together) == ("mira", "two letters", True)


def test_a_split_takes_a_merge_back(store: Store) -> None:
    tell(store, 1, BLOCKED)
    tell(store, 2, HELIUM, GLM)
    merge(store, [("S", 1), ("S", 2)], MIRA)
    made = split(store, ("S", 1), [2], MIRA)
    assert len(stories(store)) == 2
    assert stories(store)[made.id] == [2]


def test_what_was_split_stays_apart_when_more_comes_in(store: Store) -> None:
    for number in (1, 2):
        tell(store, number, BLOCKED)
    assert stories(store) == {1: [1, 2]}
    made = split(store, ("S", 1), [2], MIRA)
    tell(store, 3, BLOCKED)
    found = stories(store)
    assert [1] in found.values() or [1, 3] in found.values()
    assert 1 not in found[made.id]


def test_an_event_is_split_by_article_and_merged_again(store: Store) -> None:
    for number in (1, 2, 3):
        tell(store, number, BLOCKED)
    assert events(store) == {1: [1, 2, 3]}
    made = split(store, ("E", 1), [3], MIRA)
    assert events(store) == {1: [1, 2], made.id: [3]}
    merge(store, [("E", 1), ("E", made.id)], MIRA)
    assert events(store) == {1: [1, 2, 3]}
    event = store.queries.event(made.id)
    assert event is not None
    assert event.id == 1


@pytest.mark.parametrize(
    ("ids", "words"),
    [
        ([("S", 1)], "two or more"),
        ([("S", 1), ("S", 1)], "two or more"),
        ([("S", 1), ("E", 1)], "two or more"),
        ([("S", 1), ("S", 99)], "there is no S99"),
        ([("E", 1), ("E", 2)], "S1 and S2"),
    ],
)
def test_what_cannot_be_merged_is_refused(store: Store, ids: list[tuple[str, int]], words: str) -> None:
    tell(store, 1, BLOCKED)
    tell(store, 2, HELIUM, GLM)
    with pytest.raises(InputError, match=words):
        merge(store, ids, MIRA)
    assert store.regroupings.of_articles([1, 2]) == []


@pytest.mark.parametrize(
    ("articles", "words"), [([1, 2], "at least one"), ([3], "not every one"), ([99], "there is no A99")]
)
def test_what_cannot_be_split_is_refused(store: Store, articles: list[int], words: str) -> None:
    tell(store, 1, BLOCKED)
    tell(store, 2, ECHO)
    tell(store, 3, HELIUM, GLM)
    with pytest.raises(InputError, match=words):
        split(store, ("S", 1), articles, MIRA)


def test_an_article_that_links_two_stories_makes_them_one_and_messages_move_along(store: Store) -> None:
    first, last = tell(store, 1, BLOCKED), tell(store, 24 * 150, BLOCKED)
    assert len(stories(store)) == 2
    subscription = store.outbox.subscribe(ChannelKind.SLACK, "C1", "", now=NOW)
    store.outbox.owe(subscription, "story:2", now=NOW)
    between = tell(store, 24 * 75, BLOCKED)
    assert stories(store) == {1: [first, last, between]}
    assert [delivery.key for delivery in store.outbox.deliveries()] == ["story:1"]
