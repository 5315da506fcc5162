"""What `tracker evaluate` counts."""

import pytest

from tracker.understand.scoring import Gold, Tally, interval, score, total, total_by_type

GOLD = Gold(
    id="1",
    relevant=True,
    event_types=("restriction", "retaliation"),
    main_event_date="2026-06-13",
    companies=("Nvidia", "Zhipu AI"),
    agencies=("BIS",),
    aliases={"Zhipu AI": ("Z.ai",), "BIS": ("US", "Bureau of Industry and Security")},
    optional={"companies": ("Bloomberg",)},
    story="ban",
)


def one(measure: str, gold: Gold = GOLD, **found: object) -> Tally:
    return total(score([gold], {gold.id: found}))[measure]


def test_a_name_counts_in_any_spelling_and_by_its_alias() -> None:
    tally = one("companies", companies=["NVIDIA", "Z-AI"])
    assert (tally.precision, tally.recall, tally.f1) == (1, 1, 1)


def test_an_optional_name_counts_neither_way() -> None:
    assert one("companies", companies=["Nvidia", "Bloomberg"]) == Tally(1, 1, 1, 2)


def test_a_wrong_name_costs_precision_and_a_missing_one_recall() -> None:
    tally = one("companies", companies=["Nvidia", "AMD"])
    assert (tally.precision, tally.recall, tally.f1) == (0.5, 0.5, 0.5)


def test_a_country_code_is_no_agency() -> None:
    assert one("agencies", agencies=["US"]) == Tally(0, 1, 0, 1)
    assert one("agencies", agencies=["Bureau of Industry and Security"]) == Tally(1, 1, 1, 1)


def test_the_main_type_is_the_first_and_others_may_be_accepted() -> None:
    assert one("main_type", event_types=["retaliation", "restriction"]).recall == 0
    arguable = Gold(
        id="1", relevant=True, event_types=("restriction",), main_types_accepted=("restriction", "retaliation")
    )
    assert one("main_type", arguable, event_types=["retaliation"]).recall == 1


def test_no_date_costs_accuracy_but_not_precision() -> None:
    assert one("main_event_date") == Tally(0, 0, 0, 1)
    assert one("main_event_date", main_event_date="2026-06-13").f1 == 1


def test_arguable_relevance_and_irrelevant_documents_leave_measures_out() -> None:
    scored = score([Gold(id="1", relevant=False, relevance_arguable=True)], {"1": {"relevant": True}})
    assert set(scored[0].tallies) == {"models", "companies", "countries", "agencies"}


def test_stories_are_compared_by_b_cubed() -> None:
    golds = [Gold(id=id_, relevant=True, story=story) for id_, story in zip("abcd", "xxyy", strict=True)]
    together = {id_: {"story": "all"} for id_ in "abcd"}
    alone = total(score(golds, {}))["stories"]
    assert (alone.precision, alone.recall) == (1, 0.5)
    joined = total(score(golds, together))["stories"]
    assert (joined.precision, joined.recall) == (0.5, 1)


def test_a_document_without_an_answer_found_nothing() -> None:
    scored = score([GOLD], {})
    assert total(scored)["companies"] == Tally(0, 0, 0, 2)
    assert "main_type: nothing for restriction" in scored[0].errors


def test_each_type_is_counted_by_itself() -> None:
    types = total_by_type(score([GOLD], {"1": {"event_types": ["restriction", "easing"]}}))
    assert types == {"easing": Tally(0, 1, 0, 0), "restriction": Tally(1, 1, 1, 1), "retaliation": Tally(0, 0, 0, 1)}


def test_the_interval_is_the_same_each_time_and_holds_the_figure() -> None:
    golds = [Gold(id=str(n), relevant=True, event_types=("easing",)) for n in range(40)]
    scored = score(golds, {str(n): {"event_types": ["easing"]} for n in range(30)})
    bounds = interval(scored, "main_type")
    assert bounds is not None
    assert bounds == interval(scored, "main_type")
    assert bounds[0] < 0.75 < bounds[1]
    assert bounds == pytest.approx((0.6, 0.88), abs=0.04)


def test_what_no_document_takes_part_in_has_no_interval() -> None:
    assert interval(score([GOLD], {}), "no such measure") is None
