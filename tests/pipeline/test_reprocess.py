"""History by the rules of today: what changes is listed, what stays keeps its id, and nobody is told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tests.making import NOW, make_source
from tests.pipeline.conftest import Desk
from tracker.knowledge.edits import Author
from tracker.pipeline.articles import relate, understand_article
from tracker.pipeline.regrouping import merge, split
from tracker.pipeline.reprocess import reprocess
from tracker.store.queries import EventQuery
from tracker.types import ChannelKind, Entry, EventType, ReadText, Understanding

ORDER = "The Commerce Department on June 13, 2026 blocked exports of Nvidia H20 chips to China."
AGAIN = "On June 13, 2026 the Commerce Department barred Nvidia from exporting H20 chips to China, people said."
HELIUM = "China's Ministry of Commerce restricted exports of gallium to the United States on June 15, 2026."
DAY = date(2026, 6, 1)
MIRA = Author(by="mira", at=NOW)


def arrive(
    desk: Desk, number: int, text: str, *, by: Callable[[Understanding], Understanding] = lambda found: found
) -> int:
    """Have an article arrive, understood `by` the rules of the past."""
    at, address = NOW + timedelta(hours=number), f"http://a.example/{number}"
    source = desk.store.sources.ensure(make_source(f"press {number}"))
    entry = Entry(key=address, address=address, title=text[:60], content=text, published_at=at)
    desk.store.articles.add(source, entry, None, now=NOW)
    (collected,) = desk.store.articles.claim_unread(now=NOW, limit=10)
    desk.store.articles.save_read(collected.id, as_read(address, text, at), first_of=lambda _: None)
    (article,) = desk.store.articles.claim_read(now=NOW, limit=10)
    found = understand_article(desk.job(), article)
    desk.store.articles.save_understood(article.id, by(found))
    relate(desk.job())
    return article.id


def as_read(address: str, text: str, at: datetime) -> ReadText:
    return ReadText(
        url=address, title=text[:60], text=text, language="en", published_at=at,
        content_hash=address, signature=b"", bands=(),
    )  # fmt: skip


def misread(found: Understanding) -> Understanding:
    """Take orders for listings."""
    wrong = (replace(report, type=EventType.LISTING) for report in found.reports)
    return replace(found, reports=tuple(wrong), relevance=0.5)


def shown(desk: Desk) -> list[tuple[int, int, EventType, list[int]]]:
    """Return events with their story, type and articles."""
    events = sorted(desk.store.queries.events(EventQuery()), key=lambda event: event.id)
    return [(e.id, e.story_id, e.type, [w.article_id for w in e.witnesses]) for e in events]


def test_where_no_rule_changed_nothing_does(desk: Desk) -> None:
    for number, text in enumerate((ORDER, HELIUM, AGAIN), 1):
        arrive(desk, number, text)
    before = shown(desk)
    done = reprocess(desk.job(), DAY)
    assert (done.revision.articles, done.revision.reread, done.changes) == (3, 0, ())
    assert shown(desk) == before


def test_what_was_misread_is_put_right_under_the_same_id_and_nobody_is_told(desk: Desk) -> None:
    arrive(desk, 1, ORDER, by=misread)
    desk.store.outbox.subscribe(ChannelKind.SLACK, "C1", "", now=NOW)
    ((event_id, story_id, _, _),) = shown(desk)
    done = reprocess(desk.job(), DAY)
    assert done.revision.reread == 1
    assert [(c.of, c.what, c.was, c.is_now) for c in done.changes] == [
        (f"E{event_id}", "type", "listing", "restriction")
    ]
    assert shown(desk) == [(event_id, story_id, EventType.RESTRICTION, [1])]
    assert desk.store.outbox.deliveries() == []
    assert reprocess(desk.job(), DAY).changes == ()


def test_events_that_turn_out_to_be_one_are_merged_and_said_to_be(desk: Desk) -> None:
    arrive(desk, 1, ORDER)
    arrive(desk, 2, AGAIN, by=misread)
    assert [type_ for _, _, type_, _ in shown(desk)] == [EventType.RESTRICTION, EventType.LISTING]
    done = reprocess(desk.job(), DAY)
    ((event_id, _, _, articles),) = shown(desk)
    assert articles == [1, 2]
    gone = [change for change in done.changes if change.is_now is None]
    assert [(change.what, change.into) for change in gone if change.what == "event"] == [("event", f"E{event_id}")]
    left = desk.store.queries.event(int(gone[0].of[1:]))
    assert left is not None
    assert left.id == event_id


def test_what_is_no_longer_relevant_leaves_its_story_and_event(desk: Desk) -> None:
    arrive(desk, 1, ORDER)
    report = desk.store.queries.events(EventQuery())[0].witnesses[0].report
    arrive(desk, 2, "Bakers in Ghent opened a second shop on Friday.",
           by=lambda _: Understanding(relevant=True, relevance=0.9, reports=(replace(report, type=EventType.EASING),)))  # fmt: skip
    assert [articles for *_, articles in shown(desk)] == [[1], [2]]
    reprocess(desk.job(), DAY)
    assert [articles for *_, articles in shown(desk)] == [[1]]


@pytest.mark.parametrize("is_split", [True, False])
def test_what_people_merged_and_split_holds(desk: Desk, *, is_split: bool) -> None:
    arrive(desk, 1, ORDER, by=misread)
    arrive(desk, 2, AGAIN, by=misread)
    arrive(desk, 3, HELIUM)
    if is_split:
        split(desk.store, ("S", 1), [2], MIRA)
    else:
        merge(desk.store, [("S", 1), ("S", shown(desk)[-1][1])], MIRA)
    stories = [(story, articles) for _, story, _, articles in shown(desk)]
    reprocess(desk.job(), DAY)
    assert {story for story, _ in stories} == {story for _, story, _, _ in shown(desk)}
    assert len({story for _, story, _, _ in shown(desk)}) == (3 if is_split else 1)


def test_alerts_go_on_where_they_stood(desk: Desk) -> None:
    desk.store.outbox.subscribe(ChannelKind.SLACK, "C1", "", now=NOW)
    arrive(desk, 1, ORDER, by=misread)
    reprocess(desk.job(), DAY)
    arrive(desk, 2, AGAIN)
    keys = [delivery.key for delivery in desk.store.outbox.deliveries()]
    assert keys == ["story:1"]


def test_each_run_is_a_revision_that_tells_what_it_changed_and_by_which_rules(desk: Desk) -> None:
    arrive(desk, 1, ORDER, by=misread)
    done = [reprocess(desk.job(), DAY) for _ in range(2)]
    kept = desk.store.revisions
    assert [(one.number, one.since, one.articles, one.reread, one.changes) for one in kept.all()] == [
        (2, DAY, 1, 0, 0),
        (1, DAY, 1, 1, 1),
    ]
    assert [tuple(kept.changes(number)) for number in (1, 2)] == [one.changes for one in done]
    assert done[1].changes == ()
    first, second = (one.revision.rulebook for one in done)
    assert first == second
    assert len(first.rules) == len(first.knowledge) == 12


def test_what_was_interrupted_is_said_to_be_and_finished_by_the_next_revision(desk: Desk) -> None:
    arrive(desk, 1, ORDER, by=misread)

    @contextmanager
    def torn(stage: str, _total: int) -> Iterator[Callable[[], None]]:
        if stage == "relate":
            raise KeyboardInterrupt
        yield lambda: None

    with pytest.raises(KeyboardInterrupt):
        reprocess(replace(desk.job(), track=torn), DAY)
    assert [one.what for one in reprocess(desk.job(), DAY).changes] == ["type"]
    assert [(one.number, one.finished_at) for one in desk.store.revisions.all()] == [(2, NOW), (1, None)]
