from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.web.front_page import EFFECT, ORDER
from tests.web.newsroom import DAILY, NOW, WIRE, Newsroom, Telling
from tracker.types import (
    DateRole,
    Event,
    EventType,
    Instrument,
    InstrumentKind,
    Measure,
    Modality,
    Quantity,
    Quote,
    Said,
    UserClass,
)
from tracker.web.evidence import Field, Role, event_fields, mark_sentence, quotes_elsewhere, web_link
from tracker.weighing.corroboration import decisive_witness


@pytest.fixture(scope="module")
def order(filled: Newsroom) -> Event:
    event = filled.store.queries.event(filled.event_id("order"))
    assert event is not None
    return event


def named(event: Event, name: str) -> Field:
    return next(field for field in event_fields(event) if field.name == name)


def test_every_value_carries_quotes_that_their_article_holds(filled: Newsroom, order: Event) -> None:
    for field in event_fields(order):
        for value in field.values:
            assert value.evidence
            for evidence in value.evidence:
                article = filled.store.queries.article(evidence.witness.article_id)
                assert article is not None
                quote = evidence.quote
                assert getattr(article, quote.part)[quote.start : quote.end] == quote.text


def test_a_value_that_two_articles_give_stands_once_with_both_quotes(order: Event) -> None:
    (lantern,) = (v for v in named(order, "Affects").values if v.text == "Lantern Labs")
    assert [e.witness.source for e in lantern.evidence] == ["Government Gazette", "Northern Wire"]
    assert lantern.href == "/?company=lantern-labs"


def test_dates_without_a_common_day_are_shown_as_contested(order: Event) -> None:
    effective = named(order, "Takes effect")
    assert effective.contested
    assert [value.text for value in effective.values] == ["1 July 2026", "August 2026"]
    assert not named(order, "Announced").contested


def test_a_month_and_a_day_within_it_agree(newsroom: Newsroom) -> None:
    for source, phrase, day in ((WIRE, "in June", "2026-06"), (DAILY, "on June 13", "2026-06-13")):
        text = f"Officials banned it {phrase}."
        telling = Telling(
            event="ban", type=EventType.RESTRICTION, cue="banned", sentence=text,
            dates=((DateRole.ANNOUNCED, day, phrase),),
        )  # fmt: skip
        newsroom.publish(source, "Ban", text, [telling], story="ban")
    event = newsroom.store.queries.event(newsroom.event_id("ban"))
    assert event is not None
    assert len(named(event, "Announced").values) == 2
    assert not named(event, "Announced").contested


def test_users_instruments_and_figures_are_fields_with_their_quotes(order: Event) -> None:
    witness = order.witnesses[0]
    part, start, text = witness.report.sentence.part, witness.report.sentence.start, witness.report.sentence.text
    quote = Quote(part=part, start=start, end=start + 5, text=text[:5])
    report = replace(
        witness.report,
        user_class=Said(value=UserClass.FOREIGN_USERS, quote=quote),
        instruments=(Instrument(kind=InstrumentKind.EXECUTIVE_ORDER, name="Executive Order 14110", quote=quote),),
        quantities=(Quantity(measure=Measure.COUNT, value=Decimal(140), unit="entities", quote=quote),),
    )
    event = replace(order, witnesses=(replace(witness, report=report),))
    for name, value in (
        ("Users affected", "Foreign users"),
        ("Legal instrument", "Executive Order 14110"),
        ("Figures", "140 entities"),
    ):
        (found,) = named(event, name).values
        assert found.text == value
        assert found.evidence[0].quote == quote
    assert {"Users affected", "Legal instrument", "Figures"}.isdisjoint(field.name for field in event_fields(order))


def test_modality_is_a_field_only_where_somebody_reports_no_act(newsroom: Newsroom, order: Event) -> None:
    assert "Modality" not in [field.name for field in event_fields(order)]
    for source, text, modality in (
        (WIRE, "It may be banned.", Modality.RUMOUR),
        (DAILY, "It was banned.", Modality.ACT),
    ):
        telling = Telling(event="ban", type=EventType.RESTRICTION, cue="banned", sentence=text, modality=modality)
        newsroom.publish(source, "Ban", text, [telling], story="ban", published_at=NOW - timedelta(days=1))
    event = newsroom.store.queries.event(newsroom.event_id("ban"))
    assert event is not None
    assert {value.text for value in named(event, "Modality").values} == {"Rumour", "Act"}
    assert named(event, "Modality").contested


def test_the_marked_sentence_reads_exactly_as_the_source_has_it(order: Event) -> None:
    for witness in order.witnesses:
        segments = mark_sentence(witness.report)
        assert "".join(segment.text for segment in segments) == witness.report.sentence.text


def test_the_shorter_of_two_overlapping_passages_shows(newsroom: Newsroom) -> None:
    text = "Regulators cut off Lantern Labs today."
    telling = Telling(
        event="cut", type=EventType.RESTRICTION, cue="cut off Lantern Labs", sentence=text,
        targets=(("company/lantern-labs", "Lantern Labs"),),
    )  # fmt: skip
    newsroom.publish(WIRE, "Cut", text, [telling], story="cut")
    event = newsroom.store.queries.event(newsroom.event_id("cut"))
    assert event is not None
    marked = [(s.text, s.role) for s in mark_sentence(event.witnesses[0].report) if s.role]
    assert marked == [("cut off ", Role.CUE), ("Lantern Labs", Role.TARGET)]


def test_evidence_outside_the_sentence_is_listed(order: Event) -> None:
    elsewhere = quotes_elsewhere(order.witnesses[0].report)
    assert [quote.text for _, _, quote in elsewhere] == ["takes effect on 1 July 2026", "by 15 July"]
    assert all(quote.text in EFFECT for _, _, quote in elsewhere)


def test_the_headline_is_credited_to_the_witness_that_says_it(order: Event) -> None:
    witness = decisive_witness(order)
    assert witness is not None
    assert (order.headline, witness.source) == (ORDER, "Government Gazette")


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//x.example", "http://[::1", "", "https:"]
)
def test_only_web_addresses_become_links(url: str) -> None:
    assert web_link(url) is None
    assert web_link("https://wire.example/a") == "https://wire.example/a"
