"""Models with open weights that could stand in for one that is cut off."""

from datetime import date

from tracker.knowledge import load
from tracker.types import Weights
from tracker.weighing.alternatives import open_alternatives

BASE = load()
CLAUDE = BASE.entities["model/claude"]
TODAY = date(2026, 6, 20)


def test_alternatives_are_open_make_the_same_and_come_one_from_each_other_maker() -> None:
    found = open_alternatives(CLAUDE, BASE, today=TODAY)
    assert len(found) > 20
    assert {model.weights for model in found} == {Weights.OPEN}
    assert {BASE.makes[model.id] for model in found} == {"language"}
    makers = [model.developer for model in found]
    assert len(makers) == len(set(makers))
    assert CLAUDE.developer not in makers


def test_what_is_not_out_yet_is_no_alternative_and_the_newest_comes_first() -> None:
    released = [model.released or "" for model in open_alternatives(CLAUDE, BASE, today=TODAY)]
    assert released == sorted(released, reverse=True)
    assert released[0] <= "2026-06-20"


def test_licence_and_country_choose() -> None:
    found = open_alternatives(CLAUDE, BASE, today=TODAY, licence="apache", countries=("FR", "KR"))
    assert found
    assert {model.country for model in found} <= {"FR", "KR"}
    assert {model.licence for model in found} == {"Apache-2.0"}
