"""Which reports tell one event, and what the event then says."""

import itertools
from dataclasses import replace
from datetime import date, timedelta

from tests.making import NOW, make_article, make_incoming, make_report
from tracker.relate.events import fold_event, place_reports
from tracker.types import Event, EventType, Modality, Named, Part, Quote, Report, Tier, Witness


def make_witness(number: int, report: Report, *, tier: Tier = Tier.PRESS, family: str | None = None) -> Witness:
    return Witness(
        report_id=number,
        article_id=number,
        title="title",
        url=f"http://127.0.0.1/{number}",
        source=f"source {number}",
        family=family or f"family {number}",
        tier=tier,
        published_at=NOW + timedelta(hours=number),
        fetched_at=NOW,
        report=report,
    )


def make_event(report: Report, number: int = 1) -> Event:
    fields = fold_event([make_witness(1, report)])
    return Event(
        id=number,
        story_id=1,
        type=fields.type,
        modality=fields.modality,
        headline=fields.headline,
        date=fields.date,
        entities=fields.entities,
        first_reported_at=fields.first_reported_at,
        last_reported_at=fields.last_reported_at,
    )


def placed(report: Report, *events: Event) -> list[int | None]:
    article = make_article(1, title="t", text="t")
    return [event_id for event_id, _ in place_reports(make_incoming(article, report), events)]


def test_the_same_act_on_the_same_day_is_one_event() -> None:
    assert placed(make_report(), make_event(make_report())) == [1]


def test_a_day_of_shift_between_continents_is_still_one_event() -> None:
    assert placed(make_report(day=date(2026, 6, 14)), make_event(make_report())) == [1]


def test_blocked_in_june_and_blocked_again_in_july_are_two_events() -> None:
    assert placed(make_report(day=date(2026, 7, 13)), make_event(make_report())) == [None]


def test_an_easing_is_no_restriction() -> None:
    assert placed(make_report(EventType.EASING), make_event(make_report())) == [None]


def test_a_proposal_is_not_yet_the_act() -> None:
    assert placed(make_report(modality=Modality.PROPOSAL), make_event(make_report())) == [None]


def test_another_model_is_another_event() -> None:
    assert placed(make_report(targets=("GLM-5.2",)), make_event(make_report())) == [None]


def test_an_undated_report_joins_what_was_reported_at_that_time() -> None:
    assert placed(make_report(day=None), make_event(make_report())) == [1]


def test_a_hypothetical_makes_no_event() -> None:
    assert placed(make_report(modality=Modality.HYPOTHETICAL)) == []


def test_two_tellings_in_one_article_make_one_event() -> None:
    article = make_article(1, title="t", text="t")
    groups = place_reports(make_incoming(article, make_report(), make_report()), ())
    assert groups == ((None, (100, 101)),)


def test_the_order_of_witnesses_does_not_matter() -> None:
    witnesses = [
        make_witness(1, make_report(day=date(2026, 6, 12), sentence="First.")),
        make_witness(2, make_report(day=date(2026, 6, 13), sentence="Second.")),
        make_witness(3, make_report(day=date(2026, 6, 13), sentence="Third."), tier=Tier.WIRE),
        make_witness(4, make_report(day=None, sentence="Fourth.")),
    ]
    folds = [fold_event(order) for order in itertools.permutations(witnesses)]
    assert all(fold == folds[0] for fold in folds)
    assert folds[0].headline == "Third."
    assert str(folds[0].date) == "2026-06-13"


def test_one_family_has_one_vote_on_the_date() -> None:
    wrong = [make_witness(n, make_report(day=date(2026, 6, 12)), family="syndicate") for n in (1, 2, 3)]
    right = [make_witness(n, make_report(day=date(2026, 6, 13))) for n in (4, 5)]
    assert str(fold_event([*wrong, *right]).date) == "2026-06-13"


def test_a_headline_is_preferred_to_a_sentence_of_the_text() -> None:
    in_text = make_report(sentence="The US blocked Fable 5 on Saturday.")
    title = Quote(part=Part.TITLE, start=0, end=17, text="US blocks Fable 5")
    assert (
        fold_event([make_witness(1, in_text), make_witness(2, replace(in_text, sentence=title))]).headline == title.text
    )


def test_an_entity_keeps_its_strongest_role() -> None:
    fields = fold_event([make_witness(1, replace(make_report(), named=make_report().targets))])
    assert [(n.name, n.role) for n in fields.entities] == [("US", "actor"), ("Fable 5", "target")]
    assert all(isinstance(n, Named) for n in fields.entities)
