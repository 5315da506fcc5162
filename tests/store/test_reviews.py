"""What people say of reports is kept, and shows at once where its quote bears it, on either database."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.making import NOW, make_entry, make_read, make_report, make_source, make_understanding
from tracker.pipeline.articles import QUIET_RULES
from tracker.store import Store
from tracker.store.queries import EventQuery
from tracker.types import (
    EntityKind,
    EventType,
    Labels,
    Modality,
    Named,
    PollState,
    Report,
    Review,
    Verdict,
)

REPORT = make_report()
BACKGROUND = make_report(EventType.EASING, modality=Modality.BACKGROUND, day=None)
LABELS = Labels(relevant=True, event_types=("restriction",), models=("Fable 5",), aliases={"Fable 5": ("Fable",)})


def tell(store: Store, address: str = "http://a/1", *reports: Report, source: str = "press") -> int:
    """Have a source publish an article with these reports, related; return its id."""
    source_id = store.sources.ensure(make_source(source))
    store.sources.save_poll(source_id, PollState(next_due_at=NOW), [(make_entry(address), False)], now=NOW)
    (collected,) = store.articles.claim_unread(now=NOW, limit=10)
    store.articles.save_read(collected.id, make_read(address), first_of=lambda _: None)
    store.articles.claim_read(now=NOW, limit=10)
    store.articles.save_understood(collected.id, make_understanding(*(reports or (REPORT,))))
    for incoming in store.articles.claim_understood(now=NOW, limit=10):
        store.relations.relate(incoming, QUIET_RULES, now=NOW)
    return collected.id


def judge(store: Store, article_id: int, position: int = 0, *, report: Report = REPORT, **said: Any) -> Review:
    review = Review(
        article_id=article_id,
        position=position,
        report=report,
        verdict=Verdict(**said),
        by="mira",
        at=NOW,
        why="the order says so",
    )
    store.reviews.keep([review], QUIET_RULES)
    return review


def shown(store: Store) -> list[tuple[EventType, Modality]]:
    return [(event.type, event.modality) for event in store.queries.events(EventQuery())]


def test_a_review_comes_back_as_it_was_given(store: Store) -> None:
    article_id = tell(store, "http://a/1", REPORT, BACKGROUND)
    nvidia = Named(entity_id="company/nvidia", kind=EntityKind.COMPANY, name="Nvidia", role="target")
    said = judge(store, article_id, type=EventType.EASING, date=(date(2026, 6, 12),), actors=(), targets=(nvidia,))
    reviewed = store.reviews.of_article(article_id)
    assert reviewed.reviews == {0: said}
    assert reviewed.reports == {0: REPORT, 1: BACKGROUND}
    assert (reviewed.is_judged, reviewed.labels) == (False, None)
    assert reviewed.article.id == article_id
    assert {mention.name for mention in reviewed.mentions} == {"US", "Fable 5"}


def test_a_later_review_of_the_same_report_takes_the_place_of_the_first(store: Store) -> None:
    article_id = tell(store)
    judge(store, article_id, is_event=False)
    said = judge(store, article_id)
    assert store.reviews.of_article(article_id).reviews == {0: said}
    assert store.reviews.of_article(article_id).is_judged


@pytest.mark.parametrize("said", [{"type": EventType.LISTING, "modality": Modality.BACKGROUND}, {"is_event": False}])
def test_what_a_person_finds_to_be_no_event_is_none_until_they_think_better_of_it(
    store: Store, said: dict[str, Any]
) -> None:
    article_id = tell(store)
    judge(store, article_id, **said)
    assert shown(store) == []
    judge(store, article_id)
    assert shown(store) == [(EventType.RESTRICTION, Modality.ACT)]


@pytest.mark.parametrize(
    ("said", "displayed"),
    [
        ({}, (EventType.RESTRICTION, Modality.ACT)),
        ({"type": EventType.EASING}, (EventType.EASING, Modality.ACT)),
        ({"modality": Modality.RUMOUR}, (EventType.RESTRICTION, Modality.RUMOUR)),
    ],
)
def test_an_event_shows_a_corrected_type_and_modality_at_once(
    store: Store, said: dict[str, Any], displayed: tuple[EventType, Modality]
) -> None:
    review = judge(store, tell(store), **said)
    assert shown(store) == [displayed]
    assert [event.type for event in store.queries.events(EventQuery(types=(displayed[0],)))] == [displayed[0]]
    (event,) = store.queries.events(EventQuery())
    (witness,) = event.witnesses
    assert (witness.report.type, witness.report.modality) == displayed
    assert witness.review == review


def test_who_and_when_are_shown_as_a_person_says(store: Store) -> None:
    judge(store, tell(store), date=(), actors=(), targets=())
    (event,) = store.queries.events(EventQuery())
    assert (event.date, [named for named in event.entities if named.role != "named"]) == (None, [])


def test_a_correction_stays_when_another_article_tells_of_the_event(store: Store) -> None:
    judge(store, tell(store), modality=Modality.PROPOSAL)
    tell(store, "http://b/1", make_report(modality=Modality.PROPOSAL), source="other press")
    assert shown(store) == [(EventType.RESTRICTION, Modality.PROPOSAL)]


def test_a_report_that_was_read_anew_and_otherwise_is_to_be_reviewed_anew(store: Store) -> None:
    article_id = tell(store)
    judge(store, article_id, type=EventType.EASING)
    store.articles.save_understood(article_id, make_understanding(make_report(targets=("Fable 5", "Fable 6"))))
    reviewed = store.reviews.of_article(article_id)
    assert (reviewed.reviews, reviewed.is_judged) == ({}, False)
    store.articles.save_understood(article_id, make_understanding(REPORT))
    assert store.reviews.of_article(article_id).is_judged


def test_a_review_holds_when_an_entity_is_known_under_another_id(store: Store) -> None:
    article_id = tell(store)
    judge(store, article_id)
    linked = replace(REPORT.targets[0], entity_id="model/fable", name="Fable")
    store.articles.save_understood(article_id, make_understanding(replace(REPORT, targets=(linked,))))
    assert store.reviews.of_article(article_id).is_judged


def test_labels_of_an_article_stand_until_a_report_is_reviewed_anew(store: Store) -> None:
    article_id = tell(store)
    judge(store, article_id)
    store.reviews.keep_labels(article_id, LABELS, by="mira", at=NOW, why=None)
    assert store.reviews.of_article(article_id).labels == LABELS
    judge(store, article_id, is_event=False)
    reviewed = store.reviews.of_article(article_id)
    assert (reviewed.labels, reviewed.earlier) == (None, LABELS)
    store.reviews.keep_labels(article_id, LABELS, by="mira", at=NOW, why=None)
    assert store.reviews.of_article(article_id).labels == LABELS


def test_articles_with_any_review_are_listed(store: Store) -> None:
    tell(store)
    second = tell(store, "http://a/2", REPORT, BACKGROUND)
    assert store.reviews.started() == []
    judge(store, second, 1, report=BACKGROUND, modality=Modality.ACT)
    judge(store, second)
    assert store.reviews.started() == [second]
