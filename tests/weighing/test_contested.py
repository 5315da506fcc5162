"""Where witnesses disagree, both values stay, with who says which; a stated rule chooses what is displayed."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.making import NOW, make_date, make_mention, make_quote, make_report
from tests.notify.stories import make_event
from tracker.types import (
    DateRole,
    EntityKind,
    Event,
    Instrument,
    InstrumentKind,
    Measure,
    Mention,
    Modality,
    Precision,
    Quantity,
    Report,
    ReportDate,
    ResolvedDate,
    Said,
    Tier,
    UserClass,
    Witness,
)
from tracker.weighing.contested import contested_fields, display_date, display_modality, rank

JUNE = ResolvedDate(first=date(2026, 6, 1), last=date(2026, 6, 30), precision=Precision.MONTH)
GAZETTE, WIRE, DAILY, WEEKLY = Tier.PRIMARY, Tier.WIRE, Tier.PRESS, Tier.TRADE


def witness(number: int, report: Report, tier: Tier = DAILY, *, family: str = "") -> Witness:
    base = make_event(1).witnesses[0]
    return replace(
        base, report_id=number, article_id=number, source=f"source {number}", family=family or f"family {number}",
        tier=tier, published_at=NOW + timedelta(hours=number), report=report,
    )  # fmt: skip


def event_of(*witnesses: Witness) -> Event:
    return replace(make_event(1), witnesses=witnesses)


def disagreement(*witnesses: Witness) -> list[tuple[str, list[str]]]:
    return [(one.field, [side.value for side in one.sides]) for one in contested_fields(event_of(*witnesses))]


def agency(entity_id: str, name: str) -> Mention:
    return replace(make_mention(name, EntityKind.AGENCY), entity_id=entity_id)


COMMERCE = agency("agency/us-commerce", "Commerce Department")
BIS = agency("agency/us-bis", "BIS")
STATE = agency("agency/us-state", "State Department")
CLAUDE = replace(make_mention("Claude"), entity_id="model/claude")
QWEN = replace(make_mention("Qwen"), entity_id="model/qwen")
OPUS = replace(make_mention("Claude Opus 4.1"), entity_id="model/claude-opus-4-1")


def on(day: int) -> Report:
    return make_report(day=date(2026, 6, day))


def test_a_primary_document_comes_before_a_wire_and_a_wire_before_the_press() -> None:
    said = [witness(1, on(12)), witness(2, on(12)), witness(3, on(13), WIRE), witness(4, on(14), GAZETTE)]
    assert str(display_date(said, DateRole.ANNOUNCED)) == "2026-06-14"
    assert str(display_date(said[:3], DateRole.ANNOUNCED)) == "2026-06-13"
    assert disagreement(*said) == [("Announced", ["14 June 2026", "13 June 2026", "12 June 2026"])]


def test_among_the_press_most_families_decide_and_then_the_earliest() -> None:
    syndicate = [witness(n, on(12), family="one house") for n in (1, 2, 3)]
    assert str(display_date([*syndicate, witness(4, on(13)), witness(5, on(13))], DateRole.ANNOUNCED)) == "2026-06-13"
    assert str(display_date([*syndicate, witness(4, on(13))], DateRole.ANNOUNCED)) == "2026-06-12"


def test_a_month_that_the_gazette_gives_is_shown_to_the_day_that_a_paper_adds() -> None:
    vague = replace(on(1), dates=(replace(make_date(date(2026, 6, 1)), date=JUNE),))
    said = [witness(1, vague, GAZETTE), witness(2, on(13))]
    assert str(display_date(said, DateRole.ANNOUNCED)) == "2026-06-13"
    assert disagreement(*said) == []


def test_what_agrees_with_everybody_is_no_side_of_a_disagreement() -> None:
    vague = replace(on(1), dates=(replace(make_date(date(2026, 6, 1)), date=JUNE),))
    said = [witness(1, vague), witness(2, on(13)), witness(3, on(15))]
    assert disagreement(*said) == [("Announced", ["13 June 2026", "15 June 2026"])]


def test_two_days_that_one_article_gives_are_phases_and_no_contradiction() -> None:
    phases = tuple(replace(make_date(date(2026, 7, day)), role=DateRole.EFFECTIVE) for day in (1, 15))
    both = witness(1, replace(on(13), dates=phases))
    later = witness(2, replace(on(13), dates=phases[1:]))
    assert disagreement(both, later) == []


def acting(*actors: Mention) -> Report:
    return replace(make_report(), actors=actors)


def hitting(*targets: Mention) -> Report:
    return replace(make_report(), targets=targets)


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        (acting(COMMERCE), acting(STATE), [("By", ["Commerce Department", "State Department"])]),
        (acting(COMMERCE), acting(BIS), []),
        (acting(COMMERCE, STATE), acting(STATE), []),
        (acting(COMMERCE), acting(make_mention("US", EntityKind.COUNTRY)), []),
        (hitting(CLAUDE), hitting(QWEN), [("Affects", ["Claude", "Qwen"])]),
        (hitting(CLAUDE), hitting(OPUS), []),
    ],
    ids=["two bodies", "a bureau of it", "one named by both", "a body and its country", "two models", "its family"],
)
def test_names_contradict_where_none_is_or_holds_the_other(
    one: Report, other: Report, said: list[tuple[str, list[str]]]
) -> None:
    assert disagreement(witness(1, one), witness(2, other)) == said


def test_who_names_one_and_who_names_the_other_agree_with_who_names_both() -> None:
    both = witness(3, acting(COMMERCE, STATE))
    assert disagreement(witness(1, acting(COMMERCE)), witness(2, acting(STATE))) != []
    assert disagreement(witness(1, acting(COMMERCE)), witness(2, acting(STATE)), both) == []


def under(kind: InstrumentKind, name: str) -> Report:
    return replace(make_report(), instruments=(Instrument(kind=kind, name=name, quote=make_quote(name)),))


def counting(value: int, of: str | None = "shares") -> Report:
    figure = Quantity(measure=Measure.PERCENT, value=Decimal(value), unit="%", of=of, quote=make_quote("fell"))
    return replace(make_report(), quantities=(figure,))


def hits(users: UserClass) -> Report:
    return replace(make_report(), user_class=Said(value=users, quote=make_quote("users")))


ORDER, RULE, LETTER = InstrumentKind.ORDER, InstrumentKind.FINAL_RULE, InstrumentKind.IS_INFORMED_LETTER


@pytest.mark.parametrize(
    ("one", "other", "contested"),
    [
        (under(ORDER, "an order"), under(LETTER, "“is informed” letters"), False),
        (under(RULE, "a final rule"), under(LETTER, "“is informed” letters"), True),
        (under(InstrumentKind.BILL, "H.R. 3447"), under(InstrumentKind.BILL, "H.R. 1122"), True),
        (counting(-12), counting(-5), True),
        (counting(100), counting(97), False),
        (counting(-12), counting(-5, "revenue"), False),
        (counting(-12, None), counting(-5, None), False),
        (hits(UserClass.EVERYONE), hits(UserClass.FOREIGN_NATIONALS), True),
        (hits(UserClass.FOREIGN_USERS), hits(UserClass.FOREIGN_NATIONALS), False),
        (make_report(modality=Modality.RUMOUR), make_report(modality=Modality.PROPOSAL), True),
    ],
)
def test_instruments_figures_users_and_modality(one: Report, other: Report, contested: bool) -> None:
    assert bool(disagreement(witness(1, one), witness(2, other))) is contested


def test_each_side_keeps_who_says_it() -> None:
    said = [witness(1, on(12)), witness(2, on(13)), witness(3, on(12))]
    (contested,) = contested_fields(event_of(*said))
    assert [[w.source for w in side.witnesses] for side in contested.sides] == [["source 1", "source 3"], ["source 2"]]


REPORTS: list[Callable[[int], Report]] = [
    on,
    lambda day: replace(on(day), modality=Modality.RUMOUR),
    lambda day: replace(on(day), actors=(COMMERCE if day % 2 else STATE,)),
    lambda day: replace(on(day), dates=(ReportDate(role=DateRole.EFFECTIVE, date=JUNE, quote=make_quote("in June")),)),
]


@given(st.lists(st.tuples(st.sampled_from(REPORTS), st.integers(1, 28), st.sampled_from(Tier)), min_size=1, max_size=5))
def test_the_order_of_witnesses_changes_nothing(drawn: list[tuple[Callable[[int], Report], int, Tier]]) -> None:
    said = [witness(number, make(day), tier) for number, (make, day, tier) in enumerate(drawn, 1)]
    told = {
        (contested_fields(event_of(*order)), display_date(order, DateRole.ANNOUNCED), display_modality(order))
        for order in itertools.permutations(said)
    }
    assert len(told) == 1


def test_every_value_has_exactly_the_witnesses_that_say_it() -> None:
    said = [witness(n, on(12 + n % 3)) for n in range(1, 8)]
    sides = rank((w.report.dates[0].date, w) for w in said)
    assert sorted(w.report_id for side in sides for w in side.witnesses) == list(range(1, 8))
    assert all(w.report.dates[0].date == side.value for side in sides for w in side.witnesses)
