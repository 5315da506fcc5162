from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tracker import words
from tracker.types import (
    DateRole,
    EventType,
    Instrument,
    InstrumentKind,
    Measure,
    Part,
    Precision,
    Quantity,
    Quote,
    ResolvedDate,
    Tier,
    UserClass,
    Verdict,
)


@pytest.mark.parametrize(
    ("precision", "written"),
    [
        (Precision.DAY, "13 June 2026"),
        (Precision.WEEK, "week of 13 June 2026"),
        (Precision.MONTH, "June 2026"),
        (Precision.QUARTER, "second quarter of 2026"),
        (Precision.YEAR, "2026"),
    ],
)
def test_a_date_is_written_no_more_precisely_than_it_is_known(precision: Precision, written: str) -> None:
    day = date(2026, 6, 13)
    assert words.resolved(ResolvedDate(first=day, last=day, precision=precision)) == written


@pytest.mark.parametrize(
    ("length", "written"),
    [
        (timedelta(seconds=-5), "less than a minute"),
        (timedelta(seconds=61), "1 minute"),
        (timedelta(hours=5, minutes=59), "5 hours"),
        (timedelta(days=2), "2 days"),
    ],
)
def test_a_span_is_written_in_its_largest_unit(length: timedelta, written: str) -> None:
    assert words.span(length) == written


def test_every_noun_has_its_words() -> None:
    assert all(words.date_role(role) for role in DateRole)
    assert all(words.tier(tier) for tier in Tier)
    assert words.label(EventType.COMPANY_RESPONSE) == "Company response"


def test_only_a_text_that_is_too_long_is_clipped() -> None:
    assert words.clip("abc", 3) == "abc"
    assert words.clip("abcd", 3) == "ab…"
    assert all(words.label(one) for kinds in (UserClass, InstrumentKind) for one in kinds)
    assert words.label(UserClass.US_PERSONS) == "US persons"


@pytest.mark.parametrize(
    ("measure", "value", "unit", "rest", "written"),
    [
        (Measure.PERCENT, "-6.2", "%", {"of": "shares", "is_change": True}, "-6.2% (shares)"),
        (Measure.PERCENT, "48", "%", {"is_change": True}, "+48%"),
        (Measure.PERCENT, "5", "%", {"high": Decimal(10)}, "5 to 10%"),
        (Measure.PERCENT, "2", "percentage points", {}, "2 percentage points"),
        (Measure.MONEY, "5500000000", "USD", {"of": "charge"}, "USD 5.5 billion (charge)"),
        (Measure.MONEY, "-200000000000", "USD", {"is_change": True}, "USD -200 billion"),
        (Measure.COUNT, "20000", "chips", {}, "20,000 chips"),
        (Measure.COUNT, "700000000", "downloads", {}, "700 million downloads"),
        (Measure.COMPUTE, str(10**26), "FLOP", {}, "10^26 FLOP"),
    ],
)
def test_a_quantity_is_written_with_its_sign_and_unit(
    measure: Measure, value: str, unit: str, rest: dict[str, Any], written: str
) -> None:
    quote = Quote(part=Part.TEXT, start=0, end=1, text="x")
    quantity = replace(Quantity(measure=measure, value=Decimal(value), unit=unit, quote=quote), **rest)
    assert words.quantity(quantity) == written


@pytest.mark.parametrize(
    ("kind", "name", "written"),
    [
        (InstrumentKind.FINAL_RULE, "final rule", "Final rule"),
        (InstrumentKind.EXECUTIVE_ORDER, "Executive Order 14110", "Executive Order 14110"),
        (InstrumentKind.LIST, "实体清单", "List: 实体清单"),
    ],
)
def test_an_instrument_is_written_by_its_name_and_by_its_kind_where_the_name_does_not_say_it(
    kind: InstrumentKind, name: str, written: str
) -> None:
    quote = Quote(part=Part.TEXT, start=0, end=len(name), text=name)
    assert words.instrument(Instrument(kind=kind, name=name, quote=quote)) == written


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ({}, "right"),
        ({"is_event": False}, "no event"),
        ({"type": EventType.COMPANY_RESPONSE, "date": (date(2026, 6, 13),)}, "type company response; date 2026-06-13"),
        ({"date": (), "actors": ()}, "date none; actors none"),
    ],
)
def test_a_verdict_is_written_as_a_person_answers(said: dict[str, Any], written: str) -> None:
    assert words.verdict(Verdict(**said)) == written
